from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role
from reporting.models import Threshold
from reporting.models.threshold import LEAST, MOST

SET, MOST_MOVES, WITHIN = "figures.threshold_set", 2, timedelta(days=90)


@transaction.atomic
def set_threshold(*, by, least, version=None):
    """The fewest people that are shown as a number of the board's, from now on. ``version`` is what the form showed
    (0: none yet). Raises Refused or Stale."""
    require_role(by, Permission.ADMINISTER)
    if not by.authority.is_social:
        raise Refused("Bara en socialnämnd har siffror att visa.")
    if not LEAST <= least <= MOST:
        raise Refused(f"Välj ett tal från {LEAST} till {MOST}.")
    row = Threshold.objects.select_for_update(of=("self",)).filter(authority_id=by.authority_id).first()
    row = row or Threshold(authority_id=by.authority_id, version=0)
    if version is not None and version != row.version:
        raise Stale(row, f"Någon annan har ändrat gränsen till {row.least} under tiden. Se efter, och spara igen.")
    _require_rest(row, least)
    before, row.least, row.saved_by, row.version = row.least, least, by, row.version + 1
    row.save()
    record(by=by, action=SET, obj=row, least=least, before=before)
    return row


def _require_rest(row, least):
    """A limit that is moved step by step past a hidden number tells which it is."""
    since = timezone.now() - WITHIN
    said = AuditEvent.objects.filter(action=SET, authority_id=row.authority_id, created_at__gte=since)
    moves = sum(one["least"] != one["before"] for one in said.values_list("details", flat=True))
    if least != row.least and moves >= MOST_MOVES:
        raise Refused(f"Gränsen har ändrats två gånger de senaste {WITHIN.days} dagarna. Vänta med nästa ändring.")
