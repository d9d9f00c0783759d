from django.urls import path

from children.views import workers

app_name = "children"
urlpatterns = [
    path("barn/behorighet/", workers.workers, name="workers"),
    path("barn/behorighet/<uuid:worker_id>/avsluta/", workers.worker_end, name="worker_end"),
]
