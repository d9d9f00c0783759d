from django.urls import reverse

from exitprogram.jobs.kinds import declare
from plans.models import PlanVersion
from plans.operations.release import release_copy


def _copy(*, by, job, part):
    version = PlanVersion.objects.visible_to(by).get(pk=job.subject_id)
    release_copy(by=by, plan_version=version, recipient_key=part, via="job")


def _page(job):
    """Where the copies are; nowhere when the case is open to her no longer."""
    case = PlanVersion.objects.filter(pk=job.subject_id).values_list("case_id", flat=True).first()
    return reverse("plans:copies", args=[case]) if case else ""


COPIES = declare("plan_copies", label="En kopia av planen till var och en", do=_copy, unit="kopior", page=_page)
