"""The board's lists: what was decided for it, told once under a paragraph; and red until it is."""

import io
import re
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from exitprogram.errors import Refused
from exitprogram.law.rules import Rule
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.board import document, late, lines_of, told_on, untold
from teams.models import BoardLine, BoardMeeting
from tests.pdftext import words_of
from tests.test_scheme import DAY, adopt, decide, whole
from tests.visits import Visit, sees, text_of
from tests.world import today

URGENT = {
    "kind": "immediate_custody", "law": "6 § LVU", "outcome": "granted", "decided_on": today(),
    "decided_by": "Ordföranden Eva Ek", "reference": "O-2026-1",
}  # fmt: skip


@pytest.fixture
def decided(world):
    adopt(world, [*whole(), *whole("social_worker")], valid_from=today() - 400 * DAY)
    return decide(world, world.anna)


def meeting(world, days=0):
    with acting(world.maud):
        return teams.register_meeting(by=world.maud, held_on=today() + days * DAY)


def names_the_case(world, shown):
    """The person, or the case's own number; a decision's begins with a B."""
    return "Maria" in shown or re.search(rf"(?<!B){world.case.number}", shown)


def test_the_loop_is_closed(world, decided):
    maud = Visit(world.maud)
    answer = maud.post("teams:board", held_on=today())
    with acting(world.maud):
        held = BoardMeeting.objects.get()
    assert answer.url == reverse("teams:board_meeting", args=[held.pk])
    page = maud.get("teams:board_meeting", held)
    assert sees(page, decided.number, "Tolk", "Anna Berg", "Bifall", "i version 1")
    assert not names_the_case(world, text_of(page))
    assert sees(maud.post("teams:board_report", held, minute="SN § 4"), "Stäng listan först")
    assert sees(maud.post("teams:board_close", held, follow=True), "Listan är stängd")
    later = decide(world, world.anna)
    assert not sees(maud.get("teams:board_meeting", held), later.number), "the list is what the board got"
    assert sees(maud.post("teams:board_report", held, minute=" "), "måste fyllas i")
    assert sees(maud.post("teams:board_report", held, minute="SN § 4", follow=True), "Anmält till nämnden")
    with acting(world.maud):
        assert [one.number for one in untold()] == [later.number]
    with acting(world.anna):
        assert (told_on(decided), told_on(later)) == (today(), None)
    assert {"board.lists_viewed", "board.list_closed", "board.list_reported"} <= set(maud.logged())
    assert sees(maud.post("teams:board_close", held, follow=True), "redan stängd")
    assert sees(maud.post("teams:board_drop", held, follow=True), "går inte att ta bort")


def test_what_is_never_told_is_red_on_both_pages(world, decided):
    with acting(world.maud):
        assert late(untold(), on=today()) == []
        assert late(untold(), on=today() + 60 * DAY) == []
        assert [one.number for one in late(untold(), on=today() + 61 * DAY)] == [decided.number]


def test_both_pages_say_so(world, decided):
    with patch("teams.board.rule", return_value=Rule("x", "", "", today(), values={"remind_days": -1})):
        for who, page in ((world.maud, "teams:unit"), (world.adam, "teams:scheme"), (world.adam, "teams:board")):
            assert sees(Visit(who).get(page), "skulle ha anmälts" if page != "teams:board" else "Skulle ha anmälts")
        assert not sees(Visit(world.anna).get("teams:scheme"), "skulle ha anmälts")
    assert not sees(Visit(world.maud).get("teams:unit"), "skulle ha anmälts")


def test_a_meeting_that_passes_without_it_makes_it_red(world, decided):
    meeting(world, 1)
    with acting(world.maud):
        assert late(untold(), on=today() + DAY) == []
        assert [one.number for one in late(untold(), on=today() + 2 * DAY)] == [decided.number]


def test_each_way_of_telling(world):
    how = {"interpreter": {"reported": "minuted"}}
    rows = [{**row, **how.get(row["kind"], {})} for row in whole("social_worker")]
    adopt(world, rows)
    decide(world, world.anna)
    held = meeting(world)
    with acting(world.maud):
        assert [one.part for one in lines_of(held)] == ["minuted"]
    assert sees(Visit(world.maud).get("teams:board_meeting", held), "Protokollförs särskilt")


def test_a_quarterly_one_waits_for_the_quarter(world):
    rows = [{**row, "reported": "quarter"} for row in whole("social_worker")]
    adopt(world, rows)
    decide(world, world.anna)
    now, next_quarter = meeting(world), meeting(world, 92)
    with acting(world.maud):
        assert lines_of(now) == []
        assert len(lines_of(next_quarter)) == 1
        assert late(untold(), on=today() + 170 * DAY), "no meeting told of it in the quarter after"


def test_urgent_ones_come_first_at_the_next_meeting(world, decided):
    maud = Visit(world.maud)
    assert sees(maud.post("teams:urgent_new", **URGENT, follow=True), "kommer med på nästa", "O-2026-1")
    assert sees(maud.post("teams:urgent_new", **URGENT), "med det numret finns redan")
    held = meeting(world)
    page = maud.get("teams:board_meeting", held)
    assert sees(page, "Brådskande beslut (KL 6:39)", "O-2026-1", "Ordföranden Eva Ek")
    with acting(world.maud):
        late_ones = late(untold(), on=today() + DAY)
    assert {one.number for one in late_ones} == set(), "its day has not passed without it"
    with acting(world.maud):
        assert {one.number for one in late(untold(), on=today() + 61 * DAY)} == {"O-2026-1", decided.number}


def test_an_urgent_one_comes_on_the_list_that_has_gone_out(world, decided):
    held = meeting(world, 2)
    with acting(world.maud):
        teams.close_list(by=world.maud, meeting=held)
        teams.record_urgent(by=world.maud, **URGENT)
        held.refresh_from_db()
        assert "O-2026-1" in {one.number for one in lines_of(held)}
    later = decide(world, world.anna)
    with acting(world.maud):
        red = {one.number for one in late(untold(), on=today() + 3 * DAY)}
    assert red == {"O-2026-1", decided.number}, "the list was never taken up; what came after it waits"
    assert later.number not in red


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"decided_on": today() + DAY}, "framåt i tiden"), ({"kind": "adoption"}, "Välj ett giltigt alternativ"),
        ({"decided_by": " "}, "måste fyllas i"), ({"reference": ""}, "måste fyllas i"),
        ({"decided_on": "igår"}, "Skriv datumet"),
    ],
)  # fmt: skip
def test_an_urgent_decision_is_whole(world, fault, sentence):
    assert sees(Visit(world.maud).post("teams:urgent_new", **{**URGENT, **fault}), sentence)


@pytest.mark.parametrize("day", ["", "2026-13-01", "i morgon"])
def test_a_meeting_has_a_day(world, day):
    assert sees(Visit(world.maud).post("teams:board", held_on=day), "Fel:")


def test_a_meeting_is_there_once_and_can_be_taken_away(world, decided):
    held, maud = meeting(world, 3), Visit(world.maud)
    assert sees(maud.post("teams:board", held_on=today() + 3 * DAY), "finns redan")
    with acting(world.maud), pytest.raises(Refused, match="har inte varit än"):
        teams.close_list(by=world.maud, meeting=held)
        teams.report_list(by=world.maud, meeting=held, minute="§ 1")
    assert sees(maud.post("teams:board_drop", meeting(world, 4), follow=True), "Sammanträdet är borttaget")


# As files: no more than the board needs.


def test_the_document_and_the_sheet(world, decided):
    held, adam = meeting(world), Visit(world.adam)
    with acting(world.adam):
        data = document(held, lines_of(held), world.bollnas)
        assert data == document(held, lines_of(held), world.bollnas)
    shown = words_of(io.BytesIO(data))
    for words in (decided.number, "Anna Berg", "Bifall", world.bollnas.name, "utkast"):
        assert words in shown
    assert not names_the_case(world, shown)
    answer = adam.get("teams:board_pdf", held)
    assert answer.content[:5] == b"%PDF-" and f"namndlista-{held.held_on}.pdf" in answer.headers["Content-Disposition"]
    answer = adam.get("teams:board_sheet", held)
    rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    cells = [cell for row in rows for cell in row]
    assert decided.number in cells and "Beslut på delegation" in cells
    assert not names_the_case(world, " ".join(map(str, cells)))


# Three people, and each wall alone.


def test_others_see_nothing_of_it(world, decided):
    held = meeting(world)
    for who, status in ((world.anna, 403), (world.sara, 403), (world.cilla, 403), (world.siv, 404)):
        assert Visit(who).get("teams:board_meeting", held).status_code == status
    assert not sees(Visit(world.siv).get("teams:board"), decided.number)
    for who in (world.anna, world.cilla, world.siv):
        with acting(who):
            assert not BoardMeeting._base_manager.filter(pk=held.pk).exists()
            assert untold() == []


def line_of(decision, held, **more):
    given = {
        "part": "delegated", "subject": decision.pk, "number": decision.number, "kind": decision.kind, "law": "x",
        "outcome": decision.outcome, "decided_on": decision.decided_on, "decided_by": "x", "row": decision.row.number,
    }  # fmt: skip
    return BoardLine(authority_id=held.authority_id, meeting=held, **{**given, **more})


@pytest.mark.parametrize("lie", [{"number": "B1"}, {"outcome": "refused"}, {"kind": "travel"}, {"part": "urgent"},
                                 {"subject": "00000000-0000-4000-8000-000000000004"}])  # fmt: skip
def test_a_line_cannot_be_made_up(world, decided, lie):
    held = meeting(world)
    with acting(world.maud), pytest.raises(DatabaseError), transaction.atomic():
        line_of(decided, held, **lie).save()
    with acting(world.maud):
        line_of(decided, held).save()
        with pytest.raises(DatabaseError), transaction.atomic():
            BoardLine.objects.update(outcome="refused")


def test_a_reported_list_stands(world, decided):
    held = meeting(world)
    with acting(world.maud):
        teams.close_list(by=world.maud, meeting=held)
        teams.report_list(by=world.maud, meeting=held, minute="§ 1")
        for change in ({"minute": "§ 2"}, {"reported_at": None}, {"closed_at": None}):
            with pytest.raises(DatabaseError), transaction.atomic():
                BoardMeeting.objects.update(**change)
    with connection.cursor() as cursor, acting(world.anna):
        cursor.execute("SELECT count(*) FROM wall.untold_decisions()")
        assert cursor.fetchone() == (0,)
