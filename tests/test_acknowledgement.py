"""*Jag har sett det*: who may say it, what it ends and what it does not."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases import operations as cases
from cases.clocks import CaseClock
from cases.models import Acknowledgement, Clock
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from tests.test_clocks import clock
from tests.visits import Visit, sees
from tests.world import today


def see(who, row):
    with acting(who), transaction.atomic():
        return cases.acknowledge_clock(by=who, clock_id=row.pk)


def test_who_has_the_case_and_who_leads_may(world):
    late = clock(world, days=-9)
    for who in (world.anna, world.maud):
        row = see(who, late)
        assert (row.seen_by_id, row.of_day, row.case_id) == (who.pk, late.due_on, world.case.pk)
    with acting(world.anna):
        events = AuditEvent.objects.filter(action="clock.seen", case_id=world.case.pk)
        assert {event.membership_id for event in events} == {world.anna.pk, world.maud.pk}


def test_nobody_else_may(world):
    late = clock(world, days=-9)
    for who in (world.leo, world.adam, world.cilla, world.siv):
        with pytest.raises(NotAllowed):
            see(who, late)
    for who in (world.sara, world.mika):
        with pytest.raises(NotAllowed):
            see(who, late)
    with acting(world.anna):
        assert not Acknowledgement.objects.exists()


def test_who_leads_may_not_of_a_guarded_person_she_knows_nothing_of(world):
    guarded = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    late = clock(world, days=-9, case=guarded)
    with pytest.raises(NotAllowed):
        see(world.maud, late)
    see(world.anna, late)


def test_only_of_what_is_late_and_not_done(world):
    ahead = clock(world, days=0)
    with pytest.raises(Refused, match="inte försenat"):
        see(world.anna, ahead)
    with pytest.raises(NotAllowed):  # she cannot read it
        see(world.maud, ahead)
    done = clock(world, days=-9, case=world.open_case(individual=world.person(name="Annan Person")))
    with acting(world.anna):
        cases.finish_clock(by=world.anna, case=done.case, clock=done)
    with pytest.raises(Refused, match="redan klart"):
        see(world.anna, done)


def test_the_database_alone_lets_nobody_say_it_for_another(world):
    late = clock(world, days=-9)
    for by, seen_by in ((world.anna, world.maud), (world.leo, world.leo), (world.cilla, world.cilla)):
        with acting(by), pytest.raises(DatabaseError), transaction.atomic():
            Acknowledgement(authority_id=late.authority_id, clock_id=late.pk, seen_by=seen_by).save(force_insert=True)


def test_nobody_silences_a_clock_by_hand(world):
    """When it is next looked at is the sweep's; an update of the column by the web changes nothing."""
    row = clock(world, days=5)
    with acting(world.anna), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_clock SET next_at = NULL, version = version WHERE id = %s", [row.pk])
        cursor.execute("SELECT next_at IS NOT NULL FROM cases_clock WHERE id = %s", [row.pk])
        assert cursor.fetchone()[0]


def test_it_is_never_taken_back(world):
    row = see(world.anna, clock(world, days=-9))
    for statement in ("UPDATE cases_acknowledgement SET of_day = of_day - 1 WHERE id = %s",
                      "DELETE FROM cases_acknowledgement WHERE id = %s"):  # fmt: skip
        with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])


def test_what_a_law_asks_for_comes_back_and_practice_does_not(world):
    with acting(world.anna):
        given = {"by": world.anna, "case": world.case, "owner": world.anna, "due_on": today() + timedelta(days=20)}
        law = cases.start_clock(**given, kind=CaseClock.TRANSFER, rule_id="transfer.answer", subject_id=world.anna.pk)
        practice = cases.start_clock(**given, kind="follow_up", rule_id="plan.follow_up", subject_id=world.leo.pk)
    assert (law.cover_days, law.escalate_days, law.again_days) == (3, 3, 3)
    assert (practice.cover_days, practice.escalate_days, practice.again_days) == (3, 7, None)


# On the pages.


def test_pressed_on_the_units_page_by_who_leads(world):
    late = clock(world, days=-9)
    maud = Visit(world.maud)
    page = maud.get("teams:unit")
    assert sees(page, "Jag har sett det") and sees(page, world.case.number)
    answer = maud.post("cases:clock_seen", late.pk, back="unit")
    assert answer.status_code == 302 and answer.url == "/enheten/"
    page = maud.get("teams:unit")
    assert sees(page, "sett av Maud") and sees(page, world.case.number), "it stays until it is done"


def test_who_leads_finds_it_on_her_own_day_until_it_is_seen(world):
    """No name and no content, and nothing of what she may not know of."""
    late = clock(world, days=-9)
    guarded = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    clock(world, days=-9, case=guarded)
    maud = Visit(world.maud)
    page = maud.get("plans:my_day")
    assert sees(page, "Eskalerat till dig", world.case.number, "ligger på Anna Berg")
    assert not sees(page, guarded.number) and not sees(page, "Inget väntar")
    assert not sees(Visit(world.leo).get("plans:my_day"), "Eskalerat")
    answer = maud.post("cases:clock_seen", late.pk, back="day")
    assert answer.status_code == 302 and answer.url == "/min-dag/"
    assert not sees(maud.get("plans:my_day"), "Eskalerat till dig")
    assert sees(maud.get("teams:unit"), world.case.number, "sett av Maud")


def test_pressed_on_my_day_without_leaving_the_page(world):
    late = clock(world, days=-9)
    anna = Visit(world.anna)
    assert sees(anna.get("plans:my_day"), "Jag har sett det")
    row = anna.post("cases:clock_seen", late.pk, headers={"HX-Request": "true"})
    assert row.status_code == 200 and sees(row, "<li class=", "Flytta…") and not sees(row, "<html", "Jag har sett det")
    page = anna.get("plans:my_day")
    assert sees(page, "Uppföljning av plan") and not sees(page, "Jag har sett det")


def test_with_a_foreign_id_there_is_no_such_page(world):
    late = clock(world, days=-9)
    for who in (world.leo, world.cilla, world.adam):
        assert Visit(who).post("cases:clock_seen", late.pk).status_code == 404
    assert Visit(world.sara).post("cases:clock_seen", late.pk).status_code == 403
    with acting(world.anna):
        assert Clock.objects.get(pk=late.pk).done_at is None


def test_the_day_that_a_weekend_moves_is_shown_beside_the_strict_one(world, monkeypatch):
    from dataclasses import replace
    from datetime import date

    from cases.clocks import KINDS

    rolls = {"follow_up": replace(KINDS["follow_up"], rolls=True)}
    monkeypatch.setitem(KINDS, "follow_up", rolls["follow_up"])
    for due, rolled in ((date(2026, 12, 25), date(2026, 12, 28)), (date(2027, 3, 27), date(2027, 3, 30)),
                        (date(2027, 6, 6), date(2027, 6, 7)), (date(2027, 6, 7), None)):  # fmt: skip
        assert Clock(kind="follow_up", due_on=due).rolled_day == rolled
        assert Clock(kind="note_draft", due_on=due).rolled_day is None
