from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def view_load(*, by):
    """Write down that the unit's load was read; it shows no case."""
    require_role(by, Permission.UNIT_OVERVIEW)
    record(by=by, action="unit.load_viewed", obj=None)


@transaction.atomic
def view_unexecuted(*, by, year, quarter, form):
    """Write down that what is not carried out was read, and in which form: page, pdf or sheet."""
    require_role(by, Permission.BOARD_LISTS)
    record(by=by, action="unexecuted.viewed", obj=None, year=year, quarter=quarter, form=form)
