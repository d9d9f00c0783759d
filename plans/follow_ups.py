"""When a plan is followed up, and how it has gone so far."""

from datetime import timedelta

from django.utils import timezone

from exitprogram.law.rules import rule
from exitprogram.page.templatetags.page import sv_date
from exitprogram.tenancy.prepared import prepared_rows, whoever
from plans.models import FollowUp, PlanVersion


def next_day(version):
    """The day an agreed version is followed up next: as it was agreed, or as the last following-up left it."""
    last = _last(whoever(), version.pk)
    return last[0].next_on if last else version.follow_up_on


@prepared_rows
def _last(by, version):
    done = FollowUp.objects.filter(version_id=version).exclude(done_at=None).exclude(next_on=None)
    return done.order_by("-done_at")[:1]


def suggested_day(version, *, on):
    """The first time soon, then within half a year; never after the plan's last day."""
    values = rule("plan.follow_up", on=on).values
    again = FollowUp.objects.filter(case=version.case_id).exclude(done_at=None).exists()
    day = on + timedelta(days=values["longest_days"] if again else values["suggested_days"])
    return min(day, version.ends_on) if version.ends_on and version.ends_on > on else day


def next_day_faults(version, outcome, day):
    """{field: sentence} for a next day that cannot be. A plan that ends has none."""
    if outcome == FollowUp.Outcome.ENDED:
        return {}
    if day is None:
        return {"next_on": "Välj nästa uppföljningsdag, så att ingen glöms bort."}
    if day <= timezone.localdate():
        return {"next_on": "Nästa uppföljning måste ligga framåt i tiden."}
    if outcome == FollowUp.Outcome.GOES_ON and version.ends_on and day > version.ends_on:
        end = sv_date(version.ends_on)
        return {
            "next_on": f"Uppföljningen måste ligga inom planens tid, till {end}. Gör om planen om den ska vara längre."
        }
    return {}


def version_to_follow(by, case):
    """The agreed version of the plan that goes on, or None."""
    agreed = PlanVersion.objects.visible_to(by).filter(case=case, plan__ended_on=None, state=PlanVersion.State.AGREED)
    return agreed.select_related("plan", "case").first()


def done(by, case):
    """Earlier ones, newest first, with the answers."""
    rows = FollowUp.objects.visible_to(by).filter(case=case).exclude(done_at=None).order_by("-done_at")
    return rows.select_related("done_by__user", "version").prefetch_related("answers__goal")
