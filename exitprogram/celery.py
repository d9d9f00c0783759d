"""The Celery application. Truth lives in PostgreSQL; this is the doorbell (settings, design.md §4 rule 7)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
app = Celery("exitprogram")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["cases", "plans"])
