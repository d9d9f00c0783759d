from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.days import age_day
from cases.majority import RULE, is_childs, is_of_age, known_of, of_age_on
from cases.models import Case, ComingOfAge, Individual
from cases.operations.clocks import finish_about, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission

KNOWN = ComingOfAge.Known


@transaction.atomic
def state_age(*, by, case, known, ground, birth_date=None, born_earliest=None, born_latest=None):
    """What is known of a child's age, and on what ground. Here a day that makes her grown up is taken too: what a
    guardian has opened closes at once."""
    require(by, Permission.READ_CASE, case)
    if not is_childs(case):
        raise Refused("Åldern skrivs här bara för den som är i programmet för barn.")
    if not ground.strip():
        raise Refused("Skriv vad uppgiften om åldern bygger på.")
    days = [day for day in (birth_date, born_earliest, born_latest) if day]
    if any(day > timezone.localdate() for day in days):
        raise Refused("Födelsedagen ligger i framtiden.")
    person = Individual.objects.select_for_update(of=("self",)).get(pk=case.individual.root.pk)
    earliest, latest = _window(known, birth_date, born_earliest, born_latest)
    person.birth_date = birth_date if known == KNOWN.EXACT else None
    person.version += 1
    person.save(update_fields=["sealed_birth_date", "version"])
    record(by=by, action="person.age_stated", obj=person, case=case, known=known)
    return _told(by, case, known, earliest, latest, ground.strip())


def _window(known, birth_date, born_earliest, born_latest):
    """The first and the last day on which she may come of age."""
    if known == KNOWN.EXACT:
        if birth_date is None:
            raise Refused("Skriv födelsedagen, eller välj att den inte är känd.")
        return of_age_on(birth_date), of_age_on(birth_date)
    if known == KNOWN.UNKNOWN:
        return None, None
    if born_earliest is None or born_latest is None:
        raise Refused("Skriv mellan vilka dagar personen kan vara född.")
    if born_latest < born_earliest:
        raise Refused("Den tidigaste födelsedagen ligger efter den senaste.")
    return of_age_on(born_earliest), of_age_on(born_latest)


@transaction.atomic
def keep_age(*, by, case, anew=False):
    """With whatever changes the day of birth: the day she comes of age follows it, and so does the watch over it.
    ``anew``: a case that is taken up again is watched over again. An estimate stands until a day is known."""
    require(by, Permission.READ_CASE, case)
    if not is_childs(case):
        return None
    born, before = case.individual.root.birth_date, known_of(case)
    record(by=by, action="person.age_kept", obj=case.individual, case=case)
    if born is None:
        if before and before.known != KNOWN.EXACT:
            return (
                _told(by, case, before.known, before.earliest_on, before.latest_on, before.ground) if anew else before
            )
        return _told(by, case, KNOWN.UNKNOWN, None, None, "Ingen födelsedag är känd.")
    day = of_age_on(born)
    if before and before.known == KNOWN.EXACT and before.earliest_on == day and not anew:
        return before
    return _told(by, case, KNOWN.EXACT, day, day, "Födelsedagen i personens uppgifter.")


def _told(by, case, known, earliest, latest, ground):
    """The row, in the place of the one before, and the clock about it. Clocks go by what is told last."""
    before = known_of(case)
    if before:
        before.replaced_at = timezone.now()
        before.save(update_fields=["replaced_at"])
        for kind in (CaseClock.COMING_OF_AGE, CaseClock.AGE_UNKNOWN):
            finish_about(by=by, case=case, kind=kind, subject=before)
    row = ComingOfAge(
        authority_id=case.authority_id, individual_id=case.individual_id, known=known, earliest_on=earliest,
        latest_on=latest, ground=ground, set_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    if case.closed_on is None:
        _watch(by, case, row)
    return row


def _watch(by, case, row):
    if row.earliest_on:
        kind, rule_id, day = CaseClock.COMING_OF_AGE, "child.bridge", row.earliest_on
    else:
        kind, rule_id, day = CaseClock.AGE_UNKNOWN, "child.age_unknown", age_day(timezone.localdate())
    start_clock(by=by, case=case, kind=kind, rule_id=rule_id, subject_id=row.pk, owner=case.worker, due_on=day)


def keep_ages(by, people):
    """After two rows became one person, or two again: each open child's case that one has of them."""
    cases = Case.objects.held_by(by).active().filter(individual__in=people, programme=Case.Programme.CHILD)
    for case in cases.select_related("individual"):
        keep_age(by=by, case=case)


def require_still_a_child(case, born):
    """A day of birth that makes a child in the programme grown up is written where all follows from it is seen."""
    if is_childs(case) and case.closed_on is None and born and is_of_age(born, on=timezone.localdate()):
        if born != case.individual.root.birth_date:
            law = rule(RULE, on=timezone.localdate()).citation
            raise Refused(
                f"Med den födelsedagen har personen fyllt 18 år ({law}), men ärendet är i programmet för barn."
                " Är dagen rätt skriver du den under Ålder i menyn Akten."
            )
