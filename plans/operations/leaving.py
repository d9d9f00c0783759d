from django.db import transaction

from cases.models import Notice
from exitprogram.audit.operations import record
from plans.operations.sections import decline_unsigned
from plans.operations.telling import tell_holders
from teams.operations import leave_own_team


@transaction.atomic
def leave_as_contributor(*, by, member, reason, successor=""):
    """Leave a team oneself, and with it what one was asked to write and has not signed. Those who hold the case are
    told; who comes instead is theirs to decide. What is signed stands."""
    unsigned = decline_unsigned(by, member)
    member = leave_own_team(by=by, member=member, reason=reason, successor=successor)
    record(by=by, action="plan.contributor_left", obj=member, case=member.case_ref, sections=unsigned)
    tell_holders(by, member, Notice.About.LEFT)
    return member
