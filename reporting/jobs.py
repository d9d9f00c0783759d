from django.urls import reverse

from exitprogram.jobs.kinds import declare
from reporting.models import Publication
from reporting.operations.figures import REASONS, VERSION
from reporting.periods import half_year_of
from reporting.publishing import publish


def _count_anew(*, by, job, part):
    """Published by exit_figures in a transaction of its own; done again after a fault, it finds that it has been."""
    row = Publication.objects.visible_to(by).get(pk=job.subject_id)
    publish(row.county_id, row.programme, half_year_of(row.first_day), reason=REASONS[part], asked_for=job.pk)


def _page(job):
    return reverse("reporting:figures")


declare(VERSION, label="Halvårets siffror räknas om", do=_count_anew, page=_page)
