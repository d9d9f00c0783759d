"""The person's own picture of how it is, asked again at start, after 3, 6 and 12 months and half a year after the end:
when the next time is due, and two of the questions as lines over time. Voluntary, and never a condition of help."""

from dataclasses import dataclass
from datetime import date, timedelta

from cases import instruments
from cases.assessments import signed
from exitprogram.page.templatetags.page import sv_day
from plans.models import CoordinatedPlan

INSTRUMENT = "wellbeing"
TWO = ("safe", "strength")  # the questions that are drawn
MONTHS = ((0, "vid start"), (3, "efter 3 månader"), (6, "efter 6 månader"), (12, "efter 12 månader"))
MONTH, AFTER_END = timedelta(days=30.44), timedelta(days=183)
NEAR = timedelta(days=30)  # asked this much ahead of its day counts as that time
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 220, 40, 16, 20, 36


@dataclass(frozen=True)
class Time:
    label: str
    day: date
    answered_on: date | None


def times(by, case):
    """Each time the questions are asked, with the day they were answered if they were."""
    plans = list(CoordinatedPlan.objects.visible_to(by).filter(case=case).order_by("started_on"))
    if not plans:
        return []
    start, ended = plans[0].started_on, plans[-1].ended_on
    due = [
        (label, start + months * MONTH) for months, label in MONTHS if ended is None or start + months * MONTH <= ended
    ]
    if ended is not None:
        due.append(("ett halvår efter planen", ended + AFTER_END))
    days = [row.day for row in _answered(by, case)]
    found = []
    for place, (label, day) in enumerate(due):
        until = due[place + 1][1] - NEAR if place + 1 < len(due) else date.max
        since = date.min if place == 0 else day - NEAR
        found.append(Time(label, day, next((one for one in days if since <= one < until), None)))
    return found


def next_time(asked, *, on):
    """The one that is due: the newest that has come without an answer, or else the next that will."""
    open_ones = [time for time in asked if time.answered_on is None]
    come = [time for time in open_ones if time.day <= on + NEAR]
    return come[-1] if come else open_ones[0] if open_ones else None


def _answered(by, case):
    return list(signed(by, case).filter(instrument=INSTRUMENT).order_by("day", "created_at", "pk"))


@dataclass(frozen=True)
class Line:
    label: str
    dash: str  # the second is dashed: no colour tells them apart
    points: tuple

    @property
    def path(self):
        return " ".join(f"{x},{y}" for x, y, _value in self.points)

    @property
    def last(self):
        return self.points[-1]


def two_lines(by, case):
    """The two questions over time in one picture, or None before there are two times to compare."""
    rows = [row for row in _answered(by, case) if any(row.answers.get(name) for name in TWO)]
    if len(rows) < 2:
        return None
    used = instruments.newest(INSTRUMENT, on=rows[-1].day)
    questions = {question.id: question for question in used.questions}
    first, span = rows[0].day, max(1, (rows[-1].day - rows[0].day).days)
    lines = [
        Line(questions[name].short, "" if place == 0 else "6 5", _points(rows, questions[name], first, span))
        for place, name in enumerate(TWO)
    ]
    table = [
        {"day": sv_day(row.day), "values": [row.answers.get(name, "") for name in TWO]} for row in rows
    ]  # fmt: skip
    scale = questions[TWO[0]].scale
    return {
        "lines": [line for line in lines if line.points], "table": table, "scale": scale, "labels": [
            questions[name].short for name in TWO
        ],
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": HEIGHT - BOTTOM,
        "days_y": HEIGHT - 12, "first_day": table[0]["day"], "last_day": table[-1]["day"],
    }  # fmt: skip


def _points(rows, question, first, span):
    high, wide = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT
    scale = question.scale
    return tuple(
        (
            LEFT + round(wide * (row.day - first).days / span),
            TOP + round(high * (scale.highest - int(row.answers[question.id])) / (scale.highest - scale.lowest)),
            int(row.answers[question.id]),
        )
        for row in rows if row.answers.get(question.id)
    )  # fmt: skip
