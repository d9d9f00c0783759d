"""Rings when there is work. Carries two ids; a bell that nobody hears costs a minute, since the rows are looked for."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

LOG = logging.getLogger(__name__)


def ring(job):
    transaction.on_commit(lambda: _ring(job.authority_id, job.pk))


def _ring(authority_id, job_id):
    from exitprogram.jobs.tasks import run_job

    try:
        run_job.apply_async((str(authority_id), str(job_id)), retry=False, ignore_result=True)
    except (OperationalError, OSError):
        LOG.warning("the doorbell is out of order")
