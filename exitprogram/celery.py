"""The Celery application. Truth lives in PostgreSQL; this is the doorbell (settings, design.md §4 rule 7)."""

import os

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
app = Celery("exitprogram")
app.config_from_object("django.conf:settings", namespace="CELERY")


class SafeStart(bootsteps.StartStopStep):
    """A worker with an unsafe configuration or database role does not start."""

    def start(self, parent):
        from exitprogram.tenancy.checks import refuse_unsafe

        refuse_unsafe()


app.steps["worker"].add(SafeStart)
ROOMS = ["cases", "plans", "reporting"]
ROOMS += [f"exitprogram.{name}" for name in ("audit", "jobs", "tenancy", "tokens")]
app.autodiscover_tasks(ROOMS)
