from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.finding import numbers_found
from cases.models import Individual, PersonIdentifier
from cases.numbers import given_number
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def add_number(
    *, by, case, number, kind="swedish", region_id=None, country="", source="own", valid_from=None
):  # fmt: skip
    """One more number of the person's, beside those that are there. Raises Refused for a wrong number, or one that
    somebody here already has."""
    require(by, Permission.READ_CASE, case)
    person = Individual.objects.select_for_update(of=("self",)).get(pk=case.individual_id)
    day = valid_from or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("Numret kan inte gälla från en dag som inte har varit.")
    row = put_number(
        by, person, given_number(number, kind=kind, region_id=region_id, country=country), source=source, since=day
    )
    record(by=by, action="person.number_added", obj=row, case=case, kind=row.kind)
    return row


@transaction.atomic
def end_number(*, by, case, number, valid_to):
    """The number is no longer the person's. It stays, with its last day: what was written under it is found by it."""
    require(by, Permission.READ_CASE, case)
    people = Individual.objects.visible_to(by).same_as(case.individual)
    row = PersonIdentifier.objects.select_for_update(of=("self",)).get(pk=number.pk, individual__in=people)
    if row.valid_to:
        raise Refused("Numret är redan avslutat.")
    if not row.valid_from <= valid_to <= timezone.localdate():
        raise Refused("Sista dagen ligger mellan den dag då numret började gälla och i dag.")
    row.valid_to = valid_to
    row.save(update_fields=["valid_to"])
    record(by=by, action="person.number_ended", obj=row, case=case, kind=row.kind)
    return row


def put_number(by, person, number, *, source="own", since=None):
    """For the operations that add one: refuse a number that is here already, and write it down."""
    _refuse_double(by, person, number)
    return PersonIdentifier.objects.create(
        authority_id=by.authority_id, individual=person, kind=number.kind, value=number.value,
        fingerprint=number.fingerprint(by.authority_id), region_id=number.region_id, country=number.country,
        source=source, valid_from=since or timezone.localdate(),
    )  # fmt: skip


def _refuse_double(by, person, number):
    prints = number.fingerprints(by.authority_id)
    mine = Individual.objects.visible_to(by).same_as(person)
    if PersonIdentifier.objects.filter(individual__in=mine, fingerprint__in=prints, valid_to=None).exists():
        raise Refused("Personen har redan det numret.")
    own = {row.pk for row in mine}
    others = [row for row in numbers_found(by, prints) if row[0] not in own]
    if not others:
        return
    if number.kind in ("personal", "coordination"):
        raise Refused("Numret finns redan hos er. Sök på det och öppna personen därifrån.")
    raise Refused("Numret finns redan hos en annan person hos er. Sök på namnet, eller fråga din chef vem som vet.")
