"""What each one of the unit carries, counted in the database, for its manager."""

from django.db import connection
from django.utils import timezone

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.units import Units


def unit_load(by):
    """Rows of ``wall.unit_load``, each with the member, the heaviest first; of the units that this manager leads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.unit_load()")
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    units = Units(by, on=timezone.localdate())
    led = units.mine(by)
    members = Membership.objects.select_related("user").in_bulk([row["member_id"] for row in rows])
    rows = [{**row, "member": members[row["member_id"]]} for row in rows if row["member_id"] in members]
    rows = [row for row in rows if not led or units.is_for(row["member_id"], led)]
    return sorted(rows, key=lambda row: (-row["weight"], row["member"].user.name))
