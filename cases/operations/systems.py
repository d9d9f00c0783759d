"""What another system reads in somebody's name."""

from django.db import transaction

from cases.models import Case
from exitprogram.audit.operations import record_many
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def view_by_system(*, by, what, cases, token):
    """Write down, with each case, that another system reads of it in one's name, by which key; before it is sent."""
    require_role(by, Permission.READ_CASE)
    held = set(Case.objects.held_by(by).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
    if any(case.pk not in held for case in cases):
        raise NotAllowed("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    record_many(by=by, action=f"system.{what}", about=[(case, case) for case in cases], token=str(token.pk))
