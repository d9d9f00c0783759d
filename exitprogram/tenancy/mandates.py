"""Who may decide for whom across authorities, that day (KL 9:37). The one door for the rooms that decide."""

from django.db.models import Exists, OuterRef, Q

from exitprogram.tenancy.models import Mandate, Membership


def mandate_for(by, authority, kind, *, on):
    """The mandate by which this membership may decide matters of this kind for another board that day, or None. It
    stands instead of being employed there and of nothing else: the board's own scheme and KL 6:38 still hold."""
    given = Mandate.objects.visible_to(by).in_force(on=on).filter(authority_id=getattr(authority, "pk", authority))
    given = given.filter(employer_authority_id=by.authority_id, kinds__contains=[str(kind)])
    if not by.in_force(on=on):
        return None
    return given.filter(Q(membership_id=by.pk) | Q(role=by.role)).order_by("role", "created_at", "pk").first()


def mandated(by, kind, *, on):
    """Memberships elsewhere that may decide matters of this kind for one's own board that day."""
    given = Mandate.objects.in_force(on=on).filter(authority_id=by.authority_id, kinds__contains=[str(kind)])
    named = Q(pk__in=given.exclude(membership=None).values("membership_id"))
    return Membership.objects.filter(named | _holds(given)).in_force(on=on).select_related("user", "authority")


def boards_for(by, *, on):
    """Ids of the boards for which this membership may decide something that day."""
    given = Mandate.objects.visible_to(by).in_force(on=on).filter(employer_authority_id=by.authority_id)
    return given.filter(Q(membership_id=by.pk) | Q(role=by.role)).values("authority_id")


def named_to(by):
    """Ids of those whom an agreement or a proposal of one's own board names."""
    return Mandate.objects.visible_to(by).exclude(membership=None).values("membership_id")


def role_holders_for(by, *, on):
    """As a condition on memberships: in force, in a role that has a mandate for one's own board that day."""
    given = Mandate.objects.in_force(on=on).filter(authority_id=by.authority_id)
    still = Q(ends_on=None) | Q(ends_on__gte=on)
    return Q(_holds(given), still, starts_on__lte=on)


def _holds(given):
    return Q(Exists(given.filter(employer_authority_id=OuterRef("authority_id"), role=OuterRef("role"))))
