from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def view_region(*, by, page, board=None):
    """Write down that figures or flow rows were read; they show no person, so no case is named."""
    require_role(by, Permission.REGION_OVERVIEW)
    record(by=by, action="region.viewed", obj=None, page=page, **({"board": str(board.pk)} if board else {}))
