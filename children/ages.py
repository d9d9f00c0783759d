"""What follows from a child's age: which rules hold on a day, and on which day that changes. The steps are law."""

from dataclasses import dataclass
from datetime import date

from exitprogram.law.rules import all_rules

STEPS = "child.age."
OF_AGE = 18


def birthday(born, years):
    """The day somebody becomes so many years old: who was born on 29 February, on the last of the month (1930:173)."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 2, 28)


def age_on(born, day):
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


@dataclass(frozen=True)
class Step:
    """One rule for an age: since when and until when it holds for this child (None: birth, or not known)."""

    rule: object
    since: date | None
    changes_on: date | None

    @property
    def ages(self):
        return self.rule.values.get("from", 0), self.rule.values.get("under")


def steps_on(born, day):
    """(those that hold that day, those that begin later), by the law of the day. Without a birth date every step is
    there, with no day, among those that may hold."""
    rules = [rule for rule in all_rules() if rule.id.startswith(STEPS) and rule.in_force(day)]
    steps = [_step(rule, born) for rule in rules]
    if born is None:
        return steps, []
    now = [s for s in steps if (s.since or born) <= day and (s.changes_on is None or day < s.changes_on)]
    return now, sorted((s for s in steps if s.since and s.since > day), key=lambda s: s.since)


def _step(rule, born):
    first, under = rule.values.get("from", 0), rule.values.get("under")
    if born is None:
        return Step(rule, None, None)
    return Step(rule, birthday(born, first) if first else None, birthday(born, under) if under else None)


def is_party(born, day):
    """Does the child speak for itself that day? With no birth date: not known to."""
    return born is not None and day >= birthday(born, party_age(day))


def party_age(day):
    ages = [r.values["from"] for r in all_rules() if r.id == f"{STEPS}party" and r.in_force(day)]
    return ages[0] if ages else OF_AGE
