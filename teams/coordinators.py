"""Who may hold a plan together: the questions that every appointment, cover and handover asks first."""

from django.utils import timezone

from cases.access import require_not_blocked
from cases.models import AccessGrant
from exitprogram.errors import NotAllowed, Refused
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role

MAY_APPOINT = (AccessGrant.Kind.WORKER, AccessGrant.Kind.COORDINATOR)


def employed(by, case, membership, *, on):
    """The membership, when the law lets it coordinate: a social worker of the case's own board, with no conflict."""
    found = Membership.objects.visible_to(by).in_force(on=on).select_related("user").filter(pk=membership.pk).first()
    if found is None or found.authority_id != case.authority_id or found.role != Role.SOCIAL_WORKER:
        raise Refused("Samordnaren ska vara anställd i socialtjänsten hos den egna nämnden.")
    require_not_blocked(case, found)
    return found


def require_lasting(membership):
    """A coordinator is there until somebody takes over; a role with a last day would end before anybody has."""
    if membership.ends_on:
        raise Refused(
            f"{membership.user.name}s roll slutar {sv_day(membership.ends_on)}. En samordnare utses tills vidare: välj"
            " någon annan, eller låt administratören förlänga rollen först."
        )


def require_appointer(by, case):
    """Being in the team, perhaps until a last day, is not enough: an appointment has no last day."""
    grants = AccessGrant.objects.in_force(by, on=timezone.localdate()).filter(content_object=case)
    if by.role != Role.UNIT_MANAGER and not grants.filter(kind__in=MAY_APPOINT).exists():
        raise NotAllowed("Bara den som handlägger ärendet, samordnaren eller enhetschefen kan utse samordnare.")
