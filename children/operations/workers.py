from django.db import transaction
from django.utils import timezone

from cases.models import ChildWorker
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Permission, Role, require_role

ROLES = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)


@transaction.atomic
def give_child_worker(*, by, membership, qualified, starts_on=None, ends_on=None):
    """Let a colleague have children's cases. It opens none; ``qualified`` lets her sign assessments (SoL 25:1)."""
    require_role(by, Permission.GIVE_CHILD_WORK)
    today = timezone.localdate()
    starts_on = starts_on or today
    membership = Membership.objects.visible_to(by).select_related("user").get(pk=membership.pk)
    _require_fit(by, membership)
    if ends_on and ends_on < max(starts_on, today):
        raise Refused("Sista dagen kan inte ligga före den första, och inte ha varit.")
    standing = ChildWorker.objects.filter(membership=membership, ended_at=None)
    if standing.filter(ends_on=None).exists() or standing.filter(ends_on__gte=starts_on).exists():
        raise Refused(f"{membership.user.name} har redan behörigheten. Avsluta den först om något ska ändras.")
    row = ChildWorker(
        authority_id=by.authority_id, membership=membership, qualified=qualified, starts_on=starts_on, ends_on=ends_on,
        given_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="child_worker.given", obj=row, to=str(membership.pk), qualified=qualified)
    return row


def _require_fit(by, membership):
    if membership.user_id == by.user_id:
        raise NotAllowed("Du kan inte ge behörigheten till dig själv. Be en annan chef eller administratör.")
    if membership.authority_id != by.authority_id or by.authority.kind != Authority.Kind.SOCIAL_BOARD:
        raise NotAllowed("Behörigheten ges bara till den egna nämndens personal.")
    if membership.role not in ROLES:
        raise Refused("Behörigheten är för socialsekreterare och enhetschefer.")


@transaction.atomic
def end_child_worker(*, by, worker):
    """At once: every child's case closes to her, whatever else she has been granted."""
    require_role(by, Permission.GIVE_CHILD_WORK)
    worker = ChildWorker.objects.visible_to(by).select_for_update(of=("self",)).get(pk=worker.pk)
    if worker.ended_at or (worker.ends_on and worker.ends_on < timezone.localdate()):
        raise Refused("Behörigheten är redan avslutad.")
    worker.ended_at, worker.ended_by = timezone.now(), by
    worker.save(update_fields=["ended_at", "ended_by"])
    record(by=by, action="child_worker.ended", obj=worker, of=str(worker.membership_id))
    return worker
