"""*Se som*: an administrator looks at the product as a colleague. Only where everybody is invented."""

from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.tenancy.demonstration import require_seen
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def see_as(*, by, membership):
    """Begin to look as this colleague. Nothing can be written meanwhile, and each page is logged on the watcher."""
    require_role(by, Permission.ADMINISTER)
    membership = require_seen(by, membership.pk)
    record(by=by, action="session.seen_as", obj=membership)
    return membership


@transaction.atomic
def stop_seeing(*, by):
    require_role(by, Permission.ADMINISTER)
    record(by=by, action="session.seen_as_ended", obj=by)
