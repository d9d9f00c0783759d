from django.db import transaction
from django.utils import timezone

from cases.models import Notice
from exitprogram.audit.operations import record
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def notify(*, by, case, about, subject_id, membership):
    """Tell one person, in the same transaction as the act, that there is something to do: the worker sends the neutral
    mail. Once per person, subject and day, however often it is asked for."""
    require_role(by, Permission.READ_CASE)
    notice = Notice(
        authority_id=case.authority_id, about=about, subject_id=subject_id, recipient=membership,
        recipient_authority_id=membership.authority_id, about_on=timezone.localdate(),
    )  # fmt: skip
    notice.save(force_insert=True)
    record(by=by, action=f"notice.queued.{about}", obj=notice, case=case)
    return notice
