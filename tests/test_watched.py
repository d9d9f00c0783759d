"""What is watched by itself: its clock begins when the day comes near, follows it, ends with it, and stands behind the
same walls as every other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.clocks import HouseClock
from cases.models import Clock
from cases.notices import due
from exitprogram.demo.clock import at
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import end_member
from exitprogram.tokens import operations as tokens
from plans import operations as plans
from plans.clocks import PlanClock
from plans.models import Measure
from reporting.clocks import OversightClock
from teams import operations as teams
from tests import archiving, papers
from tests.agreements import agreed
from tests.connections import logged_in_as
from tests.test_flow import answer, ask
from tests.visits import Visit, sees
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return World()


def kept(days=0):
    with logged_in_as("worker"):
        due.make_due(timezone.now() + timedelta(days=days))


def clocks(who, kind):
    with acting(who):
        return list(Clock.objects.visible_to(who).filter(kind=kind))


def open_clock(who, kind):
    return next((clock for clock in clocks(who, kind) if clock.done_at is None), None)


def measure(world, days, **more):
    with acting(world.anna):
        version = plans.start_plan(by=world.anna, case=world.case)
        goal = plans.add_goal(by=world.anna, plan_version=version, area="health", own_words="Sova")
        return plans.add_measure(
            by=world.anna, goal=goal, title="Traumasamtal", principal_kind="social", principal=world.bollnas,
            ends_on=today() + timedelta(days=days), **more,
        )  # fmt: skip


def test_a_measure_is_watched_from_a_week_ahead_until_it_is_done(world):
    row = measure(world, days=8)
    kept()
    assert open_clock(world.anna, PlanClock.MEASURE) is None, "too far ahead"
    kept(days=1)
    clock = open_clock(world.anna, PlanClock.MEASURE)
    assert (clock.due_on, clock.owner_id, clock.subject_id) == (row.ends_on, world.anna.pk, row.thread)
    with acting(world.anna):
        plans.set_measure_status(by=world.anna, measure=row, status="done")
    kept(days=1)
    [ended] = clocks(world.anna, PlanClock.MEASURE)
    assert ended.done_at and ended.done_by_id is None
    with acting(world.anna):
        plans.set_measure_status(by=world.anna, measure=row, status="ongoing")
    kept(days=1)
    assert open_clock(world.anna, PlanClock.MEASURE).pk == clock.pk, "the same one goes again"


def test_it_follows_the_day_and_the_hand(world):
    row = measure(world, days=3)
    kept()
    with acting(world.anna):
        plans.move_measure(by=world.anna, measure=row, moved_to=today() + timedelta(days=5), why="sjuk")
    world.coordinator(world.leo)
    kept()
    clock = open_clock(world.leo, PlanClock.MEASURE)
    assert (clock.day, clock.owner_id) == (today() + timedelta(days=5), world.leo.pk)
    with acting(world.anna):
        moved = Measure.objects.get(pk=row.pk)
        plans.move_measure(by=world.anna, measure=moved, moved_to=today() + timedelta(days=100), why="väntar")
    kept()
    assert open_clock(world.leo, PlanClock.MEASURE) is None, "not near any more"


def test_on_my_day_it_is_the_measure_itself_and_once(world):
    measure(world, days=0)
    kept()
    page = Visit(world.anna).get("plans:my_day")
    assert sees(page, "Traumasamtal") and not sees(page, "Insats att göra")


def test_a_closed_case_is_watched_no_more(world):
    row = measure(world, days=3)
    kept()
    with acting(world.anna):
        plans.drop_measure(by=world.anna, measure=row)
    kept()
    assert open_clock(world.anna, PlanClock.MEASURE) is None


# Of the house.


def test_a_role_that_ends(world):
    with acting(world.adam):
        end_member(by=world.adam, membership=world.leo, ends_on=today() + timedelta(days=20))
    kept()
    clock = open_clock(world.adam, HouseClock.ROLE_ENDS)
    assert (clock.case_id, clock.owner_id, clock.due_on) == (None, world.adam.pk, today() + timedelta(days=20))
    with acting(world.adam):
        end_member(by=world.adam, membership=world.leo, ends_on=today() + timedelta(days=10))
    kept()
    assert open_clock(world.adam, HouseClock.ROLE_ENDS).day == today() + timedelta(days=10), "also to an earlier day"


def test_a_key_that_runs_out(world):
    with acting(world.anna):
        token, _secret = tokens.make_token(
            by=world.anna, name="Systemet", scopes=["cases:read"], networks=["192.0.2.1"],
            expires_on=today() + timedelta(days=5),
        )  # fmt: skip
    kept()
    assert open_clock(world.adam, HouseClock.CONNECTION_ENDS).subject_id == token.pk
    with acting(world.anna):
        tokens.revoke_token(by=world.anna, token=token)
    kept()
    assert open_clock(world.adam, HouseClock.CONNECTION_ENDS) is None


def test_a_request_that_nobody_answers(world):
    with at(timezone.now() - timedelta(days=5)):
        export = archiving.asked(world.anna, papers.closed(world.anna, world.open_case()))
    kept()
    clock = open_clock(world.adam, HouseClock.EXPORT_WAITS)
    assert (clock.case_id, clock.subject_id, clock.due_on) == (None, export.pk, today())
    archiving.approved(world.maud, export)
    kept()
    assert open_clock(world.adam, HouseClock.EXPORT_WAITS) is None


def test_each_party_is_told_of_its_own_agreement(world):
    from tests.connections import connected

    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE tenancy_cooperationagreement NO FORCE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE tenancy_cooperationagreement DISABLE TRIGGER USER")
        owner.execute("UPDATE tenancy_cooperationagreement SET ends_on = %s", [today() + timedelta(days=80)])
        owner.execute("ALTER TABLE tenancy_cooperationagreement ENABLE TRIGGER USER")
        owner.execute("ALTER TABLE tenancy_cooperationagreement FORCE ROW LEVEL SECURITY")
    kept()
    assert open_clock(world.adam, "agreement_ends").owner_id == world.adam.pk
    assert open_clock(world.ragnar, "agreement_ends").owner_id == world.ragnar.pk


def test_a_scheme_that_ends_and_decisions_that_the_board_must_know(world):
    with acting(world.adam):
        teams.record_urgent(
            by=world.adam, decided_on=today(), kind="immediate_custody", law="6 § LVU", decided_by="Eva Ek",
            reference="O1", outcome="granted",
        )  # fmt: skip
    kept()
    assert open_clock(world.adam, "unreported") is None
    kept(days=50)
    assert open_clock(world.adam, "unreported").due_on == today() + timedelta(days=60)


def test_what_is_of_the_house_is_seen_by_its_administrators_alone(world):
    with acting(world.adam):
        end_member(by=world.adam, membership=world.leo, ends_on=today() + timedelta(days=20))
    kept()
    for who, number in ((world.adam, 1), (world.anna, 0), (world.maud, 0), (world.siv, 0), (world.sara, 0)):
        assert len(clocks(who, HouseClock.ROLE_ENDS)) == number
        with acting(who):  # by the database alone
            assert Clock._base_manager.filter(kind=HouseClock.ROLE_ENDS).count() == number
    assert sees(Visit(world.adam).get("teams:overview"), "En roll upphör")
    assert not sees(Visit(world.siv).get("teams:overview"), "En roll upphör")
    assert Visit(world.anna).get("teams:overview").status_code == 403


def test_a_question_that_is_not_answered_escalates(world):
    world.agreement = agreed(world.adam, world.siv, oversight="flow", overseer=world.soderhamn, notice_months=0)
    world.case  # noqa: B018  Maria's, without a coordinator
    question = ask(world)
    kept(days=4)
    assert open_clock(world.anna, OversightClock.QUESTION) is None
    kept(days=5)
    clock = open_clock(world.anna, OversightClock.QUESTION)
    assert (clock.day, clock.subject_id, clock.owner_id) == (today() + timedelta(days=7), question.pk, world.anna.pk)
    answer(world, "Planen skrivs nästa vecka.")
    kept(days=8)
    assert open_clock(world.anna, OversightClock.QUESTION) is None
