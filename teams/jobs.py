from django.db import connection
from django.urls import reverse

from exitprogram.jobs.kinds import declare
from exitprogram.tenancy.acting import acting_as_system
from exitprogram.tenancy.models import Authority
from teams.models import CaseloadImport
from teams.operations.caseload import JOB, import_line


def _line(*, by, job, part):
    import_line(by=by, caseload=job.subject_id, number=int(part))


def _page(job):
    """Where what came of it stands, for its day."""
    there = CaseloadImport.objects.filter(pk=job.subject_id).exists()
    return reverse("teams:caseload_import", args=[job.subject_id]) if there else ""


def _forget():
    """Whatever is over its day, in every authority."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT authority_id FROM wall.expired_caseloads()")
        found = [pk for (pk,) in cursor.fetchall()]
    for authority in Authority.objects.filter(pk__in=found):
        with acting_as_system(authority):
            CaseloadImport.objects.expired().delete()


declare(JOB, label="Inläsning av ärenden", do=_line, page=_page, unit="rader", forget=_forget)
