"""Who may decide what, today: scheme in force × row × role × own employer (KL 6:37, 7:5; design.md rule 13)."""

from django.db.models import Q

from exitprogram.tenancy.models import Membership
from teams.models import DelegationRow, DelegationScheme


def rows_in_force(kind, *, on):
    """The rows of the scheme in force that day for this kind of matter."""
    scheme = DelegationScheme.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return DelegationRow.objects.filter(scheme__in=scheme, kind=kind).select_related("scheme")


def row_for(by, kind, *, on):
    """The row that makes this membership competent that day, or None."""
    return rows_in_force(kind, on=on).filter(role=by.role).first()


def competent(by, kind, *, on):
    """Memberships of one's own board that may decide this kind of matter that day."""
    roles = rows_in_force(kind, on=on).values("role")
    own = Membership.objects.filter(authority_id=by.authority_id, role__in=roles).in_force(on=on)
    return own.select_related("user").order_by("user__name", "pk")
