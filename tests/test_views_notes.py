"""A note saves itself, is its writer's alone until it is signed, and is locked from then on. And the clocks."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import CaseNote, Clock
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees
from tests.world import today

NOTE = {"kind": "call", "event_on": today(), "source": "Maria själv", "fact": "Hon ringde.", "assessment": "Lugn."}


def notes(by):
    with acting(by):
        return list(CaseNote.objects.order_by("created_at"))


@pytest.fixture
def anna(world):
    return Visit(world.anna)


@pytest.fixture
def draft(world, anna):
    """Anna's draft, saved once as one types."""
    note_id = uuid.uuid4()
    assert anna.autosave("cases:note", world.case, note_id, version=0, **NOTE).json()["version"] == 1
    return notes(world.anna)[0]


def test_the_first_letters_make_the_draft(world, anna):
    page = anna.get("cases:note_new", world.case)
    assert page.status_code == 200
    assert notes(world.anna) == [], "a page only looked at makes nothing"
    note_id = page.context["note_id"]
    hostile = {"author": world.leo, "authority": world.soderhamn, "signed_at": "2026-01-01", "case": world.elsewhere}
    answer = anna.autosave("cases:note", world.case, note_id, version=0, **{**NOTE, "fact": "Ho"}, **hostile)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert len(answer.json()["saved"]) == 5
    assert anna.autosave("cases:note", world.case, note_id, version=1, **NOTE).json()["version"] == 2
    [note] = notes(world.anna)
    assert (note.pk, note.fact, note.author_id, note.case_id) == (note_id, "Hon ringde.", world.anna.pk, world.case.pk)
    assert (note.signed_at, note.authority_id) == (None, world.bollnas.pk)
    assert anna.logged()[-2:] == ["note.begun", "note.saved"]
    assert anna.get("cases:note_new", world.case).url == reverse("cases:note", args=[world.case.pk, note_id])


def test_a_draft_with_nothing_in_it_yet_can_be_saved(world, anna):
    sent = {"kind": "call", "event_on": today(), "source": "", "fact": "", "assessment": "Först bedömningen"}
    assert anna.autosave("cases:note", world.case, uuid.uuid4(), version=0, **sent).status_code == 200
    response = anna.post("cases:note", world.case, uuid.uuid4(), version=0, sign="1", **sent)
    assert sees(response, "Något behöver rättas", "Först bedömningen")
    assert [note.signed_at for note in notes(world.anna)] == [None]


def test_a_draft_is_its_writers_alone(world, anna, draft):
    world.join(world.maud)
    maud = Visit(world.maud)
    assert sees(anna.get("cases:notes", world.case), "Hon ringde.", "Utkast")
    assert not sees(maud.get("cases:notes", world.case), "Hon ringde.")
    new = reverse("cases:note_new", args=[world.case.pk])
    assert maud.get("cases:note", world.case, draft).url == maud.get("cases:note", world.case, uuid.uuid4()).url == new
    assert notes(world.maud) == []


@pytest.mark.parametrize("whose", ["a colleague's", "another board's"])
def test_somebody_elses_note_cannot_be_written_over(world, anna, draft, whose):
    world.join(world.maud)
    world.elsewhere  # noqa: B018  Cilla's case, made before she writes
    who, case = (world.maud, world.case) if whose == "a colleague's" else (world.cilla, world.elsewhere)
    visit = Visit(who)
    response = visit.post("cases:note", case, draft, version=draft.version, **{**NOTE, "fact": "Överskrivet"})
    assert response.status_code == 200
    assert sees(response, "Anteckningen kunde inte sparas.", "Överskrivet"), "nothing typed is lost"
    auto = visit.autosave("cases:note", case, draft, version=draft.version, **NOTE)
    assert (auto.status_code, notes(who), notes(world.anna)[0].fact) == (422, [], "Hon ringde.")


def test_signed_is_locked_and_others_in_the_case_read_it(world, anna, draft):
    world.join(world.maud)
    response = anna.post("cases:note", world.case, draft, version=1, sign="1", **NOTE)
    assert response.url == world.case.get_absolute_url()
    assert notes(world.anna)[0].signed_at
    assert "note.signed" in anna.logged()
    assert sees(Visit(world.maud).get("cases:notes", world.case), "Hon ringde.", "Signerad", "av Anna Berg")
    answer = anna.autosave("cases:note", world.case, draft, version=2, **{**NOTE, "fact": "Ändrat"})
    assert (answer.status_code, answer.json()["why"][:26]) == (422, "Anteckningen är signerad o")
    page = anna.post("cases:note", world.case, draft, version=2, sign="1", **{**NOTE, "fact": "Ändrat"})
    assert sees(page, "signerad och låst. Skriv en ny", "Ändrat")
    assert notes(world.anna)[0].fact == "Hon ringde."


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"event_on": today() + timedelta(days=1)}, "Händelsedagen ligger i framtiden."),
        ({"event_on": "i går"}, "Skriv datumet som år-månad-dag"),
        ({"kind": "rykte"}, "Välj ett giltigt alternativ"),
        ({"source": "x" * 121}, "120 tecken"),
    ],
)
def test_what_is_wrong_is_told(world, anna, fault, sentence):
    sent = {**NOTE, **fault}
    page = anna.post("cases:note", world.case, uuid.uuid4(), version=0, **sent)
    assert sees(page, sentence, "Hon ringde.")
    answer = anna.autosave("cases:note", world.case, uuid.uuid4(), version=0, **sent)
    assert (answer.status_code, set(answer.json())) == (422, {"why"})
    assert notes(world.anna) == []


def test_two_tabs_show_both_and_keep_the_chosen(world, anna, draft):
    other = {**NOTE, "fact": "Skrivet i den andra fliken.", "assessment": "Orolig."}
    assert anna.autosave("cases:note", world.case, draft, version=1, **other).json()["version"] == 2
    mine = {**NOTE, "fact": "Skrivet i den första fliken.", "version": 1}
    auto = anna.autosave("cases:note", world.case, draft, **mine)
    page = anna.post("cases:note", world.case, draft, **mine)
    for response in (auto, page):
        assert response.status_code == 409
        assert sees(response, "första fliken", "andra fliken", "Bedömning: Lugn.", "Bedömning: Orolig.")
    assert not sees(auto, "<html"), "a part of a page for the script"
    assert sees(page, "<html", "Behåll min text", 'name="source"'), "a whole page, with all that was typed"
    theirs = anna.post("cases:note", world.case, draft, **mine, seen_version=2, keep="theirs")
    assert theirs.url == reverse("cases:note", args=[world.case.pk, draft.pk])
    assert notes(world.anna)[0].fact == "Skrivet i den andra fliken."
    kept = anna.post("cases:note", world.case, draft, **mine, seen_version=2, keep="mine")
    assert (kept.status_code, notes(world.anna)[0].fact) == (302, "Skrivet i den första fliken.")


def test_a_double_press_signs_one_note(world, anna):
    sent = {"form_key": uuid.uuid4(), "version": 0, "sign": "1", **NOTE}
    note_id = uuid.uuid4()
    answers = [anna.post("cases:note", world.case, note_id, **sent) for _ in range(2)]
    assert {answer.url for answer in answers} == {world.case.get_absolute_url()}
    assert len(notes(world.anna)) == anna.logged().count("note.signed") == 1


def clock(world):
    with acting(world.anna):
        return Clock.objects.get(kind="follow_up")


def test_a_reminder_is_moved_with_a_ground_and_then_done(world, anna):
    due = world.agreed.follow_up_on
    row = clock(world)
    for fault in ({"extended_to": due, "ground": "Semester"}, {"extended_to": due + timedelta(days=9), "ground": " "}):
        assert sees(anna.post("cases:clock_move", world.case, row, **fault), "Något behöver rättas")
    later = due + timedelta(days=9)
    hostile = {"due_on": "2000-01-01", "owner": world.leo, "done_at": "2026-01-01"}
    response = anna.post("cases:clock_move", world.case, row, extended_to=later, ground="Semester", **hostile)
    assert response.url == reverse("plans:my_day")
    row = clock(world)
    assert (row.due_on, row.day, row.owner_id, row.done_at) == (due, later, world.anna.pk, None)
    assert anna.post("cases:clock_done", world.case, row).url == reverse("plans:my_day")
    assert clock(world).done_by_id == world.anna.pk
    assert {"clock.extended", "clock.done"} <= set(anna.logged())
    assert sees(anna.post("cases:clock_done", world.case, row, follow=True), "Det är redan klart.")
