"""Rings when there is work. Carries nothing: what is to be done is read from the database, and a bell
that nobody hears costs a minute."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

LOG = logging.getLogger(__name__)


def ring():
    transaction.on_commit(_ring)


def _ring():
    from exitprogram.jobs.tasks import run_waiting_jobs

    try:
        run_waiting_jobs.apply_async(retry=False, ignore_result=True)
    except (OperationalError, OSError):
        LOG.warning("the doorbell is out of order")
