"""When a child's clocks strike: counted from what happened, by the law of that day."""

from datetime import timedelta

from django.utils import timezone

from cases.residence import months_later
from exitprogram.law.rules import rule
from exitprogram.law.workdays import first_workday


def protection_day(received_at):
    """The same Swedish day, or the next one when it came late in the day; weekends and holidays count as any day."""
    local = timezone.localtime(received_at)
    late = local.hour >= rule("child.protection", on=local.date()).values["late_from_hour"]
    return local.date() + timedelta(days=int(late))


def opening_day(received_on):
    return received_on + timedelta(days=rule("child.opening", on=received_on).values["days"])


def investigation_day(opened_on):
    return months_later(opened_on, rule("child.investigation", on=opened_on).values["months"])


def feedback_day(decided_on, asked_later_on=None):
    """The week from the decision, or at once when it is asked for later; None while the law named no time."""
    days = rule("child.feedback", on=asked_later_on or decided_on).values.get("days")
    if days is None:
        return None
    return asked_later_on or decided_on + timedelta(days=days)


def may_wait_to(day):
    """The next working day, when the last day is none (lag 1930:173); the strict day is the one that reminds."""
    rolled = first_workday(day)
    return rolled if rolled != day else None
