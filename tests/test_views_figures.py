"""*Uppföljning* on the screen: what is published, the file that is taken out, and how it looks."""

import io
import uuid

import pytest
from openpyxl import load_workbook

from cases.areas import Area
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from reporting.gaps import gaps
from reporting.models import Publication
from tests import databases, published
from tests.connections import connected
from tests.visits import Visit, text_of
from tests.world import World


def test_nothing_is_published_yet(world):
    assert "Inga siffror är fastställda än" in text_of(Visit(world.maud).get("reporting:figures"))


@pytest.fixture(scope="module")
def shown(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        world.published = published.publish_some(world.bollnas, world.soderhamn)
        yield world
        databases.renew("people")


def test_the_manager_sees_her_own_board_and_the_county(shown, db):
    text = text_of(Visit(shown.maud).get("reporting:figures"))
    assert "Andra halvåret 2025" in text
    assert "Socialnämnden, Bollnäs" in text and "Söderhamn" not in text
    assert "Gävleborg" in text and "minst 25" in text
    assert "60 %" in text  # 15 of 25, in the county
    assert "33 %" not in text  # 5 of 15: the whole is too small for a share


def test_a_table_of_nothing_but_hidden_numbers_says_so(shown, db):
    text = text_of(Visit(shown.maud).get("reporting:figures"))
    assert text.count("Inget tal visas.") > 10
    assert "Ärende öppnat" in text and "Behöver inte stödet längre" not in text  # one with a number, one without


def test_the_coordinator_sees_the_county_and_no_board(shown, db):
    text = text_of(Visit(shown.rut).get("reporting:figures"))
    assert "Gävleborg" in text and "Bollnäs" not in text.replace("Bollnäs kommun", "")
    assert "Räkna om" in text


def test_the_file_has_the_same_numbers_and_leaves_a_trace(shown, db):
    answer = Visit(shown.maud).post("reporting:figures_file", Publication(pk=shown.published))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    planned = next(row for row in rows if row[1] == "Plan överenskommen")
    assert planned[2:5] == ["5", "15 (60 %)", "minst 15"]
    assert next(row for row in rows if row[1] == "Ärende öppnat")[2:4] == ["–", "–"]
    assert not any(str(value).startswith("=") for row in rows for value in row if value)
    assert "attachment" in answer["Content-Disposition"]
    with acting(shown.maud):
        event = AuditEvent.objects.get(action="figures.exported")
        assert event.details["cells"] == 8


def test_a_new_version_is_asked_for_with_a_reason(shown, db):
    visit = Visit(shown.rut)
    row = Publication(pk=shown.published)
    answer = visit.post("reporting:figures_anew", row, reason="late", follow=True)
    assert "Halvårets siffror räknas om" in text_of(answer)
    assert "Det pågår redan" in text_of(visit.post("reporting:figures_anew", row, reason="late", follow=True))
    assert "Välj varför" in text_of(visit.post("reporting:figures_anew", row, reason="annat", follow=True))


def test_the_page_asks_as_much_however_much_is_published(shown, db, django_assert_max_num_queries):
    visit = Visit(shown.maud)
    visit.get("reporting:figures")
    with django_assert_max_num_queries(22):
        visit.get("reporting:figures")


def test_the_map_of_gaps_is_made_of_what_is_published(shown, db, django_assert_max_num_queries):
    with connected("figures") as raw:
        for category, value in (("need_housing:absent", 5), ("need_housing:missing", None), ("need_debts:absent", 5),
                                ("need_debts:missing", 5), ("need_debts:partly", 5)):  # fmt: skip
            raw.execute(
                'INSERT INTO reporting_publishedcell (id, publication_id, board_id, "group", category, value)'
                " VALUES (%s, %s, NULL, 'planned', %s, %s)",
                [uuid.uuid4(), shown.published, category, value],
            )
    visit = Visit(shown.maud)
    visit.get("reporting:gaps")
    with django_assert_max_num_queries(22):
        page = visit.get("reporting:gaps")
    with acting(shown.maud):
        [(name, plans, found)] = gaps(shown.maud, Publication.objects.visible_to(shown.maud).get())
    assert (name, plans) == ("Gävleborgs län", 15)
    by_area = dict(zip(Area.values, map(str, found), strict=True))
    assert (by_area["housing"], by_area["debts"], by_area["health"]) == ("minst 5", "15", "–")
    assert "Luckor i stödet" in text_of(page) and "minst 5" in text_of(page)
