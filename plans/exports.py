"""The plan as a document for one recipient: what may be in it, and the PDF made of that."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone

from cases.models import Consent
from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_day, sv_period
from exitprogram.pdf.render import pdf_of
from plans.content import content_of
from plans.models import PlanVersion
from teams.models import TeamMember
from teams.presented import NEUTRAL

WHOLE_TEXTS = ("what_matters", "current_situation", "strengths", "own_part", "participation", "risk_plan")


@dataclass(frozen=True)
class Recipient:
    """To whom a copy goes: the individual, the own board, or a team member of another authority."""

    kind: str  # individual | own | member
    name: str
    ground: str
    areas: frozenset | None = None  # None: everything
    authority_id: object = None
    key: str = ""
    presented_as: str = ""  # what a guest in the team was told about who it is


def recipients(case):
    """Everybody a copy can be given to today, and on what ground. Those without cover are not in the list."""
    yield Recipient("individual", "Den enskilde", "Egen plan (SoL 10:9)", key="individual")
    yield Recipient("own", case.authority.name, "Egen akt (SoL 14:3)", authority_id=case.authority_id, key="own")
    today = timezone.localdate()
    outside = TeamMember.objects.on_day(today).filter(case=case).exclude(member_authority_id=case.authority_id)
    waivers = list(Consent.objects.waivers().in_force(on=today).filter(case=case))
    for member in outside.select_related("member_authority", "membership__user"):
        areas = {area for w in waivers if w.recipient_id == member.member_authority_id for area in w.areas}
        if areas:
            yield Recipient(
                "member", f"{member.membership.user.name}, {member.member_authority.name}",
                "Samtycke (OSL 10:1, 12:2)", frozenset(areas), member.member_authority_id, key=str(member.pk),
                presented_as=member.presented_as,
            )  # fmt: skip


def recipient_of(case, key):
    """The recipient with this key, or Refused with a sentence: a copy needs cover today."""
    for recipient in recipients(case):
        if recipient.key == key:
            return recipient
    raise Refused("Det finns inget samtycke eller annan grund för att lämna planen till den mottagaren.")


def view_for(version, recipient):
    """The part of the version's content that this recipient may have."""
    content = content_of(version, on=timezone.localdate())
    if recipient.areas is None:
        return content
    content = {**content, **dict.fromkeys(WHOLE_TEXTS, ""), "others_note": ""}
    for part in ("goals", "sections"):
        content[part] = [row for row in content[part] if row["area"] in recipient.areas]
    return content


def document(version, recipient, *, copy_number, made_on):
    """Bytes of the PDF. The same version, recipient, copy and day give the same bytes."""
    content = view_for(version, recipient)
    html = render_to_string(
        "plans/document.html",
        {
            "content": content, "version": version, "recipient": recipient, "copy_number": copy_number,
            "made_on": made_on, "person": _person(version, recipient), "days": _days(content),
        },
    )  # fmt: skip
    seed = f"{version.pk}|{recipient.key}|{copy_number}|{made_on}"
    return pdf_of(html, identifier=hashlib.sha256(seed.encode()).digest()[:16])


def _person(version, recipient):
    """How the person is named: in full on own papers; to a guest, who is here only under a waiver in force, as
    presented, and without any name once the person is protected."""
    individual = version.case.individual
    if recipient.areas is None:
        return individual.shown_name
    return NEUTRAL if individual.is_protected else recipient.presented_as or NEUTRAL


def _day(text):
    return date.fromisoformat(text) if text else None


def _days(content):
    """The frozen ISO days as dates, and the period of each measure in words."""
    for measure in (m for goal in content["goals"] for m in goal["measures"]):
        starts, ends = _day(measure["starts_on"]), _day(measure["ends_on"])
        measure["when"] = sv_period(starts, ends) if starts else f"till {sv_day(ends)}" if ends else "–"
    for section in content["sections"]:
        section["signed_day"] = _day(section["signed_on"])
    return {key: _day(content[key]) for key in ("starts_on", "ends_on", "follow_up_on")}


def version_in_force(by, case):
    """The agreed version, or the newest draft when nothing has been agreed yet, or None."""
    versions = PlanVersion.objects.visible_to(by).filter(case=case)
    return versions.filter(state=PlanVersion.State.AGREED).first() or versions.order_by("-number").first()


def file_name(version, copy_number):
    """Says nothing about anybody."""
    return f"plan-{version.number}-{copy_number}.pdf"
