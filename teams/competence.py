"""Who may decide what, on a day: scheme in force × row × its limits × role or named person × own employer (KL 6:37–38,
7:5; design.md rule 13). What the law keeps for the board or its committee nobody here decides, whatever a scheme says.

``amount`` in kronor, ``days`` and ``target`` (adult, child) measure the decision. A row with a limit covers only a
decision that says its measure and keeps within it: a decision that says nothing is covered by no limited row."""

from django.db.models import Q

from exitprogram.tenancy.models import Membership
from teams.matters import matter
from teams.models import DelegationRow, DelegationScheme


def rows_in_force(kind, *, on):
    """The rows of the scheme in force that day for this kind of matter, whatever their limits."""
    scheme = DelegationScheme.objects.in_force(on=on)
    rows = DelegationRow.objects.filter(scheme__in=scheme, kind=kind)
    return rows.none() if matter(kind).committee_only else rows.select_related("scheme", "member__user")


def within(rows, *, amount=None, days=None, target=None):
    """Those of the rows whose limits this decision keeps."""
    rows = rows.filter(Q(target=DelegationRow.Target.ALL) | Q(target=target or ""))
    rows = rows.filter(Q(max_amount=None) | Q(max_amount__gte=amount)) if amount is not None else rows.filter(
        max_amount=None)  # fmt: skip
    return rows.filter(Q(max_days=None) | Q(max_days__gte=days)) if days is not None else rows.filter(max_days=None)


def held_by(rows, by):
    """Those that name this membership or its role. A role is of the own board: KL 7:5."""
    return rows.filter(Q(member_id=by.pk) | Q(member=None, role=by.role, authority_id=by.authority_id))


def rows_of(by, kind, *, on):
    """Every row that gives this membership something to decide in that matter; each may have limits."""
    return held_by(rows_in_force(kind, on=on), by)


def row_for(by, kind, *, on, amount=None, days=None, target=None):
    """The row that makes this membership competent for a decision of these measures that day, or None."""
    return within(rows_of(by, kind, on=on), amount=amount, days=days, target=target).first()


def holders(rows, by, *, on):
    """Memberships of one's own board, in force that day, that these rows name or whose role they name."""
    roles, named = set(), set()
    for role, member_id in rows.values_list("role", "member_id"):
        (named.add(member_id) if member_id else roles.add(role))
    own = Membership.objects.filter(Q(role__in=roles) | Q(pk__in=named), authority_id=by.authority_id).in_force(on=on)
    return own.select_related("user").order_by("user__name", "pk")


def competent(by, kind, *, on, amount=None, days=None, target=None):
    """Memberships of one's own board that may decide this, of these measures, that day."""
    return holders(within(rows_in_force(kind, on=on), amount=amount, days=days, target=target), by, on=on)
