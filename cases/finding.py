"""What a search finds: the question to the database and its answer, as the searcher may know it. Without a trace: the
operations in ``cases/operations/search.py`` leave it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from cases.models import Case, Individual, PersonMerge
from cases.models.case import open_cases
from cases.names import (
    case_number,
    folded,
    identity_number,
    likeness,
    looks_like_number,
    looks_like_other_number,
    sound_pattern,
)
from exitprogram.audit.models import AuditEvent
from exitprogram.crypto.fingerprint import fingerprint
from exitprogram.errors import Refused
from exitprogram.tenancy.planned import asked
from exitprogram.tenancy.prepared import looking, prepared_rows

SEARCH_STANDS = timedelta(minutes=30)
NOT_SEARCHED = "Reservnummer och utländska nummer går inte att söka på. Sök på namnet i stället."


@dataclass(frozen=True)
class Hit:
    """One line of a search: what the searcher may know. ``ask`` is the colleague to ask when the case is not open."""

    name: str
    number: str
    case: Case | None = None
    individual: Individual | None = None
    ask: str = ""
    by_sound: bool = False  # not spelled as it was searched for, only sounding like it
    found: tuple = (None, None)  # (object, case) for the log, also of a case that is not open to the searcher


def require_search(by, event_id):
    if not search_stands(by, event_id):
        raise Refused("Sök först, så att samma person inte läggs upp två gånger.")


def search_stands(by, event_id):
    recent = AuditEvent.objects.filter(
        pk=event_id if isinstance(event_id, UUID) else None, membership_id=by.pk, action="person.searched",
        created_at__gte=timezone.now() - SEARCH_STANDS,
    )  # fmt: skip
    return recent.exists()


def numbers_found(by, fingerprints):
    """[(individual, case or None, open to me?)] who has one of these numbers: before a number is added."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.find_people('{}', '{}', %s::bytea[], '')", [fingerprints])
        return [row[:3] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Terms:
    """What is searched for: one of the three."""

    name: str = ""
    fingerprints: tuple = ()
    number: str = ""

    @property
    def kind(self):
        return "name" if self.name else "number" if self.fingerprints else "case_number"


def terms_of(by, query):
    text = query.strip()
    if case_number(text):
        return Terms(number=case_number(text))
    if looks_like_number(text):
        try:
            digits, _kind = identity_number(text)
        except Refused as why:
            raise Refused(f"{why} {NOT_SEARCHED}")
        return Terms(fingerprints=(fingerprint(by.authority_id, digits),))
    if looks_like_other_number(text):
        raise Refused(NOT_SEARCHED)
    if len(folded(text)) < 3:
        raise Refused("Skriv minst tre bokstäver av namnet, ett personnummer, samordningsnummer eller ärendenummer.")
    return Terms(name=text)


def find_people(by, terms):
    words = folded(terms.name).split()
    wanted = [words, [sound_pattern(word) for word in words], list(terms.fingerprints), terms.number]
    found = asked("SELECT * FROM wall.find_people(%s::text[], %s::text[], %s::bytea[], %s)", wanted)
    with looking():
        hits = _hits(by, found) + _protected_hits(by, terms.name, {row[1] for row in found})
    return sorted(hits, key=lambda hit: hit.by_sound)


def _hits(by, found):
    opened = [row[1] for row in found if row[2]]
    closed = [row[1] for row in found if row[1] and not row[2]]
    known = open_cases(by)
    named = Case.objects.filter(pk__in=[pk for pk in opened if known.holds(pk)]).select_related("individual")
    cases = {case.pk: case for case in named}
    PersonMerge.objects.know_roots([case.individual for case in cases.values()])
    others = {row[0]: row for row in _whom_to_ask(closed)}
    added = Individual.objects.visible_to(by).in_bulk([row[0] for row in found if row[1] is None])
    hits = []
    for individual_id, case_id, is_open, by_sound in found:
        if is_open:
            hits.append(_open_hit(cases[case_id], by_sound))
        elif case_id in others:
            hits.append(_closed_hit(by, by_sound, *others[case_id]))
        elif individual_id in added:
            person = added[individual_id]
            hits.append(Hit(person.shown_name, "", individual=person, by_sound=by_sound, found=(person, None)))
    return hits


def _whom_to_ask(cases):
    if not cases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.whom_to_ask(%s::uuid[])", [cases])
        return cursor.fetchall()


def _open_hit(case, by_sound):
    name = case.individual.root.shown_name
    return Hit(name, case.number, case=case, individual=case.individual, by_sound=by_sound, found=(case, case))


def _closed_hit(by, by_sound, case_id, name, number, worker):
    case = Case(pk=case_id, authority_id=by.authority_id)  # its ids only: the row itself is not open
    return Hit(name=name, number=number, ask=worker, by_sound=by_sound, found=(case, case))


@prepared_rows
def _guarded(by):
    return Case.objects.visible_to(by).filter(individual__guarded=True).select_related("individual")


def _protected_hits(by, name, already):
    """Sealed names cannot be searched in SQL; those whose case is open to the searcher are few and opened here."""
    if not name:
        return []
    cases = _guarded(by)
    PersonMerge.objects.know_roots([case.individual for case in cases])
    hits = []
    for case in cases:
        heard = likeness(name, " ".join(case.individual.called)) if case.pk not in already else ""
        if heard:
            hits.append(_open_hit(case, heard == "sound"))
    return hits
