"""A version's whole content as plain data: what is frozen when it is agreed, and what a page or a PDF is made of."""

import hashlib
import json

from django.utils import timezone

from children.coordination import in_force, told
from plans.models import Measure, Section
from teams.models import CoordinatorAppointment

TEXTS = ("what_matters", "current_situation", "strengths", "own_part", "participation", "risk_plan", "others_note")


def content_of(version, *, on):
    """Dict of strings, dates as ISO text. Areas are kept on every part, so that a recipient's view can be cut out."""
    if version.frozen:
        return json.loads(version.frozen)
    goals = goals_in_order(version.goals.all())
    measures = list(version.measures.select_related("principal", "responsible__membership__user"))
    sections = version.sections.exclude(state=Section.State.DECLINED).select_related("principal", "writer__user")
    return {
        "number": version.number,
        "case_number": version.case.number,
        **{name: getattr(version, name) for name in TEXTS},
        "lead_principal": version.lead_principal.name if version.lead_principal else "",
        "starts_on": _day(version.starts_on),
        "ends_on": _day(version.ends_on),
        "follow_up_on": _day(version.follow_up_on),
        "coordinators": _coordinators(version.case, on),
        "goals": [_goal(goal, [m for m in measures if m.goal_id == goal.pk]) for goal in goals],
        "sections": [_section(section) for section in sections],
        **coordination_of(version, on),
    }


def coordination_of(version, on):
    """Instead of consent: the grounds in law that a child's coordination rests on. Nothing in any other plan."""
    found = [told(row) for row in in_force(version.case, on)]
    return {"coordination": found} if found else {}


def grounds_of(version, on):
    """As frozen with an agreed version; of a draft, as it is now."""
    if version.frozen:
        return json.loads(version.frozen).get("coordination", [])
    return coordination_of(version, on).get("coordination", [])


def goals_in_order(goals):
    """Each long-term goal and after it the parts on the way to it."""
    goals = list(goals)
    return [
        goal for first in goals if first.parent_id is None
        for goal in (first, *(part for part in goals if part.parent_id == first.pk))
    ]  # fmt: skip


def _day(day):
    return day.isoformat() if day else ""


def _coordinators(case, on):
    found = CoordinatorAppointment.objects.on_day(on).filter(case=case).select_related("membership__user")
    return [
        {"name": a.membership.user.name, "title": a.membership.title, "kind": a.kind}
        for a in found.order_by("kind", "pk")
    ]


def _goal(goal, measures):
    return {
        "thread": str(goal.thread),
        "area": goal.area,
        "own_words": goal.own_words,
        "wording": goal.wording,
        "is_part": goal.parent_id is not None,
        "measures": [_measure(measure) for measure in measures],
    }


def _measure(measure):
    other = measure.principal_kind == Measure.Principal.OTHER
    responsible = measure.responsible.membership.user.name if measure.responsible else measure.responsible_text
    return {
        "thread": str(measure.thread),
        "title": measure.title,
        "need": measure.need,
        "principal": measure.other_name if other else measure.principal.name,
        "by_other": other,
        "responsible": responsible,
        "starts_on": _day(measure.starts_on),
        "ends_on": _day(measure.ends_on),
        "legal_anchor": measure.legal_anchor,
        "status": measure.status,
        "why_not": measure.why_not,
        "cost": measure.cost,
        "hours": "" if measure.hours is None else f"{measure.hours.normalize():f}",
        "rhythm": measure.rhythm,
        "payer_kind": measure.payer_kind,
        "payer": measure.payer,
    }


def _section(section):
    return {
        "thread": str(section.thread),
        "area": section.area,
        "principal": section.principal.name,
        "writer": section.writer.user.name,
        "title": section.writer.title,
        "text": section.text if section.state == "signed" else "",
        "signed_on": _day(timezone.localdate(section.signed_at)) if section.signed_at else "",
    }


def fingerprint(version, names):
    """What these texts and days of a version are now, so short that a form can carry it."""
    told = [str(version.lead_principal_id if name == "lead_principal" else getattr(version, name) or "")
            for name in sorted(names)]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def canonical(content):
    """The bytes that are frozen and hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
