from django.urls import reverse

from cases.models import ArchiveExport
from cases.operations.archive import JOB
from exitprogram.jobs.kinds import declare
from plans.models import PlanVersion
from plans.operations.archive import make_export
from plans.operations.release import release_copy


def _copy(*, by, job, part):
    version = PlanVersion.objects.visible_to(by).get(pk=job.subject_id)
    release_copy(by=by, plan_version=version, recipient_key=part, via="job")


def _page(job):
    """Where the copies are; nowhere when the case is open to her no longer."""
    case = PlanVersion.objects.filter(pk=job.subject_id).values_list("case_id", flat=True).first()
    return reverse("plans:copies", args=[case]) if case else ""


COPIES = declare("plan_copies", label="En kopia av planen till var och en", do=_copy, unit="kopior", page=_page)


def _package(*, by, job, part):
    make_export(by=by, export=ArchiveExport.objects.visible_to(by).get(pk=job.subject_id))


def _export_page(job):
    case = ArchiveExport.objects.filter(pk=job.subject_id).values_list("case_id", flat=True).first()
    return reverse("cases:export", args=[case, job.subject_id]) if case else ""


# One part: the package is whole or not at all, and nothing of it lies anywhere before it is sealed.
ARCHIVE = declare(JOB, label="Paket till arkivet", do=_package, page=_export_page)
