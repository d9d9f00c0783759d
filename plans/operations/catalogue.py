from django.db import IntegrityError, transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role
from plans.catalogue import national
from plans.models import CatalogueMeasure

THERE = "Den insatsen finns redan i katalogen."


@transaction.atomic
def add_catalogue_measure(*, by, title, area, principal_kind, legal_anchor=""):
    """A measure that this authority has itself, offered from today where a measure is written."""
    require_role(by, Permission.ADMINISTER)
    title = title.strip()
    if not title:
        raise Refused("Skriv vad insatsen heter.")
    if any(entry.title.casefold() == title.casefold() for entry in national()):
        raise Refused(THERE)
    row = CatalogueMeasure(
        authority_id=by.authority_id, title=title, area=area, principal_kind=principal_kind,
        legal_anchor=legal_anchor.strip(), added_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(THERE)
    record(by=by, action="catalogue.added", obj=row, area=area)
    return row


@transaction.atomic
def withdraw_catalogue_measure(*, by, row):
    """Offered no more from today. Plans written with it still name it."""
    require_role(by, Permission.ADMINISTER)
    row = CatalogueMeasure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
    if row.ends_on:
        raise Refused("Insatsen är redan borttagen ur katalogen.")
    row.ends_on = timezone.localdate()
    row.save(update_fields=["ends_on"])
    record(by=by, action="catalogue.withdrawn", obj=row)
    return row
