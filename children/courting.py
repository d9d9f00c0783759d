"""What the page of the board and the courts tells: what has been, the next day of each matter, and what has lapsed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from cases.clocks import KINDS
from cases.models import Clock
from cases.residence import months_later
from children.courses import COUNTS, ENDS, may_follow
from exitprogram.law.rules import Rule, rule

SETTLES = {(count.clock, kind): count.until for count in COUNTS for kind in count.kinds}


def rule_of(count, matter, *, on):
    return rule(count.rule.format(kind=matter.kind, ground=matter.ground), on=on)


def day_of(law, step):
    """The last day: the court's own when it has set one, else counted from the day of the step, which is not one of
    them."""
    if step.until:
        return step.until
    began = timezone.localdate(step.happened_at)
    if "months" in law.values:
        return months_later(began, law.values["months"])
    return began + timedelta(days=law.values["days"])


@dataclass(frozen=True)
class Waiting:
    """A day of a matter. ``may_wait_to``: when the strict day is no working day."""

    clock: Clock
    law: Rule
    today: date
    told: tuple = ()

    @property
    def day(self):
        return self.clock.day

    @property
    def label(self):
        return KINDS[self.clock.kind].label

    @property
    def may_wait_to(self):
        return self.clock.rolled_day

    @property
    def last_day(self):
        return self.may_wait_to or self.day

    @property
    def left(self):
        return (self.day - self.today).days

    @property
    def has_lapsed(self):
        """By the law itself, whoever has noticed."""
        return bool(self.lapses) and self.today > self.last_day

    @property
    def lapses(self):
        return self.law.values.get("lapses", "")

    def is_settled_by(self, step_kind, matter):
        return step_kind in SETTLES[self.clock.kind, matter.kind]


def waiting_in(matter, *, on, told=None):
    """The days that still go, the nearest first."""
    steps = {step.pk: step for step in matter.steps.all()}
    clocks = Clock.objects.open().filter(case_id=matter.case_id, subject_id__in=steps, kind__startswith="court_")
    return [
        Waiting(clock, _law(clock, steps[clock.subject_id]), on, tuple((told or {}).get(clock.pk, ())))
        for clock in sorted(clocks, key=lambda clock: clock.day)
    ]


def _law(clock, step):
    return rule(clock.rule_id, on=timezone.localdate(step.happened_at))


def told_of(case):
    """{clock: [(name, day)]}: who has been reminded."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_id, name, told_on FROM wall.court_told(%s)", [case.pk])
        for clock_id, name, day in cursor.fetchall():
            found.setdefault(clock_id, []).append((name, day))
    return found


def is_over(matter):
    return any(step.kind in ENDS for step in matter.steps.all())


def next_steps(matter, *, on):
    """What may be written now; that it has lapsed only when it has."""
    steps = may_follow(matter.kind, [step.kind for step in matter.steps.all()])
    lapsed = any(one.has_lapsed for one in waiting_in(matter, on=on))
    return [step for step in steps if step != "lapsed" or lapsed]
