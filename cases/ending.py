"""What goes on in a case and ends on its own before the case does: a period in a programme, the plan. A room says what
it has (``has``); a room above may ask before it ends (``ask``): of a child, who takes over."""

from dataclasses import dataclass
from uuid import UUID

from cases.models import SupportPeriod

SOURCES, QUESTIONS = [], []


@dataclass(frozen=True)
class GoingOn:
    pk: UUID
    label: str


def has(source):
    """``source(case)`` gives each GoingOn."""
    SOURCES.append(source)
    return source


def ask(question):
    """``question(case, subject)`` raises Refused when it may not end as it is."""
    QUESTIONS.append(question)


def going_on(case):
    return [one for source in SOURCES for one in source(case)]


def require(case, subject):
    for question in QUESTIONS:
        question(case, subject)


@has
def periods(case):
    for row in SupportPeriod.objects.filter(case=case, ended_on=None):
        yield GoingOn(row.pk, f"Stödprogrammet: {row.get_step_display().lower()}")
