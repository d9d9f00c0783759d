import hashlib

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Case, Disclosure
from cases.papers import keep_copy
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission
from plans.readings import document

WHAT = "case.readings"


@transaction.atomic
def release_readings(*, by, case, starts_on, ends_on, without_names=False):
    """(bytes, disclosure) of the list of who has read, for the individual. It leaves the authority, so it has its line
    among what has been handed out. Raises Refused, NoPdf where the machine cannot make one."""
    case = Case.objects.select_for_update(of=("self",)).select_related("individual", "authority").get(pk=case.pk)
    require(by, Permission.DISCLOSE, case)
    today = timezone.localdate()
    if ends_on < starts_on or starts_on > today:
        raise Refused("Välj en period som har varit, med första dagen före den sista.")
    number = Disclosure.objects.filter(object_id=case.pk).count() + 1
    data = document(
        case, starts_on=starts_on, ends_on=ends_on, without_names=without_names, copy_number=number, made_on=today
    )
    disclosure = Disclosure(
        authority_id=case.authority_id, case=case, what=WHAT, object_id=case.pk, recipient_kind="individual",
        recipient_text="Den enskilde", ground=rule("access.readings", on=today).citation[:120],
        ground_rule="access.readings", copy_number=number, sha256=hashlib.sha256(data).digest(), disclosed_by=by,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    keep_copy(disclosure, data)
    record(by=by, action="case.readings_released", obj=case, case=case, copy=number)
    return data, disclosure
