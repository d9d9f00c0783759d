"""The one question about a case: may this membership do this to it? Authority, then role, then the case itself."""

from django.contrib.auth.models import Permission as DjangoPermission
from django.utils import timezone

from cases.models import AccessBlock, AccessGrant, Case, ChildWorker, EmergencyAccess
from cases.models.case import held_cases, open_cases, worked_cases
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.prepared import Known, asked_once, prepared_rows
from exitprogram.tenancy.roles import Permission, Role, may

IN_EMERGENCY = frozenset({Permission.WRITE_NOTE})
# What goes on in a closed case: it is read, late facts are written down (SoL 14:3), copies are asked for; and what is
# known of the person is kept right, her protection above all.
AFTER_CLOSING = frozenset({
    Permission.READ_CASE, Permission.WRITE_NOTE, Permission.EXPORT_PLAN, Permission.DISCLOSE, Permission.CLOSE_CASE,
})  # fmt: skip


def can(by, permission, case, in_emergency=False):
    """``in_emergency``: this may be done also by one who has the case for an hour in an emergency. By default not, so
    that what is new is closed to her until somebody has thought about it; she reads, and writes notes."""
    if by.authority_id != case.authority_id or not may(by, permission):
        return False
    if not in_emergency:
        return _among(held_cases, _held, by, case)
    return reads(by, case) if permission == Permission.READ_CASE else _among(worked_cases, _worked, by, case)


def reads(by, case):
    """Whether it is open at all."""
    return _among(open_cases, _open, by, case)


def _among(cases, one, by, case):
    """On a page that looks, the answer is among those that it has; what writes asks anew, and of this case alone."""
    found = cases(by)
    return found.holds(case.pk) if isinstance(found, Known) else bool(one(by, case.pk))


@prepared_rows
def _open(by, case):
    return Case.objects.visible_to(by).filter(pk=case)


@prepared_rows
def _held(by, case):
    return Case.objects.held_by(by).filter(pk=case)


@prepared_rows
def _worked(by, case):
    return Case.objects.worked_by(by).filter(pk=case)


def require(by, permission, case, in_emergency=False, after_closing=False):
    """Raises NotAllowed with a sentence that says whom to ask; Refused when the case is closed and this is not among
    what goes on then."""
    if can(by, permission, case, in_emergency):
        if not after_closing and permission not in AFTER_CLOSING:
            require_not_closed(case)
        return
    if may(by, permission):
        if only_in_emergency(by, case):
            raise NotAllowed("Med nödåtkomst går det att läsa och att skriva anteckningar, inget annat.")
        if reads(by, case):
            raise NotAllowed("Akten är öppen för dig för att läsas en tid, inget annat.")
        raise NotAllowed("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    raise NotAllowed(f"Din roll ger inte rätt att {Permission(permission).label}.")


def require_not_closed(case):
    if Case.objects.filter(pk=case.pk).exclude(closed_on=None).exists():
        raise Refused("Ärendet är avslutat. Ta upp det igen om arbetet ska fortsätta.")


def require_not_blocked(case, membership):
    """For those who have the case, and may see its blocks; the wall refuses in any case."""
    if AccessBlock.objects.standing().of_case(case).filter(user_id=membership.user_id).exists():
        raise Refused(f"{membership.user.name} är spärrad i ärendet.")


@prepared_rows
def _of_children(by):
    return ChildWorker.objects.of(by, on=timezone.localdate())


def is_child_worker(membership, *, qualified=False):
    """May have children's cases today; ``qualified``: and may sign their assessments (SoL 25:1)."""
    return any(row.qualified or not qualified for row in _of_children(membership))


def require_child_worker(membership, *, by):
    """Asked before a child's case is opened to somebody."""
    if is_child_worker(membership):
        return
    if membership.pk == by.pk:
        raise NotAllowed("Du har inte behörighet till barns ärenden. Be chefen eller administratören om den.")
    raise NotAllowed(
        f"{membership.user.name} har inte behörighet till barns ärenden. Chefen eller administratören kan ge den."
    )


def only_in_emergency(by, case):
    """Open for an hour, and on no other ground."""
    return ground_of(by, case) == AccessGrant.Kind.EMERGENCY


@prepared_rows
def _grants(by, case):
    grants = AccessGrant.objects.in_force(by, on=timezone.localdate()).filter(content_object_id=case)
    return grants.order_by("created_at", "pk")


@asked_once
def kinds_of(by, case):
    """How the case is open to this membership today, oldest first."""
    return [grant.kind for grant in _grants(by, case.pk)]


def ground_of(by, case):
    """On what ground the case is open today, as a code word for the log; '' when it is not. An emergency only when it
    is the one there is."""
    kinds = kinds_of(by, case)
    held = [kind for kind in kinds if kind not in AccessGrant.TAKEN]
    return (held or kinds or [""])[0]


def may_review(by, emergency):
    """Who leads the unit; of a leader's own emergency also those who hold the case. Never the one who used it, in
    whichever of her memberships."""
    seen = EmergencyAccess.objects.visible_to(by).filter(pk=emergency.pk).exclude(user_id=by.user_id)
    if not seen.exists():
        return False
    if by.role == Role.UNIT_MANAGER:
        return True
    return emergency.membership.role == Role.UNIT_MANAGER and can(by, Permission.READ_CASE, emergency.case_ref)


def open_permission():
    return DjangoPermission.objects.get(codename="open_case", content_type__app_label="cases")
