from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import open_permission, require
from cases.models import AccessGrant, Case
from cases.operations import start_clock
from children.bridging import childs_files
from children.clocks import ChildClock
from children.days import file_opened_day
from children.models import FileOpening
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def open_childs_file(*, by, adult_case, case_id, reason):
    """Somebody who holds the grown-up's case reads the child's file for some days: with a reason, for reading alone,
    and told to whoever works with the child's case. Raises Refused."""
    require(by, Permission.READ_CASE, adult_case)
    today = timezone.localdate()
    if not reason.strip():
        raise Refused("Skriv varför barnets akt behöver läsas nu.")
    found = next((row for row in childs_files(adult_case) if row["id"] == case_id), None)
    if found is None:
        raise Refused("Det finns ingen akt från barnprogrammet som du kan öppna.")
    if found["is_open"]:
        raise Refused("Akten är redan öppen för dig.")
    days = rule("child.file_reading", on=today).values["days"]
    opening = FileOpening(
        authority_id=by.authority_id, case_id=case_id, adult_case=adult_case, membership=by, reason=reason.strip(),
        starts_on=today, ends_on=today + timedelta(days=days - 1),
    )  # fmt: skip
    opening.save(force_insert=True)
    AccessGrant(
        authority_id=by.authority_id, content_object=Case(pk=case_id, authority_id=by.authority_id), membership=by,
        user_id=by.user_id, permission=open_permission(), kind=AccessGrant.Kind.READING,
        reason="Läser barnets akt, med skäl.", starts_on=today, ends_on=opening.ends_on, granted_by=by,
    ).save(force_insert=True)  # fmt: skip
    case = Case.objects.visible_to(by).get(pk=case_id)
    record(by=by, action="child_file.opened", obj=opening, case=case, ground="reading", until=str(opening.ends_on))
    start_clock(
        by=by, case=case, kind=ChildClock.FILE_OPENED, rule_id="child.file_opened", subject_id=opening.pk,
        owner=case.worker, due_on=file_opened_day(today),
    )  # fmt: skip
    return opening
