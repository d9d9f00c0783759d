"""Every write about long work, by those who ask for it. What the worker does is in ``runner``."""

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.jobs import doorbell
from exitprogram.jobs.models import Job


@transaction.atomic
def ask_job(*, by, kind, subject_id, parts):
    """Long work, in one's own name. Called by the operation that knows who may ask; one of a kind about a thing at a
    time. Each part is asked about once more when it is done."""
    if not parts:
        raise Refused("Det finns inget att göra.")
    if Job.objects.visible_to(by).going().filter(kind=kind, subject_id=subject_id).exists():
        raise Refused("Det pågår redan. Se Pågående arbeten.")
    job = Job(authority_id=by.authority_id, kind=kind, subject_id=subject_id, asked_by=by, parts=list(parts))
    Job.objects.bulk_create([job], ignore_conflicts=True)
    if not Job.objects.visible_to(by).filter(pk=job.pk).exists():
        raise Refused("Någon annan har redan bett om det, och det pågår.")
    record(by=by, action=f"job.asked.{kind}", obj=job, parts=len(job.parts))
    doorbell.ring()
    return job


@transaction.atomic
def cancel_job(*, by, job):
    """Stop it: at once when nobody has begun, otherwise before the next part. What is done stays done."""
    job = Job.objects.visible_to(by).select_for_update(of=("self",)).get(pk=job.pk)
    if not job.is_going:
        raise Refused("Det pågår inte längre.")
    job.cancel_asked_at = job.cancel_asked_at or timezone.now()
    if job.state == Job.State.WAITING:
        job.state, job.finished_at = Job.State.CANCELLED, timezone.now()
    job.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    record(by=by, action="job.cancelled", obj=job, done=job.done)
    return job
