"""What a decision in a child's case asks, and what follows: who may have it sent, who may prepare it, and which clocks
begin, move or end."""

from datetime import timedelta

from django.utils import timezone

from cases.access import require_child_worker
from cases.models import AccessGrant, Case
from cases.operations import grant_access
from children.asking import require_qualified
from children.models import Investigation
from children.operations.investigation import extend_investigation, open_investigation
from children.operations.reports import answer_reports, extend_opening
from exitprogram.errors import NotAllowed, Refused
from teams.consequences import asked, following

TO_READ = timedelta(days=30)  # for who decides and does not have the case
FOLLOWS = {
    "investigation_open": open_investigation, "investigation_not_open": answer_reports,
    "investigation_extend": extend_investigation, "opening_extend": extend_opening,
}  # fmt: skip
WEIGHED = (*FOLLOWS, "investigation_close")


@asked
def of_a_child(*, by, case, decision, to):
    if decision.target != Case.Programme.CHILD:
        return
    require_child_worker(to, by=by)
    if decision.kind not in WEIGHED:
        return
    require_qualified(decision.proposed_by)
    _require_fitting(case, decision)
    held = AccessGrant.objects.in_force(to, on=timezone.localdate()).filter(content_object=case)
    if not held.exclude(kind=AccessGrant.Kind.EMERGENCY).exists():
        grant_access(
            by=by, case=case, membership=to, kind=AccessGrant.Kind.NAMED, reason="Ska besluta om utredningen.",
            ends_on=timezone.localdate() + TO_READ,
        )  # fmt: skip


def _require_fitting(case, decision):
    runs = Investigation.objects.running().filter(case=case).exists()
    if decision.kind in ("investigation_open", "investigation_not_open", "opening_extend") and runs:
        raise Refused("En utredning pågår redan. Då behövs inget beslut om att inleda (20 kap. 2 § SoL).")
    if decision.kind in ("investigation_extend", "investigation_close") and not runs:
        raise Refused("Ingen utredning pågår i ärendet.")
    if decision.kind in ("investigation_extend", "opening_extend") and not decision.days:
        raise Refused("Skriv hur många dagar tiden förlängs: den förlängs bara för en viss tid.")


@following
def in_a_childs_case(*, by, decision):
    act = FOLLOWS.get(decision.kind)
    if act is None or decision.target != Case.Programme.CHILD or not decision.is_grant:
        return
    case = Case.objects.held_by(by).filter(pk=decision.case_id).first()
    if case is None:
        raise NotAllowed("Den som beslutar om ett barns utredning ska ha ärendet. Be den som handlägger öppna det.")
    act(by=by, case=case, decision=decision)
