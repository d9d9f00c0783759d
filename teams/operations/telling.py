from django.utils import timezone

from cases.models import Notice
from cases.operations import notify_back
from exitprogram.audit.operations import record


def tell_proposer(by, decision):
    """The one who prepared it is told that it has been answered. Also by somebody who decides for the board by mandate:
    the wall lets her tell that one of that, and nobody else of nothing else."""
    if decision.proposed_by_id == by.pk:
        return
    about, case = Notice.About.DECISION, decision.case_ref
    if by.authority_id == decision.authority_id:
        notify_back(by=by, case=case, about=about, subject_id=decision.pk, membership=decision.proposed_by)
        return
    notice = Notice(
        authority_id=decision.authority_id, about=about, subject_id=decision.pk, recipient=decision.proposed_by,
        recipient_authority_id=decision.authority_id, about_on=timezone.localdate(),
    )  # fmt: skip
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    record(by=by, action=f"notice.queued.{about}", obj=notice, case=case)
