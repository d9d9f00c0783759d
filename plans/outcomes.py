"""How it has become, asked at start, after 3, 6 and 12 months, at the end of the plan and half a year after: when the
next time is, and the answers over time. Voluntary, and never a condition of help."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from cases.assessments import repeated, signed
from exitprogram.law.rules import rule
from plans.models import CoordinatedPlan

INSTRUMENT = "outcome"
MONTH = timedelta(days=30.44)


@dataclass(frozen=True)
class Time:
    label: str
    day: date
    answered_on: date | None


def points(plan, *, on):
    """(code, label, day) of the times after the start, by the rule of that day: those that a clock is set for."""
    values = rule("outcome.points", on=on).values
    if plan.ended_on is not None:
        yield "after", "ett halvår efter planen", plan.ended_on + timedelta(days=values["after_days"])
        return
    for months in values["months"]:
        yield f"{months}", f"efter {months} månader", plan.started_on + months * MONTH


def point_id(plan, code):
    """The same for the same time of the same plan, so that it has one clock and no more."""
    return uuid.uuid5(plan.pk, code)


def times(by, case):
    """Each time the questions are asked, with the day they were answered if they were."""
    plans = list(CoordinatedPlan.objects.visible_to(by).filter(case=case).order_by("started_on"))
    if not plans:
        return []
    first, last = plans[0], plans[-1]
    values = rule("outcome.points", on=first.started_on).values
    due = [("vid start", first.started_on)]
    due += [(f"efter {months} månader", first.started_on + months * MONTH) for months in values["months"]]
    if last.ended_on is not None:
        due = [(label, day) for label, day in due if day <= last.ended_on] + [("när planen slutade", last.ended_on)]
        due += [(label, day) for _code, label, day in points(last, on=last.ended_on)]
    return _answered(due, [row.day for row in _rows(by, case)], timedelta(days=values["near_days"]))


def _answered(due, days, near):
    found = []
    for place, (label, day) in enumerate(due):
        until = due[place + 1][1] - near if place + 1 < len(due) else date.max
        since = date.min if place == 0 else day - near
        found.append(Time(label, day, next((one for one in days if since <= one < until), None)))
    return found


def next_time(asked, *, on):
    """The one that is due: the newest that has come without an answer, or else the next that will."""
    open_ones = [time for time in asked if time.answered_on is None]
    near = timedelta(days=rule("outcome.points", on=on).values["near_days"])
    come = [time for time in open_ones if time.day <= on + near]
    return come[-1] if come else open_ones[0] if open_ones else None


def _rows(by, case):
    return list(signed(by, case).filter(instrument=INSTRUMENT).order_by("day", "created_at", "pk"))


def over_time(by, case):
    """The answers as charts, the person's line and the worker's, and as a table; None before anybody has answered."""
    return next((series for series in repeated(by, case) if series["used"].id == INSTRUMENT), None)
