from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Notice
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def notify(*, by, case, about, subject_id, membership):
    """Tell one person, in the same transaction as the act, that there is something to do: the worker sends the neutral
    mail. Once per person, subject and day, however often it is asked for."""
    require(by, Permission.READ_CASE, case)
    return _queue(by, case, about, subject_id, membership)


@transaction.atomic
def notify_back(*, by, case, about, subject_id, membership):
    """The same to a colleague who asked for something, by one who answered and need not have the case."""
    require_role(by, Permission.READ_CASE)
    if not by.authority_id == membership.authority_id == case.authority_id:
        raise NotAllowed("Svaret går till den som frågade.")
    return _queue(by, case, about, subject_id, membership)


def _queue(by, case, about, subject_id, membership):
    notice = Notice(
        authority_id=case.authority_id, about=about, subject_id=subject_id, recipient=membership,
        recipient_authority_id=membership.authority_id, about_on=timezone.localdate(),
        urgency=Notice.urgency_of(about),
    )  # fmt: skip
    Notice.objects.bulk_create([notice], ignore_conflicts=True)  # the recipient alone can see that it is there
    record(by=by, action=f"notice.queued.{about}", obj=notice, case=case)
    return notice
