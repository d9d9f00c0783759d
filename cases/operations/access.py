from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cases.access import can, only_in_emergency, open_permission, require, require_child_worker, require_not_blocked
from cases.models import AccessGrant, Case
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, Role

ANY_DAY = object()


@transaction.atomic
def grant_access(*, by, case, membership, kind, reason, starts_on=None, ends_on=None):
    """Open the case to one membership of the same authority. Both walls and the composite key refuse any other."""
    _require_opener(by, case)
    if kind in AccessGrant.TAKEN:
        raise NotAllowed("Den åtkomsten tar var och en själv, med ett skäl.")
    if membership.authority_id != case.authority_id:
        raise NotAllowed("Ärendet kan bara öppnas för den egna nämndens personal.")
    starts_on = starts_on or timezone.localdate()
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    require_not_blocked(case, membership)
    if case.programme == Case.Programme.CHILD:
        require_child_worker(membership, by=by)
    _require_no_longer_than_own(by, case, ends_on)
    grant = AccessGrant(
        authority_id=case.authority_id, content_object=case, membership=membership, user_id=membership.user_id,
        permission=open_permission(), kind=kind, reason=reason, starts_on=starts_on, ends_on=ends_on, granted_by=by,
    )  # fmt: skip
    grant.save(force_insert=True)
    record(by=by, action="access.granted", obj=grant, case=case, to=str(membership.pk), kind=kind)
    return grant


def _require_opener(by, case):
    """One who holds it, the unit's manager, or whoever has just made it: as ``wall.may_grant`` has it. One who is in by
    an emergency opens it to nobody, manager or not."""
    own = by.authority_id == case.authority_id
    just_made = case.created_by_id == by.pk and not AccessGrant.objects.filter(content_object=case).exists()
    manager = by.role == Role.UNIT_MANAGER and not only_in_emergency(by, case) and _wall_lets_open(case)
    if not (own and (manager or just_made or can(by, Permission.READ_CASE, case))):
        raise NotAllowed("Bara den som har ärendet, eller enhetschefen, kan öppna det för någon annan.")


def _wall_lets_open(case):
    """A manager need not have the case, but of a protected person it is not there for her: only the database knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.may_grant(%s)", [case.pk])
        return cursor.fetchone()[0]


def _require_no_longer_than_own(by, case, ends_on):
    """Whoever has the case until a day opens it for nobody beyond that day, herself included."""
    own = AccessGrant.objects.in_force(by, on=timezone.localdate()).filter(content_object=case)
    days = list(own.values_list("ends_on", flat=True))
    if days and None not in days and by.role != Role.UNIT_MANAGER and (ends_on is None or ends_on > max(days)):
        raise Refused(f"Du har ärendet till och med {max(days)} och kan inte öppna det längre än så för någon.")


@transaction.atomic
def end_access(*, by, case, membership, kind, last_on=ANY_DAY):
    """Close what ``grant_access`` opened, at once, also what would have begun later. With ``last_on`` only what was
    opened to that day (None: without one), since a deputy who covers has two. Returns how many ended."""
    require(by, Permission.READ_CASE, case)
    rows = AccessGrant.objects.filter(content_object=case, membership=membership, kind=kind, ended_at=None)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
    rows = rows if last_on is ANY_DAY else rows.filter(ends_on=last_on)
    ended = rows.update(ended_at=timezone.now())
    record(by=by, action="access.ended", obj=case, case=case, of=str(membership.pk), kind=kind, ended=ended)
    return ended
