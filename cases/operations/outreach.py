from django.db import transaction
from django.utils import timezone

from cases.models import OpenAccessContact
from cases.outreach import clue_in
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role

# The log's lines here name no row. Each says who did it and when; with the row's id beside, the line of a conversion
# and the next one, of a person added, would be the link between contact and person that the model refuses to have.


@transaction.atomic
def record_open_contact(*, by, day, way, hours, support, language, referred_to=(), text=""):
    """A contact in open access, with nobody in it. Raises Refused when the text points at somebody."""
    require_role(by, Permission.CREATE_CASE)
    if day > timezone.localdate():
        raise Refused("Dagen ligger i framtiden.")
    if not support:
        raise Refused("Välj vilket stöd som gavs.")
    if clue := clue_in(text):
        raise Refused(clue)
    contact = OpenAccessContact(
        authority_id=by.authority_id, day=day, way=way, hours=hours, support=sorted(support), language=language,
        referred_to=sorted(referred_to), text=text.strip(),
    )  # fmt: skip
    contact.forget_the_hour()
    contact.save(force_insert=True)
    record(by=by, action="open_access.recorded", obj=None)
    return contact


def _locked(by, contact):
    return OpenAccessContact.objects.visible_to(by).select_for_update(of=("self",)).get(pk=contact.pk)


@transaction.atomic
def convert_open_contact(*, by, contact):
    """The person wants a case: the contact is counted as having become one. Which person or case is never written."""
    require_role(by, Permission.CREATE_CASE)
    contact = _locked(by, contact)
    if contact.became_case:
        raise Refused("Kontakten är redan räknad som ett ärende.")
    contact.became_case = True
    contact.save(update_fields=["became_case"])
    record(by=by, action="open_access.became_case", obj=None)
    return contact


@transaction.atomic
def blank_open_contact(*, by, contact):
    """Take the free text away: something had slipped in that should not be there."""
    require_role(by, Permission.CREATE_CASE)
    contact = _locked(by, contact)
    contact.text = ""
    contact.save(update_fields=["text"])
    record(by=by, action="open_access.text_removed", obj=None)
    return contact
