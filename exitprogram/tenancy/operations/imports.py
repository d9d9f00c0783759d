"""Units and people read in from a spreadsheet."""

from collections import Counter

from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy import imports
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def read_in(*, by, what, rows, shown):
    """All of it or nothing, and only if it does what was shown. Raises Stale with what it would do now."""
    require_role(by, Permission.ADMINISTER)
    outcomes = imports.carried_out(by, what, rows)
    if imports.plain(outcomes) != shown:
        raise Stale(outcomes, "Något har ändrats sedan filen lästes. Inget är sparat. Se vad som skiljer.")
    made = Counter(one.what for one in outcomes)
    if made[imports.FAULT]:
        raise Refused("Det finns fel i filen. Inget är sparat.")
    if not made[imports.NEW] + made[imports.CHANGED]:
        raise Refused("Allt i filen finns redan. Det finns inget att läsa in.")
    record(by=by, action=f"{what}.read_in", obj=None, new=made[imports.NEW], changed=made[imports.CHANGED])
    return made
