"""Every write about who works here."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.holdings import left_without_coordinator
from exitprogram.tenancy.models import Authority, Membership, User
from exitprogram.tenancy.passwords import mail_link_to_new
from exitprogram.tenancy.roles import Permission, Role, require_role
from exitprogram.tenancy.sessions import end_all
from exitprogram.tenancy.units import require_open

# Which roles an employer of that kind can give; a region's nurse is never a social board's case worker.
ROLES_OF = {
    Authority.Kind.SOCIAL_BOARD: {
        Role.SOCIAL_WORKER, Role.UNIT_MANAGER, Role.ADMINISTRATOR, Role.REGIONAL_COORDINATOR,
    },
    Authority.Kind.JOINT_BOARD: {
        Role.SOCIAL_WORKER, Role.UNIT_MANAGER, Role.ADMINISTRATOR, Role.REGIONAL_COORDINATOR,
    },
    Authority.Kind.HEALTH_AUTHORITY: {Role.HEALTHCARE, Role.ADMINISTRATOR},
    Authority.Kind.PARTNER: {Role.PARTNER, Role.ADMINISTRATOR},
}  # fmt: skip


class Upkeep:
    """Stands where ``by`` stands when nobody is signed in yet: a command run on the server, in one authority."""

    pk = user_id = None

    def __init__(self, authority):
        self.authority, self.authority_id = authority, authority.pk


@transaction.atomic
def seat_administrator(*, by, email, name, title="", role=Role.ADMINISTRATOR):
    """The first administrator of an authority, by a command on the server; ``by`` is ``Upkeep``. Everybody else is
    added by an administrator. In a small organisation the same person does the work too: a second call with ``role``,
    since nobody can give herself one."""
    user, _new = User.objects.get_or_create(email=email.strip().lower(), defaults={"name": name})
    seated = Membership.objects.filter(authority_id=by.authority_id, user=user, role=role)
    if member := seated.in_force(on=timezone.localdate()).first():  # is there, and may have rested
        member.reopened_on = timezone.localdate()
        member.save(update_fields=["reopened_on"])
        record(by=by, action="membership.reopened", obj=member)
        return member
    member = Membership.objects.create(
        authority_id=by.authority_id, user=user, role=role, title=title or role.label.lower()
    )
    _account(OPEN_ACCOUNT, user)
    record(by=by, action="membership.seated", obj=member)
    return member


@transaction.atomic
def add_member(*, by, email, name, role, title="", unit=None, starts_on=None, ends_on=None):
    """Give a person a role in one's own authority, from–to, in a unit of it. Raises NotAllowed or Refused."""
    require_role(by, Permission.ADMINISTER)
    if role not in ROLES_OF[by.authority.kind]:
        raise Refused(f"Rollen {Role(role).label} finns inte hos {by.authority.name}.")
    starts_on = starts_on or timezone.localdate()
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if unit is not None:
        unit = require_open(by, unit)
    user, _new = User.objects.get_or_create(email=email.strip().lower(), defaults={"name": name})
    if user.pk == by.user_id:
        raise NotAllowed("Du kan inte ge dig själv en roll. Be en annan administratör.")
    same = Membership.objects.filter(authority_id=by.authority_id, user=user, role=role)
    if any(_overlap(other, starts_on, ends_on) for other in same):
        raise Refused(f"{user.name} har redan den rollen under de dagarna.")
    member = Membership.objects.create(
        authority_id=by.authority_id, user=user, role=role, title=title, unit=unit, starts_on=starts_on, ends_on=ends_on
    )
    _account(OPEN_ACCOUNT, user)
    record(by=by, action="membership.added", obj=member, role=role)
    transaction.on_commit(lambda: mail_link_to_new(user.pk), robust=True)  # one mail that fails stops no other
    return member


# Nobody but its owner changes an account, so the database itself does, and asks whether any role is left to her.
OPEN_ACCOUNT, CLOSE_ACCOUNT = "SELECT wall.open_account(%s)", "SELECT wall.close_account(%s)"


def _account(change, user):
    with connection.cursor() as cursor:
        cursor.execute(change, [user.pk])


def _overlap(member, starts_on, ends_on):
    far = timezone.datetime.max.date()
    return member.starts_on <= (ends_on or far) and starts_on <= (member.ends_on or far)


@transaction.atomic
def reopen_member(*, by, membership):
    """A role that has rested opens again, from today. Somebody who has not used it for a month may have left: whoever
    presses knows."""
    require_role(by, Permission.ADMINISTER)
    membership = Membership.objects.visible_to(by).select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.authority_id != by.authority_id or membership.user_id == by.user_id:
        raise NotAllowed("Bara en annan administratör hos den egna arbetsgivaren kan öppna rollen.")
    membership.reopened_on = timezone.localdate()
    membership.save(update_fields=["reopened_on"])
    record(by=by, action="membership.reopened", obj=membership)
    return membership


@transaction.atomic
def end_member(*, by, membership, ends_on):
    """The last day of a role. Access is gone the day after, in both walls, with no job running."""
    require_role(by, Permission.ADMINISTER)
    if membership.user_id == by.user_id:
        raise NotAllowed("Du kan inte avsluta din egen roll. Be en annan administratör.")
    membership = Membership.objects.visible_to(by).select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.authority_id != by.authority_id:
        raise NotAllowed("Bara den egna arbetsgivaren kan avsluta rollen.")
    if ends_on < membership.starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    same = Membership.objects.filter(authority_id=by.authority_id, user=membership.user_id, role=membership.role)
    if any(_overlap(other, membership.starts_on, ends_on) for other in same.exclude(pk=membership.pk)):
        raise Refused(f"{membership.user.name} har samma roll på nytt under de dagarna. Välj en tidigare dag.")
    if left := left_without_coordinator(membership, ends_on):
        cases = "ett ärende" if left == 1 else f"{left} ärenden"
        raise Refused(f"{membership.user.name} är samordnare i {cases} efter den dagen. Lämna över först.")
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    record(by=by, action="membership.ended", obj=membership, ends_on=str(ends_on))
    return membership


@transaction.atomic
def end_all_roles(*, by, membership):
    """Somebody has left: every role she has in one's own authority ends, at once, and she is signed out everywhere. Her
    account is closed too when no other authority has given her one; whether any has is told to nobody.

    A role that began today has today as its last day; one that has not begun is taken away.
    """
    require_role(by, Permission.ADMINISTER)
    if membership.authority_id != by.authority_id or membership.user_id == by.user_id:
        raise NotAllowed("Bara en annan administratör hos den egna arbetsgivaren kan avsluta allt.")
    today = timezone.localdate()
    hers = Membership.objects.visible_to(by).filter(authority_id=by.authority_id, user_id=membership.user_id)
    standing = list(hers.standing(on=today).select_for_update(of=("self",)).order_by("pk"))
    last = {role.pk: max(role.starts_on, today - timedelta(days=1)) for role in standing}
    if left := sum(left_without_coordinator(role, last[role.pk]) for role in standing):
        cases = "ett ärende" if left == 1 else f"{left} ärenden"
        raise Refused(f"{membership.user.name} är samordnare i {cases}. Lämna över först.")
    for role in standing:
        _end_now(role, last[role.pk], begun=role.starts_on <= today)
    ended = end_all(membership.user_id)
    _account(CLOSE_ACCOUNT, membership.user)
    record(by=by, action="membership.all_ended", obj=membership, roles=len(standing), sessions=ended)
    return standing


def _end_now(role, last, *, begun):
    if begun:
        role.ends_on = last
        role.save(update_fields=["ends_on"])
        return
    try:
        gone, _rows = role.delete()
    except ProtectedError:
        raise Refused(f"Rollen som börjar {role.starts_on:%Y-%m-%d} är redan lagd i något. Ta bort den där först.")
    if not gone:  # PostgreSQL says nothing of a row that its wall keeps
        raise Refused(f"Rollen som börjar {role.starts_on:%Y-%m-%d} gick inte att ta bort.")
