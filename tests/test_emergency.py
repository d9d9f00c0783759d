"""An hour in a case that is not one's own: who may, what it opens, who is told, and what is thought of it after."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases import operations as cases
from cases.models import AccessGrant, Case, CaseNote, Clock, EmergencyAccess, Notice
from cases.operations.emergency import NOT_FOUND
from exitprogram.audit.models import AuditEvent
from exitprogram.demo.clock import at
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.law.workdays import is_workday, workdays_after
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from tests.furniture import NUMBERS
from tests.world import today

WHY = {"reason": "life", "reason_text": "Hon ringde och är jagad just nu."}
OPEN, SHUT = (True, True), (False, False)


@pytest.fixture
def case(world):
    return world.open_case(individual=world.person(number=NUMBERS["Bollnäs"]))


@pytest.fixture
def protected(world):
    number = "19620714-2842"
    return world.open_case(individual=world.person(name="Stina Skyddad", number=number, protection="secrecy_mark"))


def break_in(by, number, minutes_ago=0, **why):
    """As one did so many minutes ago: a web server's clock may be behind the database's, and that one rules."""
    with at(timezone.now() - timedelta(minutes=minutes_ago)), acting(by):
        return cases.open_in_emergency(by=by, number=number, **{**WHY, **why})


def is_open(by, case):
    """In both walls: Python's question, and the row itself without any filter of Python's."""
    with acting(by):
        python = Case.objects.visible_to(by).filter(pk=case.pk).exists()
        return python, Case._base_manager.filter(pk=case.pk).exists()


# What it opens, and for how long


@pytest.mark.parametrize("typed", ["number", "19661023-2842", "6610232842"])
def test_an_exact_number_opens_it_for_an_hour(world, case, typed):
    assert is_open(world.leo, case) == SHUT
    emergency = break_in(world.leo, case.number if typed == "number" else typed).emergency

    assert is_open(world.leo, case) == OPEN
    assert emergency.until - emergency.started_at == timedelta(minutes=60)
    assert is_open(world.cilla, case) == SHUT


@pytest.mark.parametrize(("minutes_ago", "expected"), [(58, OPEN), (61, SHUT)])
def test_the_hour_is_the_databases(world, case, minutes_ago, expected):
    break_in(world.leo, case.number, minutes_ago)
    assert is_open(world.leo, case) == expected
    with at(timezone.now() - timedelta(minutes=50)):  # a web server whose clock is behind sees no more for it
        assert is_open(world.leo, case) == expected


def test_a_clock_that_is_ahead_gives_no_longer_hour(world, case):
    emergency = break_in(world.leo, case.number, minutes_ago=-90).emergency
    assert emergency.until <= timezone.now() + timedelta(minutes=60)


def test_a_protected_persons_case_is_opened_by_its_number_and_by_nothing_else(world, protected):
    with acting(world.leo):
        assert cases.search_people(by=world.leo, query="Stina Skyddad")[0] == []
    assert break_in(world.leo, "Stina Skyddad").why == NOT_FOUND
    assert break_in(world.leo, protected.number).emergency
    assert is_open(world.leo, protected) == OPEN


@pytest.mark.parametrize("wrong", ["2026-9999", "19920225-2392", "hej", "1234567890"])
def test_a_wrong_number_and_anothers_give_the_same_answer(world, case, wrong):
    world.person(world.cilla, "Elsa Annanstans", number=NUMBERS["Söderhamn"])
    world.elsewhere  # noqa: B018  data that could show
    answers = [break_in(world.leo, wrong), break_in(world.leo, NUMBERS["Söderhamn"])]
    assert [a.why for a in answers] == [NOT_FOUND] * 2 and not any(a.emergency or a.open_case_id for a in answers)


def test_every_attempt_is_in_the_log_and_they_come_to_an_end(world, case, protected):
    for _again in range(5):
        assert break_in(world.leo, "2026-9999").why == NOT_FOUND
    assert "för många försök" in break_in(world.leo, case.number).why
    with acting(world.leo):
        tried = AuditEvent.objects.filter(membership_id=world.leo.pk, action="emergency.tried").order_by("created_at")
        assert [e.details["outcome"] for e in tried] == ["not_found"] * 5 + ["quota"]
    assert is_open(world.leo, case) == SHUT


def test_three_a_day(world, case, protected):
    more = [world.open_case(individual=world.person(name=f"Namn {letter}")) for letter in ("Ett", "Två")]
    for one in (case, protected, more[0]):
        assert break_in(world.leo, one.number).emergency
    assert "3 gånger i dag" in break_in(world.leo, more[1].number).why


def test_what_is_open_already_is_said_to_be(world, case):
    assert break_in(world.anna, case.number).open_case_id == case.pk
    with acting(world.anna):
        assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("who", ["adam", "sara", "mika", "rut"])
def test_other_roles_have_no_such_door(world, case, who):
    with pytest.raises(NotAllowed):
        break_in(getattr(world, who), case.number)


def test_a_reason_is_written(world, case):
    with pytest.raises(Refused, match="varför"):
        break_in(world.leo, case.number, reason_text="  ")


# What can be done in it, and what cannot


def test_she_reads_and_writes_notes(world, case):
    break_in(world.leo, case.number)
    with acting(world.leo):
        cases.view_case(by=world.leo, case=case, page="person")
        note = cases.save_note(by=world.leo, case=case, kind="call", event_on=today(), source="hon", fact="Ringde.")
        cases.sign_note(by=world.leo, case=case, note=note)
        last = AuditEvent.objects.filter(action="case.viewed.person").latest("created_at")
    assert last.ground == "emergency"
    with acting(world.anna):
        assert CaseNote.objects.get(case=case).author_id == world.leo.pk


def acts_of(world, case):
    by, same = world.leo, {"by": world.leo, "case": case}
    card = {"version": 0, "channels": "", "hours": "", "code_word": "", "never_answer": "", "may_leave_message": True}
    return {
        "grant": lambda: cases.grant_access(**same, membership=by, kind="named", reason="mer"),
        "grant another": lambda: cases.grant_access(**same, membership=world.maud, kind="named", reason="mer"),
        "consent": lambda: cases.record_consent(**same, form="oral", taken_on=today()),
        "waive": lambda: cases.record_waiver(
            **same, recipient=world.region, areas=["health"], form="oral", taken_on=today()
        ),
        "contact card": lambda: cases.save_safe_contact(**same, **card),
        "team": lambda: teams.invite_member(**same, membership=world.maud, function="chef", reason="behövs"),
        "coordinator": lambda: teams.appoint_coordinator(**same, membership=by),
        "block": lambda: cases.block_access(**same, user=world.anna.user, kind="kin", reason="så"),
        "end": lambda: cases.end_access(**same, membership=world.anna, kind="worker"),
    }


@pytest.mark.parametrize("act", [
    "grant", "grant another", "consent", "waive", "contact card", "team", "coordinator", "block", "end",
])  # fmt: skip
def test_nothing_else_and_nothing_onward(world, case, act):
    break_in(world.leo, case.number)
    with acting(world.leo), pytest.raises(NotAllowed):
        acts_of(world, case)[act]()


def test_a_manager_in_an_emergency_opens_it_to_nobody_either(world, case):
    break_in(world.maud, case.number)
    with acting(world.maud), pytest.raises(NotAllowed):
        cases.grant_access(by=world.maud, case=case, membership=world.leo, kind="named", reason="mer")


def test_the_database_alone_lets_nothing_else_be_written(world, case):
    """Raw rows, past every operation: a grant of another kind, a longer hour, a case that is changed."""
    emergency = break_in(world.leo, case.number).emergency
    with acting(world.leo):
        mine = AccessGrant.objects.get(content_object=case, membership=world.leo)
        longer = {"until": emergency.until + timedelta(hours=9), "ends_on": today() + timedelta(days=2)}
        for change in ({"kind": "named", "until": None, "ends_on": None}, longer):
            with pytest.raises(Exception, match="row-level security"), transaction.atomic():
                AccessGrant(**{**values_of(mine), **change}).save(force_insert=True)
        with pytest.raises(Exception, match="låst"), transaction.atomic():
            AccessGrant.objects.filter(pk=mine.pk).update(until=emergency.until + timedelta(hours=1))
        assert Case.objects.filter(pk=case.pk).update(version=7) == 0


def values_of(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"}


def test_it_is_ended_by_the_one_who_is_in_or_one_who_holds_the_case(world, case):
    for ender in (world.leo, world.anna):
        emergency = break_in(world.leo, case.number).emergency
        assert is_open(world.leo, case) == OPEN
        with acting(ender):
            cases.end_emergency(by=ender, emergency=emergency)
        assert is_open(world.leo, case) == SHUT


# Who is told, and who reviews


def test_those_who_have_it_and_lead_are_told_at_once(world, case):
    world.coordinator(case=case)
    world.moa = world._member(world.adam, "Moa Chef", Role.UNIT_MANAGER)
    emergency = break_in(world.leo, case.number).emergency
    for who, told in ((world.anna, 1), (world.maud, 1), (world.moa, 1), (world.leo, 0), (world.cilla, 0)):
        with acting(who):
            assert Notice.objects.filter(about="emergency", subject_id=emergency.pk).count() == told, who.user.name
    with acting(world.maud):
        clock = Clock.objects.visible_to(world.maud).get(kind="emergency_review")
    assert clock.owner_id == world.maud.pk and clock.due_on == workdays_after(today(), 3)


def review(by, emergency, **more):
    with acting(by):
        return cases.review_emergency(
            by=by, emergency=emergency, **{"judgement": "justified", "review_note": "Det var fara.", **more}
        )


def test_the_manager_reviews_and_the_watch_ends(world, protected):
    emergency = break_in(world.leo, protected.number, minutes_ago=61).emergency
    review(world.maud, emergency)
    with acting(world.anna):
        row = EmergencyAccess.objects.visible_to(world.anna).get()
        assert (row.judgement, row.reviewed_by_id) == ("justified", world.maud.pk)
        assert Clock.objects.get(kind="emergency_review").done_by_id == world.maud.pk
    with pytest.raises(Stale):
        review(world.maud, emergency)
    assert is_open(world.maud, protected) == SHUT, "to review is not to open"


@pytest.mark.parametrize("who", ["leo", "anna", "cilla", "adam", "sara"])
def test_nobody_else_reviews(world, case, who):
    emergency = break_in(world.leo, case.number, minutes_ago=61).emergency
    with pytest.raises((NotAllowed, EmergencyAccess.DoesNotExist)):
        review(getattr(world, who), emergency)


def test_a_manager_is_not_reviewed_by_herself_in_whichever_membership(world, case):
    emergency = break_in(world.maud, case.number, minutes_ago=61).emergency
    again = world._member(world.adam, "Maud Chef", Role.SOCIAL_WORKER)
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=case, membership=again, kind="named", reason="hjälper")
    for herself in (world.maud, again):
        with pytest.raises(NotAllowed):
            review(herself, emergency)
        with acting(herself), pytest.raises(DatabaseError, match="låst|reviewed_by_another"), transaction.atomic():
            row = EmergencyAccess.objects.get(pk=emergency.pk)
            row.reviewed_at, row.reviewed_by, row.judgement, row.review_note = timezone.now(), herself, "justified", "x"
            row.save(update_fields=["reviewed_at", "reviewed_by", "judgement", "review_note"])
    review(world.anna, emergency)  # who handles the case does it, when it is the leader's own


def test_it_is_reviewed_when_it_is_over_and_with_words(world, case):
    emergency = break_in(world.leo, case.number).emergency
    with pytest.raises(Refused, match="pågår"):
        review(world.maud, emergency)
    with acting(world.leo):
        cases.end_emergency(by=world.leo, emergency=emergency)
    with pytest.raises(Refused, match="Skriv"):
        review(world.maud, emergency, review_note=" ")
    review(world.maud, emergency, judgement="investigate")


def test_its_watch_is_ended_by_the_review_alone(world, case):
    emergency = break_in(world.leo, case.number).emergency
    with acting(world.anna):
        clock = Clock.objects.get(kind="emergency_review", subject_id=emergency.pk)
        with pytest.raises(Refused, match="granskad"):
            cases.finish_clock(by=world.anna, case=case, clock=clock)
        with pytest.raises(Refused):
            cases.extend_clock(
                by=world.anna, case=case, clock=clock, extended_to=today() + timedelta(days=30), ground="hinner inte"
            )


@pytest.mark.parametrize(("day", "expected"), [
    (date(2026, 11, 20), date(2026, 11, 25)),  # Friday: over a weekend
    (date(2026, 12, 22), date(2026, 12, 29)),  # Christmas Eve to Boxing Day
    (date(2026, 4, 1), date(2026, 4, 8)),  # Good Friday and Easter Monday
    (date(2026, 6, 17), date(2026, 6, 23)),  # midsummer eve
])  # fmt: skip
def test_three_swedish_working_days(day, expected):
    assert workdays_after(day, 3) == expected
    assert is_workday(expected)
