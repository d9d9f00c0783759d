"""Who may decide for whom across authorities, that day (KL 9:37). The one door for the rooms that decide. ``target`` is
whom the matter is about, adult or child: a mandate reaches as far as its agreement's programmes."""

from django.db.models import Exists, OuterRef, Q

from exitprogram.tenancy.models import Mandate, Membership


def mandate_for(by, authority, kind, *, on, target=None):
    """The mandate by which this membership may decide matters of this kind for another board that day, or None. It
    stands instead of being employed there and of nothing else: the board's own scheme and KL 6:38 still hold."""
    if not by.in_force(on=on):
        return None
    given = given_to(by, on=on).filter(authority_id=getattr(authority, "pk", authority))
    return _about(given, kind, target).order_by("role", "created_at", "pk").first()


def given_to(by, *, on):
    """Mandates by which this membership may decide something for another board that day."""
    given = Mandate.objects.visible_to(by).in_force(on=on).filter(employer_authority_id=by.authority_id)
    return given.filter(Q(membership_id=by.pk) | Q(role=by.role))


def mandated(by, kind, *, on, target=None):
    """Memberships elsewhere that may decide matters of this kind for one's own board that day."""
    given = _about(Mandate.objects.in_force(on=on).filter(authority_id=by.authority_id), kind, target)
    named = Q(pk__in=given.exclude(membership=None).values("membership_id"))
    return Membership.objects.filter(named | _holds(given)).in_force(on=on).select_related("user", "authority")


def boards_for(by, *, on):
    """Ids of the boards for which this membership may decide something that day."""
    return given_to(by, on=on).values("authority_id")


def named_to(by):
    """Ids of those whom an agreement or a proposal of one's own board names."""
    return Mandate.objects.visible_to(by).exclude(membership=None).values("membership_id")


def role_holders_for(by, *, on):
    """As a condition on memberships: in force, in a role that has a mandate for one's own board that day."""
    given = Mandate.objects.in_force(on=on).filter(authority_id=by.authority_id)
    still = Q(ends_on=None) | Q(ends_on__gte=on)
    return Q(_holds(given), still, starts_on__lte=on)


def _about(given, kind, target):
    given = given.filter(kinds__contains=[str(kind)])
    return given.filter(agreement__programmes__contains=[target]) if target else given


def _holds(given):
    return Q(Exists(given.filter(employer_authority_id=OuterRef("authority_id"), role=OuterRef("role"))))
