"""What opens an area of the plan to another authority on a day: a waiver of secrecy, or a ground in law. Python's own
telling of it, for pages and refusals; the database's is ``wall.covers``."""

from dataclasses import dataclass
from datetime import date

from cases.models import Consent, SecrecyException
from exitprogram.law.rules import all_rules

CONSENTED = "personen har samtyckt"
WAIVED = "Samtycke (OSL 10:1, 12:2)"
GROUNDS = "secrecy.exception."
IN_FULL = "offentlighets- och sekretesslagen (2009:400)"


@dataclass(frozen=True)
class Cover:
    recipient_id: object
    areas: tuple
    ends_on: date | None
    because: str  # ends a sentence: «… för att personen har samtyckt»
    ground: str  # as it is written on what leaves the authority


def covers(case, *, on):
    """Everything that holds that day, of both kinds."""
    waivers = Consent.objects.waivers().in_force(on=on).filter(case=case)
    grounds = SecrecyException.objects.in_force(on=on).filter(case=case)
    return [Cover(w.recipient_id, tuple(w.areas), w.ends_on, CONSENTED, WAIVED) for w in waivers] + [
        Cover(e.recipient_id, tuple(e.areas), e.ends_on, f"lagen tillåter det ({law_of(e)})", law_of(e))
        for e in grounds
    ]


def law_of(exception):
    return law_of_rule(exception.rule)


def law_of_rule(ground):
    """«26 kap. 9 § OSL»"""
    return ground.citation.replace(IN_FULL, "OSL")


def grounds_for(authority, *, on):
    """The grounds in law that this kind of authority may lean on that day to open a part of the plan."""
    return [
        found for found in all_rules()
        if found.id.startswith(GROUNDS) and found.in_force(on) and found.values["standing"]
        and authority.kind in found.values["from"]
    ]  # fmt: skip


def towards(case, authority_id, *, on):
    return [cover for cover in covers(case, on=on) if cover.recipient_id == authority_id]


def is_covered(case, authority_id, area, *, on):
    return any(area in cover.areas for cover in towards(case, authority_id, on=on))
