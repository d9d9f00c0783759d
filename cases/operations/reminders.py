from django.db import transaction

from cases import reminders
from cases.models import ReminderDays
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def save_reminder_days(*, by, rule_id, warn_days, escalate_days, version=None):
    """The authority's own days for clocks that begin from now on. Those that run keep theirs."""
    require_role(by, Permission.ADMINISTER)
    warn_days = sorted(set(warn_days), reverse=True)
    reminders.require_allowed(rule_id, warn_days, escalate_days)
    row = ReminderDays.objects.select_for_update(of=("self",)).filter(rule_id=rule_id).first()
    if row is None:
        row = ReminderDays(authority_id=by.authority_id, rule_id=rule_id, version=0)
    if version is not None and version != row.version:
        raise Stale(row)
    row.warn_days, row.escalate_days, row.set_by = warn_days, escalate_days, by
    row.version += 1
    row.save()
    record(by=by, action="reminders.saved", obj=row, rule=rule_id, warn=warn_days, escalate=escalate_days)
    return row


@transaction.atomic
def restore_reminder_days(*, by, rule_id):
    """Back to what the rule says."""
    require_role(by, Permission.ADMINISTER)
    row = ReminderDays.objects.visible_to(by).filter(rule_id=rule_id).first()
    if row is None:
        raise Refused("Det gäller redan som regeln säger.")
    record(by=by, action="reminders.restored", obj=row, rule=rule_id)
    row.delete()
