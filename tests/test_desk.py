"""What stands on *Min dag* of the plans' measures, and what can be done with it there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import RestrictViolation

from cases import operations as cases
from cases.models import CaseNote, Clock
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.due import measures_due
from plans.models import Measure
from tests.visits import Visit, sees
from tests.world import today

BEFORE, AFTER = today() - timedelta(days=1), today() + timedelta(days=5)


def with_a_day(world, day=BEFORE, **more):
    """Maria's plan, agreed, with its measure due that day."""
    world.consent(), world.coordinator()
    draft = world.draft()
    with acting(world.anna):
        begun = today() - timedelta(days=30)
        draft = plans.save_version(
            by=world.anna, plan_version=draft, expected=None, starts_on=begun, ends_on=today() + timedelta(days=90)
        )
        plans.save_measure(by=world.anna, measure=draft.measures.get(), expected=None, ends_on=day, **more)
        agreed = plans.agree_version(by=world.anna, plan_version=draft)
        return agreed.measures.get()


def due(by):
    with acting(by):
        return [(row.title, row.mine) for row in measures_due(by, 50)]


def test_the_coordinator_sees_what_nobody_else_is_named_for(world):
    measure = with_a_day(world)
    assert due(world.anna) == [("Traumasamtal", True)]
    assert due(world.leo) == due(world.cilla) == []
    assert sees(Visit(world.anna).get("plans:my_day"), "Traumasamtal", "Försenad", world.case.number)
    with acting(world.anna):
        plans.set_measure_status(by=world.anna, measure=measure, status="done")
    assert due(world.anna) == []


def test_who_is_named_sees_it_and_the_coordinator_follows_what_is_late(world):
    member = world.join(world.leo)
    measure = with_a_day(world, responsible=member)
    assert due(world.leo) == [("Traumasamtal", True)]
    assert due(world.anna) == [("Traumasamtal", False)]
    assert sees(Visit(world.anna).get("plans:my_day"), "Väntar på andra", "Leo Ek")
    with acting(world.anna):
        plans.move_measure(by=world.anna, measure=measure, moved_to=AFTER, why="Leo är sjuk")
    assert due(world.leo) == [("Traumasamtal", True)] and due(world.anna) == []


def test_a_far_day_and_a_new_draft_change_nothing(world):
    measure = with_a_day(world, today() + timedelta(days=15))
    assert due(world.anna) == []
    with acting(world.anna):
        plans.move_measure(by=world.anna, measure=measure, moved_to=AFTER, why="Går fortare")
        draft = plans.new_version(by=world.anna, plan=measure.version.plan)
        assert draft.measures.get().ends_on == AFTER, "what is agreed anew is the day as it stands"
    assert due(world.anna) == [("Traumasamtal", True)], "once, from the version that holds"


def test_of_somebody_protected_only_the_area_is_shown(world):
    with_a_day(world)
    with acting(world.anna):
        person = type(world.case.individual).objects.get(pk=world.case.individual_id)
        cases.save_person(
            by=world.anna, case=world.case, version=person.version, name="Maria Karlsson", alias="", birth_date=None,
            protection="secrecy_mark", language="svenska", needs_interpreter=False,
        )  # fmt: skip
    page = Visit(world.anna).get("plans:my_day")
    assert sees(page, "Insats: Hälsa") and not sees(page, "Traumasamtal")


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"why": " "}, "måste fyllas i"),
        ({"moved_to": BEFORE}, "Välj en ny dag, i dag eller senare."),
        ({"moved_to": today() + timedelta(days=91)}, "inom planens tid"),
        ({"moved_to": "i morgon kanske"}, "datum"),
    ],
)
def test_a_move_that_cannot_be_is_told_and_nothing_is_lost(world, fault, sentence):
    measure = with_a_day(world)
    anna = Visit(world.anna)
    for headers in ({}, {"HX-Request": "true"}):
        answer = anna.post(
            "plans:measure_move", measure, headers=headers, **{"moved_to": AFTER, "why": "Sjuk", **fault}
        )
        assert sees(answer, sentence)
        assert sees(answer, "Sjuk") or "why" in fault
    with acting(world.anna):
        assert Measure.objects.get(pk=measure.pk).moved_to is None


def test_without_script_the_page_comes_back(world):
    measure, anna = with_a_day(world), Visit(world.anna)
    assert anna.post("plans:measure_tick", measure).url == reverse("plans:my_day")
    assert sees(anna.get("plans:my_day"), "Insatsen är klar.")
    assert anna.post("plans:measure_untick", measure, before="stopped").status_code == 302
    with acting(world.anna):
        assert Measure.objects.get(pk=measure.pk).status == "done", "only back to what it can have been"
    anna.post("plans:measure_untick", measure, before="ongoing")
    anna.post("plans:measure_move", measure, moved_to=AFTER, why="Sjuk")
    with acting(world.anna):
        row = Measure.objects.get(pk=measure.pk)
    assert (row.status, row.day, row.ends_on) == ("ongoing", AFTER, BEFORE)
    assert sees(anna.get("plans:my_day"), "Traumasamtal", "flyttad")
    assert {"plan.measure_status", "plan.measure_moved", "case.listed"} <= set(anna.logged())


def watched(world):
    with acting(world.anna):
        return Clock.objects.get(case=world.case, kind="follow_up")


def test_a_slip_is_undone_by_ones_own_hand_and_soon(world):
    with_a_day(world)
    world.join(world.leo)
    clock = watched(world)
    with acting(world.anna):
        cases.finish_clock(by=world.anna, case=world.case, clock=clock)
    with acting(world.leo), pytest.raises(Refused, match="inte längre att ångra"):
        cases.reopen_clock(by=world.leo, case=world.case, clock=clock)
    with acting(world.anna):
        assert cases.reopen_clock(by=world.anna, case=world.case, clock=clock).done_at is None
        with pytest.raises(Refused, match="inte klart"):
            cases.reopen_clock(by=world.anna, case=world.case, clock=clock)
    assert not watched(world).can_be_undone(world.anna, at=timezone.now())
    clock.done_at, clock.done_by = timezone.now() - timedelta(minutes=16), world.anna
    assert not clock.can_be_undone(world.anna, at=timezone.now())


UNDONE = {"done_at": None, "done_by": None}


@pytest.mark.parametrize("more", [{}, {"done_at": timezone.now()}, {"version": 99}])
def test_the_database_lets_nobody_else_undo(world, more):
    with_a_day(world)
    world.join(world.leo)
    clock = watched(world)
    with acting(world.anna):
        cases.finish_clock(by=world.anna, case=world.case, clock=clock)
    with acting(world.leo), pytest.raises(Exception) as why:
        Clock.objects.filter(pk=clock.pk).update(**(more or UNDONE))
    assert isinstance(why.value.__cause__, RestrictViolation)


NOTE = {"kind": "call", "event_on": today(), "source": "Maria", "fact": "Ringde."}


def test_a_note_says_when_it_is_followed_up(world):
    anna, later = Visit(world.anna), today() + timedelta(days=3)
    draft = CaseNote().pk
    answer = anna.post("cases:note", world.case, draft, sign=1, version=0, follow_up_on=BEFORE, **NOTE)
    assert sees(answer, "har redan varit", "Ringde.")
    anna.post("cases:note", world.case, draft, version=0, follow_up_on=later, **NOTE)
    with acting(world.anna):
        assert not Clock.objects.filter(kind="note_follow_up").exists(), "not before it is signed"
    anna.post("cases:note", world.case, draft, sign=1, version=1, follow_up_on=later, **NOTE)
    with acting(world.anna):
        assert Clock.objects.get(kind="note_follow_up").due_on == later
    assert sees(anna.get("plans:my_day"), "Något att följa upp")
    assert sees(anna.get("cases:notes", world.case), "Följs upp")


def test_with_emergency_access_nothing_is_put_on_a_later_day(world):
    with acting(world.leo), pytest.raises(NotAllowed):
        cases.save_note(by=world.leo, case=world.case, follow_up_on=AFTER, **NOTE)
