"""Who can answer for something in a plan, and what stands in the way of a measure."""

from django.utils import timezone

from cases.cover import is_covered
from exitprogram.page.templatetags.page import sv_date
from exitprogram.tenancy.models import Authority
from plans.costs import costs_faults
from plans.models import Measure
from teams.models import TeamMember


def principals_of(case):
    """The authorities that can be a principal in this plan: the board itself and those in the team."""
    there = TeamMember.objects.filter(case=case, state__in=["invited", "joined"]).values("member_authority_id")
    public = Authority.objects.exclude(kind=Authority.Kind.PARTNER)
    return public.filter(pk__in=there) | public.filter(pk=case.authority_id)


def measure_faults(version, given, before=None):
    """{field: sentence} for what cannot be in a measure of this version. One telling for the form, which shows each at
    its field, and for the operation, which refuses. ``before`` is the measure as it was: consent that has ended since
    stops nobody from correcting a day."""
    faults = {}
    if not given["title"].strip():
        faults["title"] = "Skriv vad insatsen är, eller välj en i listan."
    faults |= _whose(version, given, before)
    faults |= outside_the_plan(version, given["starts_on"], given["ends_on"])
    if given["status"] == Measure.Status.NOT_AVAILABLE and not given["why_not"].strip():
        faults["why_not"] = "Skriv varför behovet inte kan mötas."
    faults |= costs_faults(given)
    decision = given["decision"]
    if decision is not None and decision.case_id != version.case_id:
        faults["decision"] = "Beslutet hör till ett annat ärende."
    return faults


def outside_the_plan(version, starts_on, ends_on):
    faults = {}
    if starts_on and ends_on and ends_on < starts_on:
        return {"ends_on": "Insatsens sista dag ligger före den första."}
    if ends_on and ends_on < version.starts_on:
        faults["ends_on"] = f"Insatsen måste ligga inom planens tid, från {sv_date(version.starts_on)}."
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day and version.ends_on and day > version.ends_on:
            faults[name] = f"Insatsen måste ligga inom planens tid, till {sv_date(version.ends_on)}."
    return faults


def _whose(version, given, before):
    faults = {}
    if given["principal_kind"] != Measure.Principal.OTHER:
        faults["principal_choice"] = _principal_fault(version, given, before)
    elif not given["other_name"].strip():
        faults["other_name"] = "Skriv vem som vidtar åtgärden."
    if given["responsible"] is not None:
        faults["responsible"] = _responsible_fault(version, given, before)
    return {name: why for name, why in faults.items() if why}


def _principal_fault(version, given, before):
    principal = given["principal"]
    if principal is None:
        return "Välj vilken huvudman som svarar för insatsen."
    if (given["principal_kind"] == Measure.Principal.SOCIAL) != principal.is_social:
        return "Huvudmannen är av annat slag än det som valts."
    if before is not None and (before.principal_id, before.area) == (principal.pk, given["goal"].area):
        return ""
    if not principals_of(version.case).filter(pk=principal.pk).exists():
        return f"{principal.name} är inte med i teamet. Bjud in någon därifrån först."
    return _uncovered(version, given, principal)


def _responsible_fault(version, given, before):
    responsible = given["responsible"]
    if before is not None and (before.responsible_id, before.area) == (responsible.pk, given["goal"].area):
        return ""
    if responsible.case_id != version.case_id or responsible.state not in ("invited", "joined"):
        return "Den ansvariga är inte med i teamet."
    return _uncovered(version, given, responsible.member_authority)


def _uncovered(version, given, authority):
    """Nobody elsewhere gets something to do about a person who has not said yes to it, when no law says it either."""
    if authority.pk == version.authority_id or given["status"] == Measure.Status.NOT_AVAILABLE:
        return ""
    if is_covered(version.case, authority.pk, given["goal"].area, on=timezone.localdate()):
        return ""
    area = given["goal"].get_area_display().lower()
    return f"Det finns inget samtycke eller annan grund som låter {authority.name} veta något om {area}."
