from django.db import connection
from django.urls import reverse

from exitprogram.jobs.kinds import declare
from teams.models import CaseloadImport
from teams.operations.caseload import JOB, import_line


def _line(*, by, job, part):
    import_line(by=by, caseload=job.subject_id, number=int(part))


def _page(job):
    """Where what came of it stands, for its day."""
    there = CaseloadImport.objects.filter(pk=job.subject_id).exists()
    return reverse("teams:caseload_import", args=[job.subject_id]) if there else ""


def _expired():
    with connection.cursor() as cursor:
        cursor.execute("SELECT authority_id FROM wall.expired_caseloads()")
        return [pk for (pk,) in cursor.fetchall()]


def _forget():
    CaseloadImport.objects.expired().delete()


declare(
    JOB, label="Inläsning av ärenden", do=_line, page=_page, unit="rader", expired=_expired, forget=_forget
)  # fmt: skip
