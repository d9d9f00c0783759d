"""Where an investigation stands, and what it may end in."""

from children.models import Investigation
from exitprogram.errors import Refused
from teams.models import Decision

# Decisions about the investigation's own course: none of them says what the child gets.
OWN_COURSE = ("investigation_open", "investigation_not_open", "investigation_extend", "opening_extend")


def running_in(case):
    row = Investigation.objects.running().filter(case=case).first()
    if row is None:
        raise Refused("Ingen utredning pågår i ärendet.")
    return row


def endings_of(by, investigation):
    """Decisions in the case that it may end in."""
    decided = Decision.objects.visible_to(by).decided().filter(case_id=investigation.case_id)
    return decided.filter(decided_on__gte=investigation.opened_on).exclude(kind__in=OWN_COURSE)
