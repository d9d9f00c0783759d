from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from cases.finding import require_search
from cases.models import Individual, PersonIdentifier, SafeContact
from cases.names import birth_date_of
from cases.numbers import given_number
from cases.operations.majority import keep_ages, require_still_a_child
from cases.operations.merges import protect_alike
from cases.operations.numbers import put_number
from cases.operations.protection import keep_marks
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def add_person(
    *, by, after_search, name="", alias="", number="", number_kind="swedish", region_id=None, country="",
    birth_date=None, protection="none", local_threat=False, language="svenska", needs_interpreter=False,
):  # fmt: skip
    """Add a person. ``after_search`` is the id from ``search_people``, at most 30 minutes old: search is forced.
    A person may be nameless. Raises Refused for a wrong number, or one that a visible person already has."""
    require_role(by, Permission.CREATE_CASE)
    require_search(by, after_search)
    person = Individual(
        authority_id=by.authority_id, language=language, needs_interpreter=needs_interpreter, created_by=by
    )
    person.be_called(name=name, alias=alias, protection=protection, local_threat=local_threat)
    given = given_number(number, kind=number_kind, region_id=region_id, country=country) if number else None
    _set_birth_date(person, birth_date or (_birth_date_in(given) if given else None))
    person.save(force_insert=True)
    if given:
        put_number(by, person, given)
    keep_marks(by=by, person=person)
    record(by=by, action="person.added", obj=person)
    return person


def _birth_date_in(number):
    """Only in the two kinds whose digits mean one: a reserve number may say any day."""
    return birth_date_of(number.value) if number.kind in ("personal", "coordination") else None


def _set_birth_date(person, day):
    if day and day > timezone.localdate():
        raise Refused("Födelsedagen ligger i framtiden.")
    person.birth_date = day


@transaction.atomic
def save_person(
    *, by, case, version, name, alias, birth_date, protection, language, needs_interpreter, local_threat=None,
    gender=None,
):  # fmt: skip
    """What has become known since. Protection seals the name and takes the person out of search at once, in the same
    transaction. Of merged rows it is the kept one that is written to. Raises Stale or Refused."""
    require(by, Permission.READ_CASE, case)
    person = Individual.objects.select_for_update(of=("self",)).get(pk=case.individual.root.pk)
    if person.version != version:
        raise Stale(person)
    if not (name.strip() or alias.strip() or PersonIdentifier.objects.filter(individual=person).exists()):
        raise Refused("Skriv namn, vad personen kallas eller ett nummer.")
    require_still_a_child(case, birth_date)
    before = person.protection
    person.be_called(name=name, alias=alias, protection=protection, local_threat=local_threat)
    _set_birth_date(person, birth_date)
    person.language, person.needs_interpreter = language, needs_interpreter
    if gender is not None:  # not spoken of: it stays as it was
        person.gender = Individual.Gender(gender).value if gender else ""
    person.version += 1
    person.save()
    keep_marks(by=by, person=person, case=case)
    protect_alike(by, person)
    keep_ages(by, Individual.objects.visible_to(by).same_as(person))
    record(
        by=by, action="person.saved", obj=person, case=case, protection=protection, before=before,
        threat=person.local_threat,
    )  # fmt: skip
    return person


@transaction.atomic
def save_safe_contact(*, by, case, version, channels, hours, code_word, never_answer, may_leave_message):
    """How the person can be reached without harm. ``version`` is what the form showed (0: none yet); raises Stale."""
    require(by, Permission.READ_CASE, case)
    beside.refuse_marked(case, channels, hours)
    Individual.objects.select_for_update(of=("self",)).get(pk=case.individual_id)
    card = SafeContact.objects.filter(individual_id=case.individual_id).first()
    if (card.version if card else 0) != version:
        raise Stale(card)
    card = card or SafeContact(authority_id=case.authority_id, individual_id=case.individual_id, version=0)
    card.channels, card.hours, card.code_word = channels, hours, code_word
    card.never_answer, card.may_leave_message = never_answer, may_leave_message
    card.verified_on, card.version = timezone.localdate(), version + 1
    card.save()
    record(by=by, action="person.safe_contact_saved", obj=card, case=case)
    return card
