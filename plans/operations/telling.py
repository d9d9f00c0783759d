from django.db import connection
from django.utils import timezone

from cases.models import Notice
from exitprogram.audit.operations import record


def tell_holders(by, row, about):
    """Those who hold the case together are told, by the neutral mail and on their own day, of something that is the
    teller's own: a guest neither has the case nor reads who does. Once a day for each thing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(wall.to_tell(%s))", [row.case_id])
        told = [recipient for (recipient,) in cursor.fetchall() if recipient != by.pk]
    for recipient in told:
        notice = Notice(
            authority_id=row.authority_id, about=about, subject_id=row.pk, recipient_id=recipient,
            recipient_authority_id=row.authority_id, about_on=timezone.localdate(),
        )  # fmt: skip
        Notice.objects.bulk_create([notice], ignore_conflicts=True)
        record(by=by, action=f"notice.queued.{about}", obj=notice, case=row.case_ref)
