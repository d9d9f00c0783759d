"""Who may decide what, on a day: scheme in force × row × its limits × role or named person × own employer (KL 6:37–38,
7:5; design.md rule 13), or a mandate from the board instead of being employed there (KL 9:37). What the law keeps for
the board or its committee nobody here decides, whatever a scheme says.

``amount`` in kronor, ``days`` and ``target`` (adult, child) measure the decision. A row with a limit covers only a
decision that says its measure and keeps within it: a decision that says nothing is covered by no limited row."""

from django.db.models import Case, Q, Value, When

from exitprogram.tenancy.mandates import mandate_for, mandated
from exitprogram.tenancy.models import Membership
from teams.matters import matter
from teams.models import DelegationRow, DelegationScheme


def rows_in_force(kind, *, on, board=None):
    """The rows of the scheme in force that day for this kind of matter, whatever their limits. ``board``: the id of
    another than one's own; ask ``rows_of``, which asks for the mandate first."""
    if matter(kind).committee_only:
        return DelegationRow.objects.none()
    if board is None:
        rows = DelegationRow.objects.filter(scheme__in=DelegationScheme.objects.in_force(on=on))
    else:
        schemes = DelegationScheme.across.in_force(on=on).filter(authority_id=board)
        rows = DelegationRow.across.filter(scheme__in=schemes, authority_id=board)
    return rows.filter(kind=kind).select_related("scheme", "member__user")


def within(rows, *, amount=None, days=None, target=None):
    """Those of the rows whose limits this decision keeps."""
    rows = rows.filter(Q(target=DelegationRow.Target.ALL) | Q(target=target or ""))
    rows = rows.filter(Q(max_amount=None) | Q(max_amount__gte=amount)) if amount is not None else rows.filter(
        max_amount=None)  # fmt: skip
    return rows.filter(Q(max_days=None) | Q(max_days__gte=days)) if days is not None else rows.filter(max_days=None)


def held_by(rows, by, *, board=None):
    """Those that name this membership or its role. A role is of the board's own staff (KL 7:5), or of whoever it has
    given a mandate, when ``board`` is theirs."""
    return rows.filter(Q(member_id=by.pk) | Q(member=None, role=by.role, authority_id=board or by.authority_id))


def rows_of(by, kind, *, on, board=None, target=None):
    """Every row that gives this membership something to decide in that matter; each may have limits. ``board``: whose
    matter it is, when it may be another's than her own."""
    if board in (None, by.authority_id):
        return held_by(rows_in_force(kind, on=on), by)
    if mandate_for(by, board, kind, on=on, target=target) is None:
        return DelegationRow.objects.none()
    return held_by(rows_in_force(kind, on=on, board=board), by, board=board)


def row_for(by, kind, *, on, board=None, amount=None, days=None, target=None):
    """The row that makes this membership competent for a decision of these measures that day, or None."""
    rows = rows_of(by, kind, on=on, board=board, target=target)
    return within(rows, amount=amount, days=days, target=target).first()


def holders(rows, by, *, on, target=None):
    """Memberships in force that day that these rows of one's own board's scheme name or whose role they name: its own
    staff, and after them those elsewhere who have its mandate for the matter."""
    roles, named, kinds = set(), set(), set()
    for role, member_id, kind in rows.values_list("role", "member_id", "kind"):
        (named.add(member_id) if member_id else roles.add(role))
        kinds.add(kind)
    found = Q(role__in=roles, authority_id=by.authority_id) | Q(pk__in=named, authority_id=by.authority_id)
    for kind in kinds:
        found |= Q(pk__in=mandated(by, kind, on=on, target=target).filter(role__in=roles).values("pk"))
    own_first = Case(When(authority_id=by.authority_id, then=Value(0)), default=Value(1))
    able = Membership.objects.filter(found).in_force(on=on).select_related("user", "authority")
    return able.alias(elsewhere=own_first).order_by("elsewhere", "user__name", "pk")


def competent(by, kind, *, on, amount=None, days=None, target=None):
    """Memberships that may decide this for one's own board, of these measures, that day."""
    rows = within(rows_in_force(kind, on=on), amount=amount, days=days, target=target)
    return holders(rows, by, on=on, target=target)


def officer(member, by):
    """A name; of somebody employed elsewhere, by whom."""
    name = member.user.name
    return name if member.authority_id == by.authority_id else f"{name} ({member.authority.name})"
