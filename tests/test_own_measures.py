"""What whoever is responsible may say of her own measure, and when she no longer may: asked of each wall alone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from cases import operations as cases
from cases.models import Notice
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.contributions import own_measures
from plans.models import Measure
from teams import operations as teams
from tests.world import today

REPORT = "UPDATE plans_measure SET status = 'done', status_on = wall.today() WHERE id = %s"


@pytest.fixture
def own(world):
    """Maria's plan is agreed. Sara, covered for health, is responsible for one of its two measures there."""
    world.consent(), world.coordinator()
    world.health = world.waiver(world.region, "health")
    world.in_team = world.join(world.sara)
    world.version = world.draft()
    with acting(world.anna):
        goal = world.version.goals.get()
        row = plans.add_measure(
            by=world.anna, goal=goal, title="Sömnskola", need="Sover inte", principal_kind="health",
            principal=world.region, responsible=world.in_team,
        )  # fmt: skip
        world.other = goal.measures.exclude(pk=row.pk).get()
        world.version = plans.agree_version(by=world.anna, plan_version=world.version)
    return row


def said(world, row, sql=REPORT, by=None):
    """How many rows the database alone lets her write, or what it answers."""
    try:
        with transaction.atomic(), acting(by or world.sara), connection.cursor() as cursor:
            cursor.execute(sql, [row.pk])
            return cursor.rowcount
    except DatabaseError as why:
        return type(why.__cause__)


def listed(world, by=None):
    with acting(by or world.sara):
        return [row.title for row in own_measures(by or world.sara)]


def test_done_and_back_again(world, own):
    with acting(world.sara):
        row = plans.report_measure(by=world.sara, measure=own, status="done")
        assert (row.status, row.status_on) == ("done", today())
        assert plans.report_measure(by=world.sara, measure=own, status="ongoing").status == "ongoing"
        for status in ("stopped", "not_available", "påhittat"):
            with pytest.raises(Refused, match="skriver samordnaren"):
                plans.report_measure(by=world.sara, measure=own, status=status)


def test_standing_still_tells_the_coordinator_and_closes_nothing(world, own):
    soon = today() + timedelta(days=14)
    with acting(world.sara):
        for until, why in ((None, "x"), (today() - timedelta(days=1), "x"), (soon, "  ")):
            with pytest.raises(Refused):
                plans.report_stuck(by=world.sara, measure=own, until=until, why=why)
        row = plans.report_stuck(by=world.sara, measure=own, until=soon, why="Ingen tid förrän i januari")
    assert (row.status, row.stuck_on, row.stuck_until) == ("planned", today(), soon)
    with acting(world.anna):
        assert Notice.objects.visible_to(world.anna).get(about="stuck").subject_id == own.pk
        assert Measure.objects.get(pk=own.pk).stuck_why == "Ingen tid förrän i januari"
    with acting(world.sara):
        assert plans.report_moving(by=world.sara, measure=own).stuck_on is None
        plans.report_stuck(by=world.sara, measure=own, until=soon, why="Igen")
    with acting(world.anna):
        row = plans.set_measure_status(by=world.anna, measure=own, status="stopped", why_not="Får vänta")
        assert (row.stuck_on, row.stuck_why) == (None, "")
    with acting(world.sara), pytest.raises(Refused, match="avbruten"):
        plans.report_measure(by=world.sara, measure=own, status="done")


def test_only_how_it_goes(world, own):
    """The database alone: her own row, and of it nothing but how it goes."""
    assert said(world, own) == 1
    assert said(world, world.other) == 0
    for column in ("title = ''", "need = ''", "why_not = 'x'", "ends_on = wall.today()", "responsible_id = NULL",
                   "status = 'stopped'", "status = 'not_available'", "cost = 1", "decision_id = NULL, payer = 'x'",
                   "area = 'safety'"):  # fmt: skip
        answer = said(world, own, f"UPDATE plans_measure SET {column} WHERE id = %s")
        assert answer is not None and answer != 1, column
    assert said(world, own, by=world.mika) == said(world, own, by=world.cilla) == 0
    assert said(world, own, "UPDATE plans_measure SET title = '' WHERE id = %s", by=world.anna) is RestrictViolation
    assert said(world, own, by=world.anna) == 1


def leaves(world):
    with acting(world.anna):
        teams.leave_team(by=world.anna, case=world.case, member=world.in_team, reason="Slut")


def withdraws(world):
    with acting(world.anna):
        cases.withdraw_consent(by=world.anna, case=world.case, consent=world.health)


def ends(world):
    with acting(world.anna):
        plans.end_plan(by=world.anna, plan=world.version.plan, reason="Klart")


def is_replaced(world):
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=world.version.plan)
        draft.measures.filter(responsible=world.in_team).delete()
        draft = plans.save_version(
            by=world.anna, plan_version=draft, expected=None, follow_up_on=today() + timedelta(days=9)
        )
        plans.agree_version(by=world.anna, plan_version=draft)


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_said_meanwhile_goes_with_the_next_version(world, own, changed):
    """Done while the next version was a draft: it does not come back as planned. What the draft decides stands."""
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=world.version.plan)
        copy = draft.measures.get(thread=own.thread)
        if changed:
            plans.save_measure(by=world.anna, measure=copy, expected=None, status="stopped", why_not="Slutar")
        else:
            plans.save_measure(by=world.anna, measure=copy, expected=None, title="Sömnskola i grupp")
    with acting(world.sara):
        plans.report_measure(by=world.sara, measure=own, status="done")
    with acting(world.anna):
        draft = plans.save_version(
            by=world.anna, plan_version=draft, expected=None, follow_up_on=today() + timedelta(days=9)
        )
        draft = plans.agree_version(by=world.anna, plan_version=draft)
        copy.refresh_from_db()
        assert (copy.status, copy.status_on) == (("stopped", None) if changed else ("done", today()))
        assert f'"status":"{copy.status}"' in draft.frozen


@pytest.mark.parametrize("end", [leaves, withdraws, ends, is_replaced])
def test_it_ends_with_membership_consent_and_version(world, own, end):
    assert listed(world) == ["Sömnskola"]
    end(world)
    assert listed(world) == [] and said(world, own) == 0
    with acting(world.sara), pytest.raises((Refused, Measure.DoesNotExist)):
        plans.report_measure(by=world.sara, measure=own, status="done")


def test_a_colleague_of_the_board_reports_too(world, own):
    """Leo, of the board itself, is responsible; the case is open to him, and he needs no consent."""
    leo = world.join(world.leo)
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=world.version.plan)
        plans.add_measure(
            by=world.anna, goal=draft.goals.get(), title="Ansökan", principal_kind="social", principal=world.bollnas,
            responsible=leo,
        )  # fmt: skip
        draft = plans.save_version(
            by=world.anna, plan_version=draft, expected=None, follow_up_on=today() + timedelta(days=9)
        )
        plans.agree_version(by=world.anna, plan_version=draft)
    assert listed(world, world.leo) == ["Ansökan"]


def test_a_guest_tells_only_of_her_own(world, own):
    """A notice of somebody else's thing, to somebody who does not hold the case, or of what is not so."""
    with acting(world.sara):
        plans.report_stuck(by=world.sara, measure=own, until=today(), why="x")
    insert = (
        "INSERT INTO cases_notice (id, authority_id, created_at, about, subject_id, recipient_id,"
        " recipient_authority_id, about_on, tries) VALUES (gen_random_uuid(), %s, now(), %s, %s, %s, %s, '2030-01-01',"
        " 0)"
    )
    right = [world.bollnas.pk, "stuck", own.pk, world.anna.pk, world.bollnas.pk]
    wrong = {
        "to Leo": {3: world.leo.pk}, "another measure": {2: world.other.pk}, "a clock": {1: "clock"},
        "not declined": {1: "declined"}, "elsewhere": {0: world.soderhamn.pk, 4: world.soderhamn.pk},
    }  # fmt: skip
    for name, changes in {"right": {}, **wrong}.items():
        values = [changes.get(place, value) for place, value in enumerate(right)]
        try:
            with transaction.atomic(), acting(world.sara), connection.cursor() as cursor:
                cursor.execute(insert, values)
                answer = cursor.rowcount
        except DatabaseError as why:
            answer = type(why.__cause__)
        assert answer == (1 if name == "right" else InsufficientPrivilege), name


def test_she_leaves_by_her_own_hand(world, own):
    """What is unsigned waits for nobody, who comes instead is told, and everything is shut at once."""
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=world.version.plan)
        section = plans.request_section(
            by=world.anna, plan_version=draft, member=world.in_team, area="health", question="Vad?"
        )
    with acting(world.mika), pytest.raises((Refused, type(world.in_team).DoesNotExist)):
        plans.leave_as_contributor(by=world.mika, member=world.in_team, reason="x")
    with acting(world.sara):
        left = plans.leave_as_contributor(
            by=world.sara, member=world.in_team, reason="Nytt arbete", successor="Nils Vik"
        )
    assert (left.state, left.ends_on) == ("ended", today())
    assert listed(world) == [] and said(world, own) == 0
    with acting(world.anna):
        section.refresh_from_db()
        assert (section.state, section.declined) == ("declined", "left")
        assert world.case.team.get().successor == "Nils Vik"
        assert Notice.objects.visible_to(world.anna).filter(about="left").exists()


@pytest.mark.parametrize(
    "forged",
    ["ends_on = wall.today() + 300", "state = 'ended', end_reason = 'x', ends_on = wall.today() + 1",
     "state = 'ended', end_reason = 'x', ends_on = wall.today(), function = 'chef'", "successor = 'Någon'",
     "state = 'declined'", "state = 'invited'"],
)  # fmt: skip
def test_leaving_moves_nothing_else(world, own, forged):
    answer = said(world, world.in_team, f"UPDATE teams_teammember SET {forged} WHERE id = %s")
    assert answer is RestrictViolation
    honest = "state = 'ended', end_reason = 'x', ends_on = wall.today()"
    assert said(world, world.in_team, f"UPDATE teams_teammember SET {honest} WHERE id = %s") == 1


def test_a_section_is_declined_and_taken_up(world, own):
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=world.version.plan)
        section = plans.request_section(
            by=world.anna, plan_version=draft, member=world.in_team, area="health", question="Vad?"
        )
    with acting(world.sara):
        plans.save_section(by=world.sara, section=section, text="Påbörjat")
        with pytest.raises(Refused, match="mening"):
            plans.decline_section(by=world.sara, section=section, kind="not_mine", because=" ")
        plans.decline_section(by=world.sara, section=section, kind="not_mine", because="Fråga Nils")
        with pytest.raises(Refused, match="Ångra"):
            plans.sign_section(by=world.sara, section=section)
        row = plans.take_up_section(by=world.sara, section=section)
        assert (row.state, row.text, row.declined) == ("writing", "Påbörjat", "")
        plans.decline_section(by=world.sara, section=section, kind="cannot", because="Fullt")
    with acting(world.anna):
        assert Notice.objects.visible_to(world.anna).filter(about="declined").count() == 1
        plans.drop_section(by=world.anna, section=section)
        assert not draft.sections.exists()
