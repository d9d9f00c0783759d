"""Does the long work: claimed by lease and number, each part in its asker's name, in one transaction with its tick.

Run as ``exit_app``, never as the reminders' worker: what a part may see is what its asker may see, asked of both walls
at that moment. The house itself may only claim, end and forget.
"""

import logging

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.jobs.kinds import KINDS
from exitprogram.jobs.models import Job
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.models import Authority, Membership

LOG = logging.getLogger(__name__)
MOST_TRIES = 5
WAITING = "SELECT authority_id, job_id FROM wall.waiting_jobs(%s)"
# A part may take longer than a page.
PATIENCE = "SET LOCAL statement_timeout = '9min'"


class NotOurs(Exception):
    """Somebody else has taken over, or it has been stopped."""


def run_waiting():
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [settings.LEASE_SECONDS])
        found = cursor.fetchall()
    for authority_id, job_id in found:
        run(authority_id, job_id)


def run(authority_id, job_id):
    claimed = _claim(authority_id, job_id)
    if claimed is None:
        return
    job, asker = claimed
    try:
        for part in job.parts[job.done :]:
            _do(asker, job, part)
        _end(job, Job.State.DONE)
    except NotOurs:
        return
    except (Refused, NotAllowed, Stale) as why:
        _end(job, Job.State.FAILED, str(why))
    except DatabaseError:
        raise  # the lease runs out, and another goes on
    except Exception:
        LOG.exception("a job went wrong", extra={"notice": str(job.pk)})
        if job.tries >= MOST_TRIES:
            _end(job, Job.State.FAILED, "Något gick fel. Det är skrivet i loggen för dem som sköter systemet.")


def _claim(authority_id, job_id):
    """(job, whoever asked), or None when it is somebody else's, stopped, or hers no longer."""
    with acting_as_system(Authority(pk=authority_id)):
        job = Job.objects.going().select_for_update(of=("self",), skip_locked=True).filter(pk=job_id).first()
        if job is None or (job.state == Job.State.RUNNING and not _has_lapsed(job)):
            return None
        job.state, job.claimed_at, job.tries = Job.State.RUNNING, timezone.now(), job.tries + 1
        job.save(update_fields=["state", "claimed_at", "tries"])
        members = Membership.objects.filter(pk=job.asked_by_id, user__is_active=True)
        asker = members.in_force(on=timezone.localdate()).select_related("user").first()
    refusal = _refusal(job, asker)
    if refusal:
        _end(job, Job.State.FAILED, refusal)
        return None
    return job, asker


def _refusal(job, asker):
    if asker is None:
        return "Den som bad om det har inte längre det uppdraget."
    if job.tries > 4 * MOST_TRIES:  # it takes every worker with it
        return "Det går inte att göra klart. Det är skrivet i loggen för dem som sköter systemet."
    return ""


def _has_lapsed(job):
    return abs((timezone.now() - job.claimed_at).total_seconds()) > settings.LEASE_SECONDS


def _do(asker, job, part):
    """One part and its tick, or neither."""
    with acting(asker), connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        row = _ours(job)
        if row.cancel_asked_at:
            stopped = True
        else:
            stopped = False
            job.said.do(by=asker, job=row, part=part)
            row.done, row.claimed_at = row.done + 1, timezone.now()
            row.save(update_fields=["done", "claimed_at"])
    if stopped:
        _end(job, Job.State.CANCELLED)
        raise NotOurs


def _ours(job):
    row = (
        Job.objects.select_for_update(of=("self",)).filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries).first()
    )
    if row is None:
        raise NotOurs
    return row


def _end(job, state, why=""):
    with acting_as_system(Authority(pk=job.authority_id)), transaction.atomic():
        row = _ours(job)
        row.state, row.why, row.finished_at = state, why, timezone.now()
        row.save(update_fields=["state", "why", "finished_at"])


def forget_expired():
    """Rows that nobody is shown any more, and what work was made from when its time is over."""
    for kind in KINDS.values():
        _forget_in(kind.expired(), kind.forget)
    _forget_in(_with_expired(), lambda: Job.objects.filter(expires_on__lt=timezone.localdate()).delete())


def _forget_in(authority_ids, forget):
    for authority in Authority.objects.filter(pk__in=authority_ids):
        with acting_as_system(authority):
            forget()


def _with_expired():
    with connection.cursor() as cursor:
        cursor.execute("SELECT authority_id FROM wall.expired_jobs()")
        return [pk for (pk,) in cursor.fetchall()]
