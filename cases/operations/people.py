from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cases.access import require
from cases.models import Case, Individual, PersonIdentifier, SafeContact
from cases.names import birth_date_of, folded, identity_number, looks_like_case, looks_like_number
from exitprogram.audit.models import AuditEvent
from exitprogram.audit.operations import record, record_many
from exitprogram.crypto.fingerprint import fingerprint
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role

SEARCH_STANDS = timedelta(minutes=30)


@dataclass(frozen=True)
class Hit:
    """One line of a search: what the searcher may know. ``ask`` is the colleague to ask when the case is not open."""

    name: str
    number: str
    case: Case | None = None
    individual: Individual | None = None
    ask: str = ""
    found: tuple = (None, None)  # (object, case) for the log, also of a case that is not open to the searcher


@transaction.atomic
def search_people(*, by, query):
    """(hits, id of the logged search). Name (three letters or more), personal, coordination or case number; nothing
    else is a search term (SoLPUF 15 §). Says nothing about other authorities. Raises Refused with a sentence."""
    require_role(by, Permission.SEARCH_PERSON)
    name, prints, number = _terms(by, query)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.find_people(%s, %s::bytea[], %s)", [name, prints, number])
        found = cursor.fetchall()
    hits = _hits(by, found) + _protected_hits(by, name, {row[1] for row in found})
    term = "name" if name else "number" if prints else "case_number"
    record_many(by=by, action="person.found", about=[hit.found for hit in hits], term=term)
    event = record(by=by, action="person.searched", obj=None, term=term, hits=len(hits))
    return hits, event.pk


def _terms(by, query):
    text = query.strip()
    if looks_like_case(text):
        return "", [], text
    if looks_like_number(text):
        digits, _kind = identity_number(text)
        return "", [fingerprint(by.authority_id, digits)], ""
    name = folded(text)
    if len(name) < 3:
        raise Refused("Skriv minst tre bokstäver av namnet, ett personnummer, samordningsnummer eller ärendenummer.")
    return name, [], ""


def _hits(by, found):
    opened = [row[1] for row in found if row[2]]
    closed = [row[1] for row in found if row[1] and not row[2]]
    cases = {case.pk: case for case in Case.objects.visible_to(by).filter(pk__in=opened).select_related("individual")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.whom_to_ask(%s::uuid[])", [closed])
        others = {row[0]: _closed_hit(by, *row) for row in cursor.fetchall()}
    added = Individual.objects.visible_to(by).in_bulk([row[0] for row in found if row[1] is None])
    hits = []
    for individual_id, case_id, is_open in found:
        if is_open:
            hits.append(_open_hit(cases[case_id]))
        elif case_id in others:
            hits.append(others[case_id])
        elif individual_id in added:
            person = added[individual_id]
            hits.append(Hit(person.shown_name, "", individual=person, found=(person, None)))
    return hits


def _open_hit(case):
    return Hit(case.individual.shown_name, case.number, case=case, individual=case.individual, found=(case, case))


def _closed_hit(by, case_id, name, number, worker):
    case = Case(pk=case_id, authority_id=by.authority_id)  # its ids only: the row itself is not open
    return Hit(name=name, number=number, ask=worker, found=(case, case))


def _protected_hits(by, name, already):
    """Sealed names cannot be searched in SQL; those whose case is open to the searcher are few and opened here."""
    if not name:
        return []
    cases = Case.objects.visible_to(by).filter(individual__guarded=True).select_related("individual")
    return [
        _open_hit(case)
        for case in cases
        if case.pk not in already and name in folded(f"{case.individual.sealed_name} {case.individual.sealed_alias}")
    ]


@transaction.atomic
def add_person(
    *, by, after_search, name="", alias="", number="", birth_date=None, protection="none", local_threat=False,
    language="svenska", needs_interpreter=False,
):  # fmt: skip
    """Add a person. ``after_search`` is the id from ``search_people``, at most 30 minutes old: search is forced.
    A person may be nameless. Raises Refused for a wrong number, or one that a visible person already has."""
    require_role(by, Permission.CREATE_CASE)
    _require_search(by, after_search)
    person = Individual(
        authority_id=by.authority_id, language=language, needs_interpreter=needs_interpreter, created_by=by
    )
    person.be_called(name=name, alias=alias, protection=protection, local_threat=local_threat)
    digits, kind = identity_number(number) if number else ("", "")
    _set_birth_date(person, birth_date or (birth_date_of(digits) if digits else None))
    if digits:
        _refuse_double(by, digits)
    person.save(force_insert=True)
    if digits:
        _add_number(by, person, digits, kind)
    record(by=by, action="person.added", obj=person)
    return person


def _set_birth_date(person, day):
    if day and day > timezone.localdate():
        raise Refused("Födelsedagen ligger i framtiden.")
    person.birth_date = day


def _add_number(by, person, digits, kind):
    return PersonIdentifier.objects.create(
        authority_id=by.authority_id, individual=person, kind=kind, value=digits,
        fingerprint=fingerprint(by.authority_id, digits),
    )  # fmt: skip


@transaction.atomic
def save_person(
    *, by, case, version, name, alias, birth_date, protection, language, needs_interpreter, number="",
    local_threat=None,
):  # fmt: skip
    """What has become known since. A new number is added beside the old ones, never in their place; protection seals
    the name and takes the person out of search at once, in the same transaction. Raises Stale or Refused."""
    require(by, Permission.READ_CASE, case)
    person = Individual.objects.select_for_update(of=("self",)).get(pk=case.individual_id)
    if person.version != version:
        raise Stale(person)
    if not (name.strip() or alias.strip() or number or PersonIdentifier.objects.filter(individual=person).exists()):
        raise Refused("Skriv namn, vad personen kallas eller ett nummer.")
    before = person.protection
    person.be_called(name=name, alias=alias, protection=protection, local_threat=local_threat)
    _set_birth_date(person, birth_date)
    person.language, person.needs_interpreter = language, needs_interpreter
    person.version += 1
    if number:
        digits, kind = identity_number(number)
        _refuse_double(by, digits)
        _add_number(by, person, digits, kind)
    person.save()
    record(
        by=by, action="person.saved", obj=person, case=case, protection=protection, before=before,
        threat=person.local_threat,
    )  # fmt: skip
    return person


def _require_search(by, event_id):
    recent = AuditEvent.objects.filter(
        pk=event_id if isinstance(event_id, UUID) else None, membership_id=by.pk, action="person.searched",
        created_at__gte=timezone.now() - SEARCH_STANDS,
    )  # fmt: skip
    if not recent.exists():
        raise Refused("Sök först, så att samma person inte läggs upp två gånger.")


def _refuse_double(by, digits):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM wall.find_people('', %s::bytea[], '')", [[fingerprint(by.authority_id, digits)]])
        if cursor.fetchone():
            raise Refused("Numret finns redan hos er. Sök på det och öppna personen därifrån.")


@transaction.atomic
def save_safe_contact(*, by, case, version, channels, hours, code_word, never_answer, may_leave_message):
    """How the person can be reached without harm. ``version`` is what the form showed (0: none yet); raises Stale."""
    require(by, Permission.READ_CASE, case)
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
