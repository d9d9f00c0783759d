"""On which grounds in law a child's plan may be coordinated without consent today, and what each of them needs."""

from dataclasses import dataclass

from django.utils import timezone

from cases.majority import may_be_of_age
from cases.models import Case, Consent
from children.bands import Band
from children.consenting import WHOLE, Answer, State, plan_standing
from children.courting import is_over
from children.models import CourtMatter, Investigation, LawfulCoordination
from exitprogram.law.rules import all_rules

GROUNDS = "coordination."


@dataclass(frozen=True)
class Ground:
    law: object
    lacking: str  # why it cannot be used in this case today; "" when it can


def grounds(case, on, standing=None):
    """Every ground that the law has that day."""
    standing = standing or plan_standing(case, on)
    found = [law for law in all_rules() if law.id.startswith(GROUNDS) and law.in_force(on)]
    return [Ground(law, _lacking(law.values.get("needs", ""), case, standing)) for law in found]


def _lacking(needs, case, standing):
    if needs == "child":
        own = standing.own
        if standing.band not in (Band.HEARD, Band.PARTY) or own.answer != Answer.YES:
            return "Barnet har fyllt 12 år och säger själv ja. Det svaret finns inte."
    elif needs == "one_guardian" and not _decided(case, ("one_guardian",), "decided"):
        return "Nämnden har inte beslutat. Ärendet förs under Domstol och nämnd."
    elif needs == "care" and not (_decided(case, ("custody",), "decided") or _decided(case, ("care",), "judged")):
        return "Inget beslut om vård enligt LVU gäller. Det förs under Domstol och nämnd."
    elif needs == "investigation" and not Investigation.objects.running().filter(case=case).exists():
        return "Ingen utredning pågår."
    return ""


def _decided(case, kinds, step):
    matters = CourtMatter.objects.filter(case=case, kind__in=kinds, steps__kind=step).prefetch_related("steps")
    return [matter for matter in matters if not is_over(matter)]


def decisions_to_place(case):
    """Matters of the board and the courts that a child's placement can rest on instead of consent."""
    return [*_decided(case, ("custody", "shelter"), "decided"), *_decided(case, ("care",), "judged")]


def why_not_now(standing):
    """Why there is no room for coordination without consent yet; "" when there is."""
    if standing.state in WHOLE:
        return "Alla som ska samtycka har sagt ja. Registrera samtycket i stället."
    if standing.state == State.MISSING and standing.waits_for:
        who = ", ".join(one.name for one in standing.waits_for)
        return f"Fråga först: {who}. En annan grund är till för när samtycke inte kan eller får inhämtas."
    return ""


def in_force(case, on):
    """The grounds that hold that day, while there is no consent to the plan."""
    if case.programme != Case.Programme.CHILD or may_be_of_age(case, on=on):
        return []
    if Consent.objects.to_plan().in_force(on=on).filter(case=case).exists():
        return []
    return list(LawfulCoordination.objects.in_force(on=on).filter(case=case).select_related("noted_by__user"))


def told(row):
    """As it is frozen with the plan and written on its paper."""
    return {
        "law": row.law.citation, "text": row.law.text, "reasons": row.reasons, "decided": row.decided,
        "takes_part": row.takes_part, "shared": row.shared, "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }  # fmt: skip


def is_lawful(case, on=None):
    return bool(in_force(case, on or timezone.localdate()))
