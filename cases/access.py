"""The one question about a case: may this membership do this to it? Authority, then role, then the case itself."""

from cases.models import AccessGrant, Case
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.roles import Permission, may


def can(by, permission, case):
    if by.authority_id != case.authority_id or not may(by, permission):
        return False
    return Case.objects.visible_to(by).filter(pk=case.pk).exists()


def require(by, permission, case):
    """Raises NotAllowed with a sentence that says whom to ask."""
    if can(by, permission, case):
        return
    if may(by, permission):
        raise NotAllowed("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    raise NotAllowed(f"Din roll ger inte rätt att {Permission(permission).label}.")


def ground_of(by, case, *, on):
    """On what ground the case is open, as a code word for the log; '' when it is not."""
    grants = AccessGrant.objects.in_force(by, on=on).filter(content_object=case)
    return grants.order_by("created_at", "pk").values_list("kind", flat=True).first() or ""
