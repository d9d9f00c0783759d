"""What the rules of retention say of each closed case: destroy from which day, or keep, and why. Nothing is changed.

Whatever is not known keeps the file: an unknown day of birth, a question that nobody has answered, a day without law.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from cases.models import Case, Individual, PersonIdentifier, RetentionMark
from cases.models.merge import same_people
from cases.names import birth_date_of
from exitprogram.crypto.fields import Sealed
from exitprogram.law.rules import NoRule, rule
from exitprogram.tenancy.models import Authority

Mark = RetentionMark.Kind
PLACED = []  # answered by the rooms that keep placements: has the person of this case been placed?
WITH_BIRTH = ("personal", "coordination")  # kinds of number that begin with a day of birth


@dataclass(frozen=True)
class Facts:
    """Of one closed case. ``born`` holds every day of birth that is known: a person may have had several numbers."""

    case_id: object
    number: str
    programme: str
    closed_on: date
    last_on: date
    individual_id: object
    born: tuple
    marks: frozenset = frozenset()
    from_health_care: bool = False
    other_open: bool = False


@dataclass(frozen=True)
class House:
    """What of the authority itself decides: where it is, and whether it is health care."""

    counties: frozenset
    municipalities: frozenset
    is_health_care: bool = False


@dataclass(frozen=True)
class Verdict:
    """``destroy_from`` is None when no day will do. ``why`` is said to the reader, with its section of law."""

    facts: Facts
    why: str
    rule_id: str
    citation: str
    destroy_from: date | None = None
    latest_on: date | None = None

    def is_due(self, on):
        return self.destroy_from is not None and self.destroy_from <= on


def judged(facts, house):
    """One case by itself, without the person's other cases."""
    try:
        return _kept(facts, house) or _from_a_day(facts, house)
    except NoRule:
        return Verdict(
            facts, "Ingen regel gäller den dag då sista anteckningen gjordes. Fråga nämndens jurist.", "", ""
        )


def _kept(facts, house):
    """For ever, or until somebody has answered."""
    research, placed = rule("retention.research", on=facts.last_on), rule("retention.placed", on=facts.last_on)
    if Mark.HOLD in facts.marks:
        return Verdict(facts, "Rättslig spärr. Skälet står i akten.", "retention.hold", "Nämndens beslut")
    if house.counties & set(research.values["counties"]) or house.municipalities & set(
        research.values["municipalities"]
    ):
        return _keep(facts, research, "Allt bevaras för forskning i kommunen.")
    if Mark.PLACED in facts.marks:
        return _keep(facts, placed, "Barnet har varit placerat. Akten bevaras för alltid.")
    if facts.programme == Case.Programme.CHILD and Mark.NOT_PLACED not in facts.marks:
        return _keep(facts, placed, "Ingen har svarat på om barnet har varit placerat. Svara i akten.")
    if not facts.born:
        return _keep(facts, research, "Födelsedagen är okänd, så det går inte att veta om akten ska bevaras.")
    if any(day.day in research.values["born_on"] for day in facts.born):
        return _keep(facts, research, "Personen ingår i urvalet som bevaras för forskning.")
    return None


def _keep(facts, found, why):
    return Verdict(facts, why, found.id, found.citation)


def _from_a_day(facts, house):
    base = rule("retention.base", on=facts.last_on)
    days = [(years_after(facts.last_on, base.values["years"]), base, "fem år efter den sista anteckningen")]
    if house.is_health_care or facts.from_health_care or Mark.PATIENT_RECORD in facts.marks:
        record = rule("retention.patient_record", on=facts.last_on)
        day = years_after(facts.last_on, record.values["years"])
        days.append((day, record, "tio år efter den sista anteckningen, för patientjournalen"))
    if facts.programme == Case.Programme.CHILD:
        days += _of_a_child(facts)
    day, found, when = max(days, key=lambda option: option[0])
    return Verdict(facts, f"Gallras {when}.", found.id, found.citation, day, _latest(base, day))


def _latest(base, day):
    return date(day.year + base.values["done_within_calendar_years"], 12, 31)


def _of_a_child(facts):
    try:
        found = rule("retention.child_protection", on=facts.closed_on)
    except NoRule:
        return
    age = found.values["until_age"]
    yield years_after(max(facts.born), age), found, f"när personen har fyllt {age} år"


def years_after(day, years):
    """The same day of the year; after a 29 February that is not there, the day after it."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def judged_together(all_facts, house):
    """Not while other data on the same person remain (SoL 16:1): the last of a person's cases decides for all."""
    by_person = {}
    for facts in all_facts:
        by_person.setdefault(facts.individual_id, []).append(judged(facts, house))
    verdicts = [verdict for of_one in by_person.values() for verdict in _together(of_one)]
    return sorted(verdicts, key=lambda v: (v.destroy_from or date.max, v.facts.last_on, v.facts.number))


def _together(verdicts):
    if any(verdict.facts.other_open for verdict in verdicts):
        return [_with_others(v, None) if v.destroy_from else v for v in verdicts]
    days = [verdict.destroy_from for verdict in verdicts]
    last = None if None in days else max(days)
    return [v if v.destroy_from in (None, last) else _with_others(v, last) for v in verdicts]


def _with_others(verdict, day):
    why = "Andra uppgifter om samma person finns kvar."
    base = rule("retention.base", on=verdict.facts.last_on)
    latest = _latest(base, day) if day else None
    return Verdict(verdict.facts, why, base.id, base.citation, day, latest)


# From the database


def verdicts(by):
    """Every closed case of the authority, those to be destroyed first. Empty for whoever may not destroy: the database
    answers nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.retention_facts()")
        rows = cursor.fetchall()
    return judged_together([_facts(by.authority_id, *row) for row in rows], house_of(by.authority_id))


def _facts(authority_id, case_id, number, programme, closed_on, last_on, individual_id, people, births, number_ids,
           values, marks, from_health_care, other_open):  # fmt: skip
    born = set()
    for pk, sealed in zip(people, births, strict=True):
        born.add(Individual(pk=pk, authority_id=authority_id, sealed_birth_date=Sealed(sealed or b"")).birth_date)
    for pk, value in zip(number_ids or (), values or (), strict=True):
        row = PersonIdentifier(pk=pk, authority_id=authority_id, value=Sealed(value))
        born.add(birth_date_of(row.value))
    return Facts(
        case_id, number, programme, closed_on, last_on, individual_id, tuple(sorted(born - {None})), frozenset(marks),
        from_health_care, other_open,
    )  # fmt: skip


def facts_of(case):
    """Of one case, for those who have it open; as if it were closed today when it is not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_on FROM wall.last_days(ARRAY[%s]::uuid[])", [case.pk])
        (last_on,) = cursor.fetchone()
        cursor.execute("SELECT wall.from_health_care(%s)", [case.pk])
        (from_health_care,) = cursor.fetchone()
    people = list(Individual.objects.filter(same_people([case.individual_id])))
    numbers = PersonIdentifier.objects.filter(individual__in=people, kind__in=WITH_BIRTH)
    born = {person.birth_date for person in people} | {birth_date_of(row.value) for row in numbers}
    marks = RetentionMark.objects.in_force().filter(case=case).values_list("kind", flat=True)
    return Facts(
        case.pk, case.number, case.programme, case.closed_on or last_on, last_on, case.individual_id,
        tuple(sorted(born - {None})),
        frozenset(marks), from_health_care,
    )  # fmt: skip


def house_of(authority_id):
    authority = Authority.objects.get(pk=authority_id)
    places = list(authority.municipalities.values_list("code", "region_id"))
    counties = {county for _code, county in places} | {authority.region_id} - {None}
    return House(
        frozenset(counties), frozenset(code for code, _county in places),
        authority.kind == Authority.Kind.HEALTH_AUTHORITY,
    )  # fmt: skip
