"""A clock ends by what it watches over. It is moved only forward and with a ground, handed on in one's own name, and
what has been late for too long stands before the manager until it is done."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cases import operations as cases
from cases.models import CaseNote, Clock
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees
from tests.world import today

NOTE = {"kind": "call", "event_on": today(), "source": "Maria", "fact": "Hon ringde."}


def clock(world, days=3, case=None):
    case = case or world.case
    with acting(world.anna):
        return cases.start_clock(
            by=world.anna, case=case, kind="follow_up", rule_id="plan.follow_up", subject_id=case.pk, owner=world.anna,
            due_on=today() + timedelta(days=days),
        )  # fmt: skip


def draft(world, **more):
    with acting(world.anna):
        return cases.save_note(by=world.anna, case=world.case, **{**NOTE, **more})


def watch_of(world, note):
    with acting(world.anna):
        return Clock.objects.get(kind="note_draft", subject_id=note.pk)


# The same in raw SQL, by one who may write the row.


def moved(world, row, **columns):
    """«refused» or the number of rows, for an update by Anna; undone."""
    words = ", ".join(f"{name} = %s" for name in columns)
    try:
        with acting(world.anna), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cases_clock SET {words} WHERE id = %s", [*columns.values(), row.pk])  # noqa: S608
            affected = cursor.rowcount
            transaction.set_rollback(True)
            return affected
    except (IntegrityError, ProgrammingError):
        return "refused"


def test_the_database_moves_a_clock_only_forward_and_with_a_ground(world):
    row, later = clock(world), today() + timedelta(days=9)
    assert moved(world, row, extended_to=later, extension_ground=b"skal") == 1
    assert moved(world, row, extended_to=later) == "refused"
    assert moved(world, row, extended_to=row.due_on, extension_ground=b"skal") == "refused"
    assert moved(world, row, extended_to=today(), extension_ground=b"skal") == "refused"
    assert moved(world, row, extension_ground=b"skal") == "refused"
    with acting(world.anna):
        cases.extend_clock(by=world.anna, case=world.case, clock=row, extended_to=later, ground="sjuk")
    assert moved(world, row, extended_to=None, extension_ground=b"") == "refused"
    assert moved(world, row, extended_to=later - timedelta(days=1), extension_ground=b"annat") == "refused"


def test_the_database_lets_nobody_silence_one(world):
    row = clock(world)
    for column, value in (("warn_days", []), ("escalate_days", 999), ("due_on", "2099-01-01"), ("kind", "x")):
        assert moved(world, row, **{column: value}) == "refused", column
    assert moved(world, row, done_at="2026-01-01") == "refused", "done by nobody"
    assert moved(world, row, done_at="2026-01-01", done_by_id=world.maud.pk) == "refused"
    with acting(world.anna), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_clock")


def test_the_database_hands_a_clock_on_in_ones_own_name_to_somebody_with_the_case(world):
    row = clock(world)
    world.join(world.maud)
    assert moved(world, row, owner_id=world.maud.pk, handed_by_id=world.anna.pk) == 1
    assert moved(world, row, owner_id=world.maud.pk) == "refused"
    assert moved(world, row, owner_id=world.maud.pk, handed_by_id=world.maud.pk) == "refused"
    assert moved(world, row, owner_id=world.leo.pk, handed_by_id=world.anna.pk) == "refused", "he has not the case"


def test_the_database_ends_a_drafts_clock_by_signing_only(world):
    note = draft(world)
    row = watch_of(world, note)
    assert moved(world, row, done_at="2026-01-01", done_by_id=world.anna.pk) == "refused"
    assert moved(world, row, extended_to=today() + timedelta(days=99), extension_ground=b"x") == "refused"
    with acting(world.anna):
        cases.sign_note(by=world.anna, case=world.case, note=note)
    assert watch_of(world, note).done_at


def test_handed_to_a_colleague_through_the_page(world):
    row = clock(world)
    anna = Visit(world.anna)
    assert sees(anna.get("cases:clock_move", world.case, row), "Lämna över till en kollega")
    assert not sees(anna.get("cases:clock_hand", world.case, row), "Leo Ek"), "only those who have the case"
    world.join(world.leo)
    anna.post("cases:clock_hand", world.case, row, owner=world.leo)
    with acting(world.anna):
        row.refresh_from_db()
        assert (row.owner_id, row.handed_by_id) == (world.leo.pk, world.anna.pk)
        with pytest.raises(Refused, match="ligger redan"):
            cases.hand_clock(by=world.anna, case=world.case, clock=row, owner=world.leo)
        with pytest.raises(Refused, match="inte ärendet"):
            cases.hand_clock(by=world.anna, case=world.case, clock=row, owner=world.maud)
    assert "clock.handed" in anna.logged()
    assert sees(Visit(world.leo).get("plans:my_day"), world.case.number)


# Unsigned notes.


def test_a_draft_is_watched_and_signing_is_what_ends_it(world):
    note = draft(world)
    row = watch_of(world, note)
    assert (row.due_on, row.warn_days, row.escalate_days) == (today() + timedelta(days=2), [0], 5)
    assert row.owner_id == world.anna.pk
    with acting(world.anna):
        for act, given in (
            (cases.finish_clock, {}),
            (cases.extend_clock, {"extended_to": today() + timedelta(days=30), "ground": "sen"}),
            (cases.hand_clock, {"owner": world.maud}),
        ):
            with pytest.raises(Refused):
                act(by=world.anna, case=world.case, clock=row, **given)
        cases.save_note(by=world.anna, case=world.case, note=note, **NOTE)
        assert Clock.objects.filter(kind="note_draft").count() == 1, "saving on starts no more"
        cases.sign_note(by=world.anna, case=world.case, note=note)
    assert watch_of(world, note).done_by_id == world.anna.pk


def test_an_empty_draft_can_be_thrown_away_and_one_with_words_cannot(world):
    empty, written = draft(world, fact=""), draft(world)
    anna = Visit(world.anna)
    assert sees(anna.get("cases:note", world.case, empty), "Kasta det tomma utkastet")
    assert not sees(anna.get("cases:note", world.case, written), "Kasta det tomma utkastet")
    anna.post("cases:note_discard", world.case, written)
    anna.post("cases:note_discard", world.case, empty)
    with acting(world.anna):
        assert [note.pk for note in CaseNote.objects.all()] == [written.pk]
        assert [row.subject_id for row in Clock.objects.open()] == [written.pk]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM cases_casenote")
            assert cursor.rowcount == 0, "nor by the database"
    assert anna.logged().count("note.discarded") == 1


def test_somebody_elses_draft_is_not_thrown_away(world):
    note = draft(world, fact="")
    world.join(world.maud)
    assert Visit(world.maud).post("cases:note_discard", world.case, note).status_code == 404
    with acting(world.maud), pytest.raises((NotAllowed, CaseNote.DoesNotExist)):
        cases.discard_note(by=world.maud, case=world.case, note=note)


# On the manager's page.


def old_draft(world, monkeypatch, days):
    """As if it had been begun then: the page's own clock stays."""
    with monkeypatch.context() as patch:
        patch.setattr("cases.operations.notes.timezone.localdate", lambda: today_then(days))
        return draft(world, event_on=today_then(days))


def today_then(days):
    from datetime import date

    return date.fromordinal(REAL.toordinal() - days)


REAL = today()


@pytest.mark.parametrize("days, stands", [(6, False), (7, True)])
def test_an_unsigned_draft_stands_before_the_manager_after_a_week(world, monkeypatch, days, stands):
    old_draft(world, monkeypatch, days)
    page = Visit(world.maud).get("teams:unit")
    assert sees(page, "Eskalerat", "Osignerad anteckning", world.case.number, "ligger på Anna Berg") is stands
    assert not sees(page, "Hon ringde."), "never its text"
    assert sees(Visit(world.anna).get("plans:my_day"), "Osignerad anteckning", "Skriv klart")


def test_others_see_nothing_escalated(world, monkeypatch):
    old_draft(world, monkeypatch, 9)
    for who in (world.anna, world.cilla, world.sara, world.adam):
        with acting(who), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM wall.escalated()")
            assert cursor.fetchone() == (0,), who


def test_a_guarded_persons_is_shown_only_to_a_manager_who_has_the_case(world):
    guarded = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    clock(world, days=-30, case=guarded)
    assert not sees(Visit(world.maud).get("teams:unit"), guarded.number)
    world.join(world.maud, case=guarded)
    assert sees(Visit(world.maud).get("teams:unit"), "Eskalerat", guarded.number)
