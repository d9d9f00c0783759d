"""Published figures by the API: the same cells as on *Uppföljning*, each fetch in the log."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.acting import acting
from reporting.definitions import TABLES
from reporting.models import PublishedCell
from tests import databases, published
from tests.callers import Caller
from tests.connections import connected
from tests.test_tokens import made
from tests.world import World

FIGURES = ("figures:read",)


@pytest.fixture(scope="module")
def shown(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        world.published = published.publish_some(world.bollnas, world.soderhamn)
        yield world
        databases.renew("people")


def truth(world):
    """{(board, group, category): value}, by the role that wrote them."""
    with connected("figures") as raw:
        rows = raw.execute('SELECT board_id, "group", category, value FROM reporting_publishedcell WHERE'
                           " publication_id = %s", [world.published]).fetchall()  # fmt: skip
    return {(board and str(board), group, category): value for board, group, category, value in rows}


def cells_of(answer):
    return {(row["board"], row["group"], row["category"]): row["value"] for row in answer.json()["cells"]}


@pytest.mark.parametrize(("who", "boards"), [("maud", {"bollnas"}), ("adam", {"bollnas"}), ("siv", {"soderhamn"}),
                                             ("rut", set())])  # fmt: skip
def test_ones_own_board_and_the_county(shown, db, who, boards):
    caller = Caller(getattr(shown, who), scopes=FIGURES)
    [row] = caller.get("figures/").json()["results"]
    assert (row["id"], row["county"], row["programme"], row["version"]) == (str(shown.published), "21", "adult", 1)
    answer = caller.get(f"figures/{row['id']}/")
    mine = {None} | {str(getattr(shown, name).pk) for name in boards}
    assert cells_of(answer) == {cell: value for cell, value in truth(shown).items() if cell[0] in mine}
    with acting(caller.by):
        event = AuditEvent.objects.get(action="figures.exported", membership_id=caller.by.pk)
        assert event.details == {"cells": len(answer.json()["cells"]), "via": "api"}


def test_what_is_hidden_is_null_with_one_reason(shown, db):
    answer = Caller(shown.maud, scopes=FIGURES).get(f"figures/{shown.published}/").json()
    reasons = {(row["value"] is None, row["hidden"]) for row in answer["cells"]}
    assert reasons == {(True, "protected"), (False, None)}


def test_each_table_has_its_definition(shown, db):
    answer = Caller(shown.maud, scopes=FIGURES).get(f"figures/{shown.published}/").json()
    assert [table["code"] for table in answer["tables"]] == [table.code for table in TABLES]
    assert all(table["about"] and table["rows"] for table in answer["tables"])
    known = {row["category"] for table in answer["tables"] for row in table["rows"]} | {""}
    assert {row["category"] for row in answer["cells"]} <= known


def test_those_who_read_no_figures_get_none(shown, db):
    """A case worker has no *Uppföljning*; who has only other scopes neither; nobody knows more of an unknown id."""
    assert Caller(shown.anna, scopes=FIGURES).get("figures/").status_code == 403
    assert Caller(shown.anna, scopes=FIGURES).get(f"figures/{shown.published}/").status_code == 403
    assert Caller(shown.maud, scopes=("cases:read",)).get("figures/").status_code == 403
    maud = Caller(shown.maud, scopes=FIGURES)
    assert maud.get(f"figures/{shown.maud.pk}/").status_code == 404
    for who in ("sara", "mika"):
        with pytest.raises(NotAllowed):
            made(getattr(shown, who))


def test_a_regional_coordinators_key_opens_no_case(shown, db):
    rut = Caller(shown.rut)
    assert {rut.get(path).status_code for path in ("cases/", "clocks/", "decisions/", "measures/")} == {403}


def test_the_database_alone(shown, db, monkeypatch):
    """Python's filter gone: another board's cells stay where they are."""
    monkeypatch.setattr(type(PublishedCell.objects), "visible_to", lambda manager, by: manager.all())
    answer = Caller(shown.maud, scopes=FIGURES).get(f"figures/{shown.published}/")
    assert {board for board, _group, _category in cells_of(answer)} == {None, str(shown.bollnas.pk)}


def test_as_many_questions_for_one_as_for_many(shown, db, monkeypatch):
    for year in range(2005, 2025):
        published.publish_some(shown.bollnas, shown.soderhamn, first=date(year, 7, 1))
    maud = Caller(shown.maud, scopes=FIGURES)
    maud.get("figures/")
    found = {}
    for size in (1, 21):
        monkeypatch.setattr("exitprogram.tokens.paging.Pages.page_size", size)
        with CaptureQueriesContext(connection) as asked:
            assert len(maud.get("figures/").json()["results"]) == size
        found[size] = len(asked)
    assert found[1] == found[21]
