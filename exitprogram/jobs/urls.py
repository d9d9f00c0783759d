from django.urls import path

from exitprogram.jobs import views

app_name = "jobs"
urlpatterns = [
    path("arbeten/", views.jobs, name="jobs"),
    path("arbeten/<uuid:job_id>/avbryt/", views.job_cancel, name="job_cancel"),
]
