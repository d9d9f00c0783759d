from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases.access import require
from cases.models import AccessBlock, AccessGrant, Case, EmergencyAccess
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def block_access(*, by, case, user, kind, reason):
    """Close everything about the person to one who works here or at a partner, in every membership she has: what she
    has is ended now, and no grant, team or emergency opens it again while the block stands. She is told nothing."""
    require(by, Permission.BUILD_TEAM, case, after_closing=True)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if user.pk == by.user_id:
        raise Refused("Du kan inte spärra dig själv. Be den som leder enheten, eller någon annan i ärendet.")
    if not reason.strip():
        raise Refused("Skriv varför.")
    if AccessBlock.objects.standing().of_case(case).filter(user=user).exists():
        raise Refused(f"{user.name} är redan spärrad.")
    block = AccessBlock(authority_id=case.authority_id, case=case, user=user, kind=kind, reason=reason, set_by=by)
    block.save(force_insert=True)
    ended = _end_all(user, case)
    record(by=by, action="access.blocked", obj=block, case=case, of=str(user.pk), kind=kind, ended=ended)
    return block


def _end_all(user, case):
    """In this case and in the person's others that the setter has; the wall closes the rest by itself."""
    now, cases = timezone.now(), Case.objects.filter(individual_id=case.individual_id)
    EmergencyAccess.objects.running().filter(user=user, case__in=cases).update(ended_at=now)
    grants = AccessGrant.objects.filter(user=user, content_object__in=cases, ended_at=None)
    return grants.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())).update(ended_at=now)


@transaction.atomic
def lift_block(*, by, case, block, reason):
    """The block was wrong, or is no longer needed. What it ended stays ended: it is given anew, if at all."""
    require(by, Permission.BUILD_TEAM, case, after_closing=True)
    block = AccessBlock.objects.select_for_update(of=("self",)).select_related("user").get(pk=block.pk)
    if block.ended_at:
        raise Refused("Spärren är redan hävd.")
    if not reason.strip():
        raise Refused("Skriv varför spärren hävs.")
    block.ended_at, block.ended_by, block.end_reason = timezone.now(), by, reason
    block.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(by=by, action="access.block_lifted", obj=block, case=case, of=str(block.user_id))
    return block
