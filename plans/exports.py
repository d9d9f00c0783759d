"""The plan as a document for one recipient: what may be in it, and the PDF made of that."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.template.loader import render_to_string
from django.utils import timezone

from cases import beside
from cases.cover import covers
from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_date, sv_day
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.letterheads import letterhead_of
from plans.childs_copy import GROUPS
from plans.content import content_of
from plans.costs import paid_in_words
from plans.languages import SWEDISH, choices, words
from plans.models import Measure, PlanVersion
from teams.models import TeamMember
from teams.presented import NEUTRAL

WHOLE_TEXTS = ("what_matters", "current_situation", "strengths", "own_part", "participation", "risk_plan")
LEFT_TO_RIGHT = "\u200e"
OTHER_FORMS = {
    "plan.part": "släppta avsnitt",
    "plan.bundle": "fil för andra system",
    "case.readings": "Lista över läsningar",
}


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
    sections: frozenset | None = None  # threads: a guardian to whom only these have been released


def recipients(case):
    """Everybody a copy can be given to today, and on what ground. Those without cover are not in the list."""
    yield Recipient("individual", "Den enskilde", "Egen plan (SoL 10:9)", key="individual")
    yield Recipient("own", case.authority.name, "Egen akt (SoL 14:3)", authority_id=case.authority_id, key="own")
    today = timezone.localdate()
    outside = TeamMember.objects.on_day(today).filter(case=case).exclude(member_authority_id=case.authority_id)
    all_of_them = covers(case, on=today)
    for member in outside.select_related("member_authority", "membership__user"):
        towards = [cover for cover in all_of_them if cover.recipient_id == member.member_authority_id]
        areas = {area for cover in towards for area in cover.areas}
        if areas:
            yield Recipient(
                "member", f"{member.membership.user.name}, {member.member_authority.name}",
                "; ".join(sorted({cover.ground for cover in towards})), frozenset(areas),
                member.member_authority_id, key=str(member.pk),
                presented_as=member.presented_as,
            )  # fmt: skip


def guardians_of(case):
    """Those beside a child to whom something has been released. Never among ``recipients``, whom one press can reach
    all at once: nothing goes to a guardian but by an act for that very one."""
    return [
        Recipient(beside.KIND, one.words, "Släppt till just den personen (OSL 12:3)", key=f"{beside.KIND}:{one.pk}")
        for one in beside.people(case) if not one.refusal
    ]  # fmt: skip


def recipient_of(case, key):
    """The recipient with this key, or Refused with a sentence: a copy needs cover today."""
    for recipient in (*recipients(case), *guardians_of(case)):
        if recipient.key == key:
            return recipient
    for one in beside.people(case):
        if key == f"guardian:{one.pk}":
            raise Refused(one.refusal)
    raise Refused("Det finns inget samtycke eller annan grund för att lämna planen till den mottagaren.")


def view_for(version, recipient):
    """The part of the version's content that this recipient may have."""
    content = content_of(version, on=timezone.localdate())
    if recipient.kind != "own" and "coordination" in content:  # why is the board's own to know; what it rests on is not
        bare = [{**ground, "reasons": ""} for ground in content["coordination"]]
        if recipient.kind not in ("individual", "member"):
            bare = [{**ground, "takes_part": "", "shared": "", "decided": ""} for ground in bare]
        content = {**content, "coordination": bare}
    if recipient.kind != "own":  # what it costs is between those who pay
        for measure in (m for goal in content["goals"] for m in goal["measures"]):
            measure |= {"cost": None, "hours": "", "rhythm": Measure.Rhythm.ONCE, "payer_kind": "", "payer": ""}
    if recipient.sections is not None:
        only = [row for row in content["sections"] if row["thread"] in recipient.sections]
        return {**content, **dict.fromkeys(WHOLE_TEXTS, ""), "others_note": "", "goals": [], "sections": only}
    if recipient.areas is None:
        return content
    content = {**content, **dict.fromkeys(WHOLE_TEXTS, ""), "others_note": ""}
    for part in ("goals", "sections"):
        content[part] = [row for row in content[part] if row["area"] in recipient.areas]
    return content


def document(version, recipient, *, copy_number, made_on, language=SWEDISH, safe=False):
    """Bytes of the PDF. The same version, recipient, copy, day, language and form give the same bytes.

    ``language``: of the fixed texts in the individual's own copy (``plans.languages``). ``safe``: a paper that may be
    found by the wrong person, with the individual's own words and the next day only: no programme, authority, service,
    measure, number or name."""
    template, context = page_of_paper(
        version, recipient, copy_number=copy_number, made_on=made_on, language=language, safe=safe
    )
    w = context["w"]
    seed = f"{version.pk}|{recipient.key}|{copy_number}|{made_on}|{language}|{safe}"
    page_of = ("", "/") if safe else (w["page"], w["of"])
    return pdf_of(
        render_to_string(template, context), identifier=hashlib.sha256(seed.encode()).digest()[:16], page_of=page_of
    )


def page_of_paper(version, recipient, *, copy_number, made_on, language=SWEDISH, safe=False):
    """(template, context) of the paper."""
    w = words(language)
    content = view_for(version, recipient)
    context = {
        "letterhead": None if safe else letterhead_of(version.authority),
        "w": w, "content": content, "version": version, "recipient": recipient, "copy_number": copy_number,
        "made": day_in(w, made_on), "person": _person(version, recipient), "days": _days(w, version, content),
        "measures": [m for goal in content["goals"] for m in goal["measures"]],
        "own_goals": [goal for goal in content["goals"] if goal["own_words"]],
    }  # fmt: skip
    _label(w, content)
    return "plans/document_safe.html" if safe else "plans/document.html", context


def _label(w, content):
    """The fixed words of goals, measures, sections and coordinators in the copy's language."""
    for part in (*content["goals"], *content["sections"]):
        part["label"] = w["area"][part["area"]]
    for measure in (m for goal in content["goals"] for m in goal["measures"]):
        measure["label"] = w["status_of"][measure["status"]]
        measure["paid"] = paid_in_words(measure)
    for person in content["coordinators"]:
        person["label"] = w["coordinator" if person["kind"] == "coordinator" else "deputy"]


def _person(version, recipient):
    """How the person is named: in full on own papers; to a guest, who is here only under a waiver in force, as
    presented, and without any name once the person is protected."""
    individual = version.case.individual
    if recipient.areas is None:
        return individual.root.shown_name
    return NEUTRAL if individual.is_protected else recipient.presented_as or NEUTRAL


def _day(text):
    return date.fromisoformat(text) if text else None


def day_in(w, day):
    """A day in Swedish words, or in figures that every language reads the same."""
    if day is None:
        return ""
    # The mark keeps the figures of a day in their order after a letter that runs the other way.
    return sv_date(day) if w["code"] == SWEDISH else f"{LEFT_TO_RIGHT if w['dir'] == 'rtl' else ''}{day:%Y-%m-%d}"


def _days(w, version, content):
    """The frozen ISO days in words, and the period of each measure."""
    short = sv_day if w["code"] == SWEDISH else partial(day_in, w)
    for measure in (m for goal in content["goals"] for m in goal["measures"]):
        starts, ends = _day(measure["starts_on"]), _day(measure["ends_on"])
        until = f"{w['until']} {short(ends)}" if ends else ""
        measure["when"] = f"{short(starts)} – {short(ends)}" if starts and ends else (
            f"{w['from']} {short(starts)}" if starts else until or "–"
        )  # fmt: skip
    for section in content["sections"]:
        section["signed_day"] = short(_day(section["signed_on"]))
    agreed = version.agreed_at and timezone.localtime(version.agreed_at).date()
    days = {key: _day(content[key]) for key in ("starts_on", "ends_on", "follow_up_on")} | {"agreed_on": agreed}
    return {key: day_in(w, day) for key, day in days.items()}


def version_in_force(by, case):
    """Of the newest plan: the agreed version, or the newest draft when nothing has been agreed yet, or None."""
    versions = PlanVersion.objects.visible_to(by).filter(case=case).order_by("-plan__created_at", "-number")
    newest = versions.first()
    return newest and (versions.filter(plan=newest.plan_id, state=PlanVersion.State.AGREED).first() or newest)


def file_name(version, disclosure):
    """Says nothing about anybody; of the safe version not even that there is a plan."""
    if disclosure.what.endswith(".safe"):
        return "anteckningar.pdf"
    return f"plan-{version.number}-{disclosure.copy_number}.pdf"


def form_of(disclosure):
    """Which paper it was, in words: «på rumänska», «säker version»; "" for the plan as it is."""
    kind, _dot, rest = disclosure.what.partition("plan.version")
    if kind:
        return OTHER_FORMS.get(disclosure.what, "")
    parts = [part for part in rest.split(".") if part]
    names = dict(choices())
    own = {"safe": "säker version"} | {code: f"för barn {label}" for code, label in GROUPS.items()}
    return ", ".join(own.get(part) or f"på {names.get(part, part)}" for part in parts)
