"""A small country, measured without a clock: the floor, the product and the stock way answer the same question, what a
page asks does not follow how much there is, and an index leads to every row of a case."""

import json
import os
import re

import pytest
from django.db import connection

from bench import report
from bench.contender import unled
from bench.country import MODELS
from bench.databases import dropped, filled
from bench.floor.making import ROW
from bench.keys import INDEXES, KEYS, put_aside
from bench.measuring import crew, measured
from cases.models import Case
from exitprogram.tenancy.models import Membership, Unit, UnitManager, User

SIZE = 1_000
TLS = {"EXIT_BASE_URL": "https://exitprogram.example", "EXIT_ALLOWED_HOSTS": "exitprogram.example"}
OF_CASES = {model._meta.db_table for model in MODELS if model not in (User, Membership, Unit, UnitManager)}
EXPLAIN = "EXPLAIN (FORMAT JSON) SELECT 1 FROM cases_case WHERE "


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    (folder / "static").mkdir()
    told, name = dict(os.environ) | TLS | {"EXIT_STATE_DIR": str(folder)}, connection.settings_dict["NAME"]
    database, people = filled(told, f"{name}_bare", f"{name}_country", SIZE)
    database.run("bench.stock.filling")
    yield database, database.run("bench.scene", json.dumps(people), role="app")
    dropped(database)


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    database, scene = built
    with crew(("floor", "product", "admin", "api"), database, scene, TLS, tmp_path_factory.mktemp("logs")) as crewed:
        yield crewed


def shown(made, name, page):
    answer = made[name].ask("show", page=page)
    assert answer["status"] == 200
    return answer["body"]


def rows(made, name, page):
    """Ids of the cases that a contender's page lists, in its order."""
    body = shown(made, name, page)
    if name == "api":
        return [row["id"] for row in json.loads(body)["results"]]
    if name == "admin":
        return re.findall(r'<a href="/admin/stock/case/([0-9a-f-]{36})/change/', body)
    return [found.rsplit("/", 2)[1] for found in ROW.findall(body)]


@pytest.mark.parametrize("page, number", [("list", 40), ("coordinator", SIZE // 10)])
def test_all_show_the_same_cases(made, page, number):
    product = rows(made, "product", page)
    assert len(set(product)) == len(product) <= number
    for name in ("floor", "admin", "api"):
        theirs = rows(made, name, page)
        assert theirs[: len(product)] == product if name != "admin" else set(product) <= set(theirs), name
        assert name == "floor" or len(theirs) == number


def test_a_search_finds_the_same_people(made, built):
    """The stock way knows neither how a name sounds nor those whose names are sealed."""
    found = set(re.findall(r"/arende/([0-9a-f-]{36})/", shown(made, "product", "search")))
    stock = set(rows(made, "api", "search"))
    assert stock and stock <= found and stock == set(rows(made, "admin", "search"))


TOKENS = re.compile(r'[A-Za-z0-9]{64}(?=["])|[0-9a-f-]{36}')


@pytest.mark.parametrize("page", ["day", "list", "case", "case_led", "plan", "coordinator", "search", "unit"])
def test_the_floor_writes_the_products_page(made, page):
    """Byte by byte, but for tokens against forged forms and ids of a search."""
    one, other = shown(made, "product", page), shown(made, "floor", page)
    assert len(one) == len(other)
    assert TOKENS.sub("", one) == TOKENS.sub("", other)


def test_the_floor_reads_what_it_shows(made, built):
    """Another name in the database is another name on its page: nothing of the rows was learned by heart."""
    database, _scene = built
    case = rows(made, "floor", "list")[3]
    rename = "UPDATE cases_individual SET name = %s WHERE id = (SELECT individual_id FROM cases_case WHERE id = %s)"
    with database.connected(autocommit=True) as owner:
        [[before]] = owner.execute(
            "SELECT name FROM cases_individual WHERE id = (SELECT individual_id FROM cases_case WHERE id = %s)", [case]
        ).fetchall()
        owner.execute(rename, ["Sigrid <Ny>", case])
        page = shown(made, "floor", "list")
        owner.execute(rename, [before, case])
    assert "Sigrid &lt;Ny&gt;" in page and "Sigrid" not in shown(made, "floor", "list")


def test_the_floor_has_the_same_duties(made, built):
    """It leaves as many traces as the product, of the same acts."""
    database, _scene = built
    count = "SELECT action, count(*) FROM audit_auditevent GROUP BY action ORDER BY action"
    with database.connected(autocommit=True) as owner:
        left = {}
        for name in ("product", "floor"):
            before = dict(owner.execute(count).fetchall())
            for page in ("day", "list", "case", "plan", "search", "note", "unit"):
                made[name].ask("run", page=page, times=1)
            after = dict(owner.execute(count).fetchall())
            left[name] = {action: number - before.get(action, 0) for action, number in after.items()}
    assert left["floor"] == left["product"] and left["floor"]["case.listed"] > 40


def test_what_a_page_asks_does_not_follow_its_rows(made):
    for name in ("floor", "product"):
        made[name].ask("show", page="list")  # what was said of a draft saved before is shown once, and then forgotten
        asked = [len(made[name].ask("show", page=page)["statements"]) for page in ("list", "coordinator")]
        assert asked[0] == asked[1], name


@pytest.mark.parametrize("page", ["day", "list", "case", "plan", "coordinator", "search", "note", "unit"])
def test_an_index_leads_to_every_row_of_a_case(made, page):
    for name in ("product", "floor"):
        explained = made[name].ask("explain", page=page)
        assert explained["asked"] > 3
        assert [found for found in explained["unled"] if found[0] in OF_CASES] == []


def test_a_scan_without_an_index_is_seen(built):
    database, _scene = built
    with database.connected() as owner:
        owner.execute("SET enable_seqscan = off")
        for condition, led in (("contact_way = 'self'", False), (f"id = '{Case().pk}'", True)):
            [[[plan]]] = owner.execute(EXPLAIN + condition).fetchall()
            assert (list(unled(plan["Plan"])) == []) == led


def test_keys_put_aside_come_back(built):
    """What a large country is built without stands there afterwards as before, and has been checked for every row."""
    database, _scene = built
    with database.connected() as owner, owner.cursor() as cursor:
        tables, before = sorted(OF_CASES), []
        for question in (KEYS, INDEXES):
            before.append(cursor.execute(question, [tables]).fetchall())
        with put_aside(cursor, tables):
            assert cursor.execute(KEYS, [tables]).fetchall() == cursor.execute(INDEXES, [tables]).fetchall() == []
        assert cursor.execute(KEYS, [tables]).fetchall() == before[0]
        # PostgreSQL writes a condition that it has read once more in other words: the names are enough.
        assert [row[0] for row in cursor.execute(INDEXES, [tables])] == [row[0] for row in before[1]]
        assert all(before)
        owner.rollback()


def test_the_walls_bind_the_floor(built):
    """As exit_app and nobody, not a row; without the walls, every one."""
    database, _scene = built
    for role, number in (("app", 0), ("owner", SIZE)):
        with database.connected(role) as line:
            assert line.execute("SELECT count(*) FROM cases_case").fetchone()[0] == number


def test_the_report(made):
    """Every page and contender has its figures, the last line its form, and the picture is a picture."""
    found, memory = measured(made, rounds=1, times=1, pages=("list", "case", "case_led", "note"), say=lambda line: None)
    result = report.whole({SIZE: found, 2 * SIZE: found}, memory, {})
    assert result["summary"]["slowest_growth"] == 1 and set(memory) == set(made) and result["walls"]["list"] == {}
    line = report.last_line(result["summary"])
    assert re.fullmatch(
        r"bench: worst page \d+\.\d\d x floor \(\w+\), slowest growth 1\.00, least gain over stock \d+\.\d", line
    )
    assert report.picture(result).startswith("<svg") and "| list | product |" in report.table(SIZE, found)
