from django.urls import path

from exitprogram.demo import views

app_name = "demo"
urlpatterns = [path("demo/brev/", views.mailbox, name="mailbox")]
