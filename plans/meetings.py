"""What a page needs to know about a case's meetings."""

from datetime import timedelta

from django.utils import timezone

from exitprogram.law.rules import rule
from plans.models import Meeting


def next_meeting(by, case, *, at):
    return Meeting.objects.visible_to(by).filter(case=case).ahead(at=at).first()


def time_of_next(meeting, *, now):
    """When the one after this is suggested: as long after it as plans are usually followed up, at the same hour."""
    days = rule("plan.follow_up", on=timezone.localdate(meeting.starts_at)).values["suggested_days"]
    local = timezone.localtime(meeting.starts_at)
    wanted = timezone.make_aware((local + timedelta(days=days)).replace(tzinfo=None))
    return wanted if wanted > now else None
