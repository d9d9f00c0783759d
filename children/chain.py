"""What the pages of the chain of support tell, and what hinders that something ends."""

import json

from django.db import connection

from cases.majority import is_childs
from children.models import CaseLink, ChildVisit, NextResponsible, Placement
from exitprogram.law.rules import rule


def next_of_case(case):
    """Who has been named for when this case ends, this time; None when nobody has."""
    rows = list(NextResponsible.objects.filter(case=case, about=NextResponsible.About.CASE))
    return rows[0] if len(rows) > case.closures.count() else None


def lacks_next(case):
    """A child's case is not closed before somebody is named for what comes next."""
    return is_childs(case) and next_of_case(case) is None


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


def running_placement(case):
    return Placement.objects.running().filter(case=case).select_related("placed_by__user").first()
