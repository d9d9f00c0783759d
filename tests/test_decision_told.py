"""The party is told in time, the board is told, and how long anybody may ask for a review of legality."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import Clock
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.board import Told, told_to_board
from tests.connections import dsn_of
from tests.test_decisions import act, decided, propose, scheme  # noqa: F401  the fixture
from tests.visits import Visit, sees
from tests.world import today

pytestmark = pytest.mark.django_db(transaction=True)


def clocks(world):
    with acting(world.anna):
        return list(Clock.objects.open().filter(case=world.case, kind="tell"))


def test_telling_the_party_is_watched_until_it_is_done(world):
    decision = decided(world)
    [clock] = clocks(world)
    assert (clock.subject_id, clock.owner_id, clock.due_on) == (
        decision.pk, world.anna.pk, today() + timedelta(days=7),
    )  # fmt: skip
    with pytest.raises(DatabaseError), acting(world.anna), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_clock SET done_at = now(), done_by_id = %s WHERE id = %s", [world.anna.pk, clock.pk]
        )
    act(world, teams.tell_party, decision, way="handed")
    assert clocks(world) == []


def test_a_decision_that_is_changed_is_not_told_of(world):
    decision = decided(world)
    change = propose(world, earlier=decision, relation="change")
    with acting(world.anna):
        teams.decide(by=world.anna, decision=change, outcome="granted", reasons="Fel", no_conflict=True)
    assert [clock.subject_id for clock in clocks(world)] == [change.pk]


def long_ago(decision, days):
    with psycopg.connect(**dsn_of("owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE teams_decision NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        owner.execute("UPDATE teams_decision SET decided_on = decided_on - %s WHERE id = %s", [days, decision.pk])
        owner.execute("ALTER TABLE teams_decision FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def board(world, decision, by=None):
    with acting(by or world.anna):
        return told_to_board([decision], on=today()).get(decision.pk)


def test_what_the_board_was_never_told_is_red_where_decisions_are(world):
    decision, anna = decided(world), Visit(world.anna)
    assert board(world, decision) == Told(None, None, False)
    assert not sees(anna.get("teams:decisions"), "Inte anmält till nämnden")
    long_ago(decision, 61)
    assert board(world, decision).late
    assert sees(anna.get("teams:decisions"), "Inte anmält till nämnden", "Vem får besluta?")
    assert sees(anna.get("teams:decide", decision), "Skulle ha anmälts till nämnden")
    assert board(world, decision, world.cilla) is None


def test_a_meeting_that_has_passed_without_it_makes_it_red(world):
    decision = decided(world)
    long_ago(decision, 5)
    with acting(world.maud):
        teams.register_meeting(by=world.maud, held_on=today() - timedelta(days=1))
    assert board(world, decision).late


def reported(world, decision):
    with acting(world.maud):
        meeting = teams.register_meeting(by=world.maud, held_on=today())
        teams.close_list(by=world.maud, meeting=meeting)
        return teams.report_list(by=world.maud, meeting=meeting, minute="SN § 7")


def test_the_last_day_for_a_review_of_legality(world):
    decision = decided(world, "purchase")
    anna, maud = Visit(world.anna), Visit(world.maud)
    meeting = reported(world, decision)
    assert board(world, decision) == Told(today(), None, False)
    assert sees(anna.get("teams:decide", decision), "Anmält till nämnden")
    page = maud.post("teams:board_announce", meeting, announced_on=today() + timedelta(days=1))
    assert sees(page, "dagen ska ha varit")
    maud.post("teams:board_announce", meeting, announced_on=today())
    assert board(world, decision).announced_on == today()
    assert sees(anna.get("teams:decide", decision), "Sista dag att begära laglighetsprövning")
    with acting(world.maud), pytest.raises(Refused, match="redan antecknad"):
        teams.announce_minutes(by=world.maud, meeting=meeting, announced_on=today())
    for change in ("announced_on = announced_on - 1", "announced_on = NULL", "minute = 'SN'"):
        with pytest.raises(DatabaseError), acting(world.maud), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE teams_boardmeeting SET {change} WHERE id = %s", [meeting.pk])  # noqa: S608


@pytest.mark.parametrize(("announced", "last"), [
    (date(2026, 3, 2), date(2026, 3, 23)), (date(2026, 3, 1), date(2026, 3, 23)),  # 22 March is a Sunday
    (date(2026, 3, 13), date(2026, 4, 7)),  # 3 April is Good Friday
])  # fmt: skip
def test_three_weeks_and_the_first_working_day(announced, last):
    assert Told(None, announced, False).legality_day == last


def test_only_those_who_make_the_lists_announce(world):
    meeting = reported(world, decided(world))
    for who, status in (("anna", 403), ("siv", 404), ("adam", 302)):
        answer = Visit(getattr(world, who)).post("teams:board_announce", meeting, announced_on=today())
        assert answer.status_code == status
