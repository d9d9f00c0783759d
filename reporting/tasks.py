import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from exitprogram.tenancy.models import Authority
from reporting.costs.keeping import keep_closed
from reporting.periods import last_closed
from reporting.publishing import programmes, publish

LOG = logging.getLogger(__name__)


@shared_task
def publish_closed_periods():
    """Every hour, by beat: the half-year that is closed, where it is not published yet. Once published it is left as it
    is. Run where long work is run, the only process that can log in as exit_figures."""
    if settings.FIGURES_DATABASE is None:
        LOG.error("figures: EXIT_FIGURES_DATABASE_URL is missing where long work is done")
        return
    period = last_closed(on=timezone.localdate())
    counties = Authority.objects.filter(kind__in=("social_board", "joint_board")).values_list("region_id", flat=True)
    for county in sorted(set(counties) - {None}):
        for programme in programmes():
            publish(county, programme, period)
    keep_closed(on=timezone.localdate())
