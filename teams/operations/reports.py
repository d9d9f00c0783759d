"""What a board sends to others about itself, kept as it was sent."""

import base64

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams.models import KeptReport
from teams.models.report import last_day


@transaction.atomic
def keep_report(*, by, kind, year, paper, quarter=0):
    """The paper (bytes of a PDF) as it goes to the council, when its period is over. Once more is another beside it."""
    require_role(by, Permission.BOARD_LISTS)
    if last_day(year, quarter) >= timezone.localdate():
        raise Refused("Perioden är inte slut än. Fastställ när den är det.")
    row = KeptReport(
        authority_id=by.authority_id, kind=kind, year=year, quarter=quarter, kept_by=by,
        paper=base64.b64encode(paper).decode(),
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action=f"report.kept.{kind}", obj=row, year=year, quarter=quarter)
    return row


@transaction.atomic
def fetch_report(*, by, report):
    """Its bytes, as they were; each fetching is written down."""
    require_role(by, Permission.BOARD_LISTS)
    row = KeptReport.objects.visible_to(by).get(pk=report.pk)
    record(by=by, action="report.fetched", obj=row, kind=row.kind, year=row.year, quarter=row.quarter)
    return base64.b64decode(row.paper)
