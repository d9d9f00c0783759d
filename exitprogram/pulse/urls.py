from django.urls import path

from exitprogram.pulse import views

app_name = "pulse"
urlpatterns = [
    path("halsa/drift/", views.operation, name="operation"),
    path("matvarden/", views.figures, name="figures"),
]
