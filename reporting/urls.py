from django.urls import path

from reporting.views import region

app_name = "reporting"
urlpatterns = [
    path("regionen/", region.region, name="region"),
]
