"""What the pages of the chain of support tell, and what hinders that something ends."""

import json
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.urls import reverse

from cases.ending import going_on
from cases.majority import is_childs
from cases.models import Clock
from children.clocks import ChildClock
from children.courses import ENDS, Kind, Step
from children.models import CaseLink, ChildVisit, CourtMatter, NextResponsible, Placement
from exitprogram.errors import Refused
from exitprogram.law.rules import rule


def next_of_case(case):
    """Who has been named for when this case ends, this time; None when nobody has."""
    rows = list(NextResponsible.objects.filter(case=case, about=NextResponsible.About.CASE))
    return rows[0] if len(rows) > case.closures.count() else None


def lacks_next(case):
    """A child's case is not closed before somebody is named for what comes next."""
    return is_childs(case) and next_of_case(case) is None


def parts_of(case):
    """[(what goes on in the case, who has been named for when it ends or None)]"""
    named = NextResponsible.objects.filter(case=case, about=NextResponsible.About.PROGRAMME)
    by_subject = {row.subject_id: row for row in reversed(named)}
    return [(one, by_subject.get(one.pk)) for one in going_on(case)]


def require_next(case, subject):
    """Neither does the plan or a period in a programme (cases/ending.py)."""
    named = NextResponsible.objects.filter(case=case, about=NextResponsible.About.PROGRAMME, subject_id=subject.pk)
    if is_childs(case) and not named.exists():
        raise Refused("Barnets stöd slutar inte utan att någon tar vid. Skriv vem under Stödkedjan först.")


def links_of(case):
    """[{id, relation, ask, mine}]: that there is another case and whom to ask, and nothing more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT link_id, relation, ask, mine FROM wall.linked(%s)", [case.pk])
        return [
            {"id": pk, "relation": CaseLink.Relation(relation).label, "ask": ask, "mine": mine}
            for pk, relation, ask, mine in cursor.fetchall()
        ]


def since_alone(case, *, on):
    """(the last time the child was talked with alone, how many days ago, whether that is long)"""
    last = ChildVisit.objects.filter(case=case, who=ChildVisit.Who.ALONE).first()
    days = (on - last.day).days if last else None
    return last, days, days is None or days > rule("placement.visits", on=on).values["days"]


def plan_parts(plan):
    """[(label, text)] of a signed plan, in the words of the law of its day."""
    said = json.loads(plan.content)
    labels = rule(f"placement.{plan.kind}_plan", on=plan.signed_on).values["parts"]
    return [(labels.get(key, key), text) for key, text in said.items()]


PLACEMENT_CLOCKS = {
    ChildClock.CARE_PLAN: ("Skriv vårdplan", "placement_plan", "care"),
    ChildClock.IMPLEMENTATION_PLAN: ("Skriv genomförandeplan", "placement_plan", "implementation"),
    ChildClock.HEALTH_CHECK: ("Berätta för regionen", "region_told", ""),
    ChildClock.HEALTH_OFFER: ("Skriv svaret om hälsoundersökning", "health_offer", ""),
    ChildClock.CONSIDER: ("Skriv övervägandet", "consider", ""),
    ChildClock.CARE_PLAN_REVIEW: ("Se över vårdplanen", "placement_plan", "care"),
    ChildClock.EMERGENCY_HOME: ("Avsluta jourhemmet", "placement_end", ""),
}  # fmt: skip


@dataclass(frozen=True)
class ToDo:
    """What the law still asks of a placement: the day, and the page where it is done. ``posts``: by a press here."""

    text: str
    url: str
    day: date
    late: bool
    posts: bool


def left_of_placement(case, *, on):
    """In the order of the days."""
    clocks = Clock.objects.open().filter(case=case, kind__in=PLACEMENT_CLOCKS)
    order = list(PLACEMENT_CLOCKS)
    return [_to_do(case, one, on) for one in sorted(clocks, key=lambda c: (c.day, order.index(c.kind)))]


def _to_do(case, clock, on):
    text, view, kind = PLACEMENT_CLOCKS[clock.kind]
    url = reverse(f"children:{view}", args=[case.pk, kind] if kind else [case.pk])
    return ToDo(text, url, clock.day, clock.day < on, view == "region_told")


def uncounted_home(placement):
    """In a foster home by LVU, and the day the child moved in does not stand under the courts, where the two years to
    the question of custody are counted from it (LVU 13 c §)."""
    if placement.home != Placement.Home.FOSTER:
        return False
    matters = CourtMatter.objects.filter(case_id=placement.case_id, kind__in=[Kind.CUSTODY, Kind.CARE])
    return any({step.kind for step in one.steps.all()}.isdisjoint((Step.HOME, *ENDS)) for one in matters)


def running_placement(case):
    return Placement.objects.running().filter(case=case).select_related("placed_by__user").first()
