"""The way from the children's programme to the adults': the day, what ends by itself on it, who hands over to whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import operations as cases
from cases.clocks import CaseClock
from cases.majority import known_of, may_be_of_age, of_age_on
from cases.models import Case, CaseNote, Clock, ComingOfAge, Consent
from cases.notices.due import make_due
from children import operations
from children.bridging import childs_files, steps
from children.models import Bridge, FileOpening
from exitprogram.audit.models import AuditEvent
from exitprogram.demo.clock import at
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from tests import grown as grown_up
from tests.connections import logged_in_as
from tests.guardianship import agreed_to
from tests.world import today

YEARS = relativedelta(years=18)


@pytest.fixture(autouse=True)
def may_have_childrens_cases(world):
    world.child_worker("anna")


def child(world, days=0, name="Bo Barn"):
    """A child who comes of age in so many days."""
    return grown_up.child(world, world.anna, name, today() + timedelta(days=days))


def clock(case, kind=CaseClock.COMING_OF_AGE):
    return Clock.objects.open().filter(case=case, kind=kind).first()


def region_waiver(world, case, by=None, **more):
    return cases.record_waiver(
        by=by or world.anna, case=case, recipient=world.region, areas=["health"], form="oral", taken_on=today(), **more
    )


# The day


@pytest.mark.parametrize("born, day", [
    (date(2008, 2, 29), date(2026, 2, 28)), (date(2004, 2, 29), date(2022, 2, 28)),
    (date(2008, 2, 28), date(2026, 2, 28)), (date(2008, 3, 1), date(2026, 3, 1)),
    (date(2007, 12, 31), date(2025, 12, 31)), (date(2010, 1, 1), date(2028, 1, 1)),
])  # fmt: skip
def test_the_day_one_comes_of_age(born, day):
    assert of_age_on(born) == day


@pytest.mark.parametrize("days, grown", [(1, False), (0, True), (-1, True)])
def test_both_sides_of_the_day_in_both_walls(world, days, grown):
    case = child(world, days)
    with acting(world.anna):
        assert may_be_of_age(case) is grown
        with connection.cursor() as cursor:
            cursor.execute("SELECT wall.of_age(%s)", [case.pk])
            assert cursor.fetchone()[0] is grown


# Summer time begins on 28 March 2027 and ends on 31 October; a Swedish day begins at 23 or at 22 in UTC.
@pytest.mark.parametrize("born, midnight", [
    (date(2009, 3, 28), datetime(2027, 3, 27, 23, tzinfo=UTC)),
    (date(2009, 3, 29), datetime(2027, 3, 28, 22, tzinfo=UTC)),
    (date(2009, 10, 31), datetime(2027, 10, 30, 22, tzinfo=UTC)),
    (date(2009, 11, 1), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    (date(2012, 2, 29), datetime(2030, 2, 27, 23, tzinfo=UTC)),
    (date(2012, 1, 1), datetime(2029, 12, 31, 23, tzinfo=UTC)),
])  # fmt: skip
def test_the_day_begins_at_midnight_in_sweden(world, born, midnight):
    case = world.child_case(birth_date=born)
    with acting(world.anna):
        with at(midnight - timedelta(minutes=1)):
            assert not may_be_of_age(case)
        with at(midnight + timedelta(minutes=1)):
            assert may_be_of_age(case)


@pytest.mark.parametrize("days, reminded", [
    (181, False), (180, True), (179, True), (90, True), (30, True), (1, True), (0, True),
])  # fmt: skip
@pytest.mark.django_db(transaction=True)
def test_a_clock_reminds_half_a_year_ahead(world, days, reminded):
    case = child(world, days)
    with acting(world.anna):
        row = clock(case)
        assert row.due_on == today() + timedelta(days=days) and row.warn_days == [180, 90, 30, 0]
    with logged_in_as("worker"):
        assert bool(make_due()) is reminded


def test_the_three_notices_are_three(world):
    case = child(world, 200)
    with acting(world.anna):
        due = clock(case).due_on
    days = [due - timedelta(days=ahead) for ahead in (180, 90, 30)]
    assert len(set(days)) == 3 and all(today() < day < due for day in days)


# What is known of it


def test_no_day_of_birth_is_told_as_it_is(world):
    case = world.child_case()
    with acting(world.anna):
        assert known_of(case).known == "unknown" and not may_be_of_age(case)
        assert clock(case) is None and clock(case, CaseClock.AGE_UNKNOWN).due_on == today() + timedelta(days=30)
        with pytest.raises(Refused, match="när åldern är skriven"):
            cases.finish_clock(by=world.anna, case=case, clock=clock(case, CaseClock.AGE_UNKNOWN))
        cases.state_age(
            by=world.anna, case=case, known="exact", birth_date=today() - relativedelta(years=16), ground="pass"
        )
        assert clock(case, CaseClock.AGE_UNKNOWN) is None and clock(case).due_on == today() + relativedelta(years=2)
        assert case.individual.__class__.objects.get(pk=case.individual_id).birth_date == today() - relativedelta(
            years=16
        )


def test_of_an_estimate_the_first_day_closes(world):
    case = world.child_case()
    given = {"known": "estimated", "ground": "eget utseende och berättelse"}
    latest = today() - relativedelta(years=16)
    with acting(world.anna):
        for earliest, grown in ((today() - YEARS + timedelta(days=2), False), (today() - YEARS, True)):
            cases.state_age(by=world.anna, case=case, born_earliest=earliest, born_latest=latest, **given)
            assert may_be_of_age(case) is grown
        row = known_of(case)
        assert row.earliest_on < row.latest_on == of_age_on(latest)
        assert ComingOfAge.objects.filter(individual=case.individual).count() == 3
        assert Clock.objects.open().filter(case=case, kind=CaseClock.COMING_OF_AGE).count() == 1


@pytest.mark.parametrize("given, sentence", [
    ({"known": "exact"}, "Skriv födelsedagen"),
    ({"known": "exact", "birth_date": date(2999, 1, 1)}, "i framtiden"),
    ({"known": "estimated", "born_earliest": date(2010, 1, 1)}, "mellan vilka dagar"),
    ({"known": "estimated", "born_earliest": date(2010, 1, 2), "born_latest": date(2010, 1, 1)}, "efter den senaste"),
])  # fmt: skip
def test_an_age_that_cannot_be_is_refused(world, given, sentence):
    case = child(world, 400)
    with acting(world.anna), pytest.raises(Refused, match=sentence):
        cases.state_age(by=world.anna, case=case, ground="uppgift", **given)


def saved_person(world, case, birth_date):
    person = case.individual
    person.refresh_from_db()
    return cases.save_person(
        by=world.anna, case=case, version=person.version, name="Bo Barn", alias="", birth_date=birth_date,
        protection="none", language="svenska", needs_interpreter=False,
    )  # fmt: skip


def test_a_birth_date_that_makes_the_child_grown_up_is_refused_with_the_rule(world):
    case = child(world, 400)
    with acting(world.anna):
        with pytest.raises(Refused, match="9 kap. 1 § föräldrabalken"):
            saved_person(world, case, today() - YEARS)
        before = clock(case)
        saved_person(world, case, today() - YEARS + timedelta(days=1))
        assert clock(case).due_on == today() + timedelta(days=1) and clock(case).pk != before.pk
        cases.state_age(by=world.anna, case=case, known="exact", birth_date=today() - YEARS, ground="id-kort")
        assert may_be_of_age(case)
        saved_person(world, case, today() - YEARS)  # what is so may be saved again


# What ends on the day


@pytest.mark.parametrize("days, open_there", [(1, True), (0, False)])
def test_what_a_guardian_has_opened_ends_that_day_in_both_walls(world, days, open_there):
    """No job runs: the child is a day older than when the consent was given."""
    case = child(world, 2)
    agreed_to(world.anna, case, "waiver", world.region, ["health"])
    agreed_to(world.anna, case)
    with acting(world.anna):
        given = region_waiver(world, case)
        plan = cases.record_consent(by=world.anna, case=case, form="oral", taken_on=today())
        agreed_to(world.anna, case, "waiver", world.region, ["health"], alone=True)
        own = region_waiver(world, case)
        assert (given.given_by, plan.given_by, own.given_by) == ("guardian", "guardian", "self")
        cases.state_age(
            by=world.anna, case=case, known="exact", ground="pass",
            birth_date=today() + timedelta(days=days) - YEARS,
        )  # fmt: skip
        in_force = set(Consent.objects.in_force(on=today()).filter(case=case).values_list("pk", flat=True))
        assert in_force == ({given.pk, own.pk, plan.pk} if open_there else {own.pk})
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM wall.covers(ARRAY[%s]::uuid[])", [case.pk])
            assert cursor.fetchone()[0] == (2 if open_there else 1)


def test_no_guardian_consents_for_a_grown_up(world):
    case = child(world, 0)
    with acting(world.anna):
        for who in (case, world.case):
            with pytest.raises(Refused, match="samtycker själv"):
                region_waiver(world, who, given_by="guardian")
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent(
                authority_id=case.authority_id, case=case, kind="plan", form="oral", taken_by=world.anna,
                given_by="guardian",
            ).save(force_insert=True)  # fmt: skip


# The steps


def ask(world, case, answer="yes"):
    return operations.ask_person(by=world.anna, case=case, asked_on=today(), answer=answer, words="Ja, jag vill.")


def over(world, case, **more):
    given = {"met_on": today(), "person_was_there": True, "words": "Vad som är viktigt nu."}
    return operations.hand_over_person(by=world.anna, case=case, **{**given, **more})


@pytest.fixture
def grown(world):
    """Bo, eighteen today: asked, and with a case of his own, that Leo coordinates."""
    case = child(world, 0)
    with acting(world.anna):
        ask(world, case)
        operations.open_adult_case(by=world.anna, case=case, receiver=world.leo)
    return case


def test_no_case_of_ones_own_before_the_day(world):
    case = child(world, 1)
    with acting(world.anna):
        ask(world, case)
        with pytest.raises(Refused, match="tidigast den dag"):
            operations.open_adult_case(by=world.anna, case=case, receiver=world.leo)


def test_the_person_is_asked_first(world):
    case = child(world, 0)
    with acting(world.anna):
        for answer in ("", "later", "no"):
            if answer:
                ask(world, case, answer)
            with pytest.raises(Refused, match="Fråga personen själv"):
                operations.open_adult_case(by=world.anna, case=case, receiver=world.leo)


def test_from_one_to_the_other_in_person(world, grown):
    with acting(world.anna):
        with pytest.raises(Refused, match="varför personen inte"):
            over(world, grown, person_was_there=False)
        with pytest.raises(Refused, match="en dag som inte har varit"):
            over(world, grown, met_on=today() + timedelta(days=1))
        with pytest.raises(Refused, match="nästa ansvariga"):
            cases.finish_clock(by=world.anna, case=grown, clock=clock(grown))
        row = over(world, grown)
        assert clock(grown) is None
        assert not Case.objects.visible_to(world.anna).filter(pk=row.adult_case_id).exists()
        assert [step["state"] for step in steps(grown, row, on=today())] == ["done"] * 4 + ["now"]
        with pytest.raises(NotAllowed, match="inte öppet"):
            operations.confirm_hand_over(by=world.anna, bridge=row)
    world.answers_all(world.leo)
    with acting(world.leo):
        case = Case.objects.held_by(world.leo).get(pk=row.adult_case_id)
        assert case.worker_id == world.leo.pk and case.individual_id == grown.individual_id
        assert not CaseNote.objects.filter(case=case).exists()
        operations.confirm_hand_over(by=world.leo, bridge=row)
        assert clock(case, "handed_over") is None
    with acting(world.anna), pytest.raises(Refused, match="redan gjord"):
        over(world, grown)


def test_the_database_lets_no_step_be_skipped(world, grown):
    with acting(world.anna):
        row = Bridge.objects.get(case=grown)
        faults = (
            "UPDATE children_bridge SET handed_at = now(), handed_by_id = %(anna)s WHERE id = %(row)s",
            "UPDATE children_bridge SET adult_case_id = NULL WHERE id = %(row)s",
            "UPDATE cases_clock SET done_at = now(), done_by_id = %(anna)s WHERE id = %(clock)s",
        )
        for fault in faults:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(fault, {"anna": world.anna.pk, "row": row.pk, "clock": clock(grown).pk})
        other = child(world, 5, name="Ett Annat")
        ask(world, other)
        with pytest.raises(DatabaseError), transaction.atomic():
            Bridge.objects.filter(case=other).update(adult_case_id=row.adult_case_id)


# The child's file


def test_the_childs_file_is_closed_to_those_of_the_grown_up(world, grown):
    with acting(world.anna):
        row = over(world, grown)
    world.answers_all(world.leo)
    with acting(world.leo):
        assert not Case.objects.visible_to(world.leo).filter(pk=grown.pk).exists()
        adult = Case.objects.visible_to(world.leo).get(pk=row.adult_case_id)
        told = childs_files(adult)
        assert [(found["ask"], found["is_open"]) for found in told] == [("Anna Berg", False)]
        with pytest.raises(Refused, match="Skriv varför"):
            operations.open_childs_file(by=world.leo, adult_case=adult, case_id=grown.pk, reason=" ")
        operations.open_childs_file(by=world.leo, adult_case=adult, case_id=grown.pk, reason="Läkaren frågar.")
        opened = Case.objects.visible_to(world.leo).get(pk=grown.pk)
        assert not Case.objects.held_by(world.leo).filter(pk=grown.pk).exists()
        for act in (
            lambda: cases.save_note(by=world.leo, case=opened, kind="call", event_on=today(), source="x", fact="x"),
            lambda: region_waiver(world, opened, by=world.leo),
        ):
            with pytest.raises(NotAllowed, match="för att läsas"):
                act()
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseNote(
                authority_id=opened.authority_id, case=opened, author=world.leo, kind="call", event_on=today(),
                source="x", fact="x",
            ).save(force_insert=True)  # fmt: skip
        cases.view_case(by=world.leo, case=opened, page="person")
    with acting(world.anna):
        assert clock(grown, "file_opened").owner_id == world.anna.pk
        seen = AuditEvent.objects.filter(membership=world.leo, case_id=grown.pk)
        assert {event.ground for event in seen.filter(action="case.viewed.person")} == {"reading"}
        assert seen.filter(action="child_file.opened").exists()


@pytest.mark.parametrize("ago, is_open", [(6, True), (7, False)])
def test_a_reading_ends_by_itself(world, grown, ago, is_open):
    with acting(world.anna):
        row = over(world, grown)
    world.answers_all(world.leo)
    with acting(world.leo):
        adult = Case.objects.get(pk=row.adult_case_id)
        opening = operations.open_childs_file(by=world.leo, adult_case=adult, case_id=grown.pk, reason="Behövs.")
        assert opening.ends_on == today() + timedelta(days=6)
        with at(timezone.now() + timedelta(days=ago)):
            assert Case.objects.visible_to(world.leo).filter(pk=grown.pk).exists() is is_open


@pytest.mark.parametrize("who", ["cilla", "sara", "adam", "maud"])
def test_nobody_else_opens_it(world, grown, who):
    by = getattr(world, who)
    with acting(world.anna):
        row = over(world, grown)
    adult = Case(pk=row.adult_case_id, authority_id=world.bollnas.pk)
    with acting(by):
        assert childs_files(adult) == []
        with pytest.raises(Refused):
            operations.open_childs_file(by=by, adult_case=adult, case_id=grown.pk, reason="Vill läsa.")
        with pytest.raises(DatabaseError), transaction.atomic():
            FileOpening(
                authority_id=by.authority_id, case_id=grown.pk, adult_case_id=adult.pk, membership=by, reason="Vill.",
                ends_on=today(),
            ).save(force_insert=True)  # fmt: skip


def test_one_who_is_blocked_is_told_of_no_file(world, grown):
    with acting(world.anna):
        row = over(world, grown)
        cases.block_access(by=world.anna, case=grown, user=world.leo.user, kind="kin", reason="kusin")
    with acting(world.leo):
        assert childs_files(Case(pk=row.adult_case_id)) == []
