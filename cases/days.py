"""When clocks strike that are counted here: from what happened, by the law of that day."""

from datetime import timedelta

from cases.residence import months_later
from exitprogram.law.rules import rule
from exitprogram.law.workdays import workdays_after


def signing_day(begun_on):
    return begun_on + timedelta(days=rule("note.unsigned", on=begun_on).values["due_days"])


def answer_day(asked_on):
    return months_later(asked_on, rule("transfer.answer", on=asked_on).values["months"])


def review_day(opened_on):
    """Of what was opened in an emergency; by working days, the only time that is."""
    return workdays_after(opened_on, rule("access.emergency", on=opened_on).values["review_workdays"])


def age_day(asked_on):
    """By when an age that is not known is to be found out."""
    return asked_on + timedelta(days=rule("child.age_unknown", on=asked_on).values["days"])
