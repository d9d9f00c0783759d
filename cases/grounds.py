"""On what ground something may leave the authority: law data, chosen with a written reason and checked against whom it
goes to, from what kind of authority, how old the person is and the day."""

from datetime import date

from cases.models import Case, Consent
from exitprogram.errors import Refused
from exitprogram.law.rules import all_rules

WAIVER = "secrecy.waiver"
TRANSFER = "secrecy.disclosure.transfer"
PREFIXES = ("secrecy.exception.", "secrecy.disclosure.")
OUTSIDE = {
    "police": "Polisen eller en åklagare", "agency": "En annan svensk myndighet",
    "individual": "Personen själv eller ett ombud", "guardian": "En vårdnadshavare", "other": "Någon annan",
}  # fmt: skip


def grounds(authority, *, on):
    """What this authority may choose between that day, consent first."""
    found = [rule for rule in all_rules() if rule.in_force(on) and rule.id.startswith(PREFIXES)]
    mine = [rule for rule in found if authority.kind in rule.values["from"] and "only" not in rule.values]
    return [rule for rule in all_rules() if rule.id == WAIVER and rule.in_force(on)] + mine


def checked(rule_id, *, by, case, to_kind, recipient, on, only=None):
    """(rule, consent or None). Refuses with a sentence a ground that does not reach this recipient or person."""
    rule = next((r for r in all_rules() if r.id == rule_id and r.in_force(on)), None)
    if rule is None or (rule.id != WAIVER and not rule.id.startswith(PREFIXES)):
        raise Refused("Välj en grund som gäller i dag.")
    if rule.id == WAIVER:
        return rule, _waiver(case, recipient, on)
    if rule.values.get("only") != only or by.authority.kind not in rule.values["from"]:
        raise Refused(f"{rule.citation} kan inte användas här.")
    if to_kind not in rule.values["to"]:
        raise Refused(f"{rule.citation} räcker inte till den mottagaren. Välj en annan grund.")
    _require_age(rule, case, on)
    return rule, None


def _waiver(case, recipient, on):
    """Towards an authority in the system the consent itself must be there; for others it is told of in the reason."""
    if recipient is None:
        return None
    waiver = Consent.objects.waivers().in_force(on=on).filter(case=case, recipient=recipient).first()
    if waiver is None:
        raise Refused("Det finns inget samtycke som gäller för den mottagaren i dag. Registrera det först.")
    return waiver


def _require_age(rule, case, on):
    under = rule.values.get("under")
    born = case.individual.birth_date
    if under is None or (born is None and case.programme == Case.Programme.CHILD):
        return
    if born is None:
        raise Refused(f"Grunden kräver att personen är under {under} år. Skriv in födelsedagen först.")
    if date(born.year + under, born.month, min(born.day, 28)) <= on:
        raise Refused(f"Personen har fyllt {under} år. Grunden gäller bara den som är yngre.")
