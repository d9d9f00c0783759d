"""What a page needs to know about a case's meetings."""

from datetime import timedelta

from django.utils import timezone

from exitprogram.law.rules import rule
from plans.models import Meeting

TITLE = 200  # as long as a measure's title may be


def next_meeting(by, case, *, at, after=None):
    """The one that comes; or, seen from a meeting, the first after it."""
    rows = Meeting.objects.visible_to(by).filter(case=case).ahead(at=at)
    return rows.filter(starts_at__gt=after.starts_at).first() if after else rows.first()


def time_of_next(meeting, *, now):
    """When the one after this is suggested: as long after it as plans are usually followed up, at the same hour."""
    days = rule("plan.follow_up", on=timezone.localdate(meeting.starts_at)).values["suggested_days"]
    local = timezone.localtime(meeting.starts_at)
    wanted = timezone.make_aware((local + timedelta(days=days)).replace(tzinfo=None))
    return wanted if wanted > now else None


def lines_of(minutes):
    """What can become measures: lines with words, without their dashes and dots."""
    found = (line.strip().lstrip("-–•*").strip() for line in minutes.text.splitlines())
    return [line[:TITLE] for line in found if line]


def titles_of(version):
    return {measure.title for measure in version.measures.all()}
