"""Packages for the archive that have run out, or whose asker has left: destroyed wherever they lie. Run where long work
is run, as ``exit_app`` in the house's own name."""

from django.db import connection

from cases.operations import end_exports
from exitprogram.tenancy.acting import acting_as_system
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.operations import Upkeep


def end_lapsed():
    """How many were ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT authority_id FROM wall.going_exports()")
        found = [pk for (pk,) in cursor.fetchall()]
    ended = 0
    for authority in Authority.objects.filter(pk__in=found).order_by("pk"):
        with acting_as_system(authority):
            ended += end_exports(by=Upkeep(authority))
    return ended
