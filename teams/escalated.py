"""What has been late for so long that those who lead must know: numbers and kinds, no person."""

from django.db import connection

from cases.clocks import KINDS
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, may
from exitprogram.tenancy.units import Units


def asked(question):
    """Rows of one of the wall's own functions, by name of column."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def escalated(units, shown):
    """Of the units that are shown; of the whole board when that is None."""
    rows = asked("SELECT * FROM wall.escalated()")
    if shown is not None:
        rows = [row for row in rows if units.is_for(row["owner_id"], shown)]
    people = {row[key] for row in rows for key in ("owner_id", "seen_by_id")} - {None}
    staff = {m.pk: m.user.name for m in Membership.objects.filter(pk__in=people).select_related("user")}
    for row in rows:
        row["owner"], row["what"] = staff.get(row["owner_id"], ""), KINDS[row["kind"]].label
        row["seen_by"] = staff.get(row["seen_by_id"], "")
    return rows


def waits_for_her(by, *, on):
    """What nobody has seen yet, of the units that she leads or of the whole board."""
    if not may(by, Permission.UNIT_OVERVIEW):
        return []
    units = Units(by, on=on)
    return [row for row in escalated(units, units.mine(by) or None) if not row["seen_on"]]
