"""Figures: that they are counted right, that only what is published can be read, and that nobody undoes them."""

import random
from collections import Counter
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection

from cases.areas import Area
from exitprogram.crypto.fields import Sealed
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import Role
from reporting.definitions import GROUPS, LAYOUT, TABLES
from reporting.disclosure.cells import COUNTY, PROTECTED, TOTAL, Cell
from reporting.disclosure.hiding import Proof, Rounding, Showing, protect
from reporting.gathering import as_figures, counted
from reporting.models import Publication, PublishedCell
from reporting.periods import HalfYear, half_year_of, last_closed
from reporting.publishing import publish
from tests import attack, databases
from tests.connections import connected
from tests.populace import SINCE, UNTIL, settle
from tests.world import World

PERIOD = HalfYear(2025, 2)
POPULATIONS = 50


# The attacker


@pytest.mark.parametrize("part", range(10))
def test_nobody_undoes_the_figures(part):
    for number in range(part * POPULATIONS // 10, (part + 1) * POPULATIONS // 10):
        attacked, found = attack.attack_once(number)
        assert attacked > 20
        assert found == []


def test_the_attacker_undoes_what_is_only_hidden_when_small(monkeypatch):
    """Without the proof she recovers cells, so the test above can fail."""
    monkeypatch.setattr(Showing, "protect", lambda showing: showing.shown)
    assert sum(len(attack.attack_once(number)[1]) for number in range(12)) > 0


def test_the_attacker_undoes_what_is_not_rounded(monkeypatch):
    monkeypatch.setattr(Rounding, "__call__", lambda rounding, cell, count: count)
    monkeypatch.setattr(Showing, "protect", lambda showing: showing.shown)
    monkeypatch.setattr(attack, "GIVES", (0, 0))
    assert sum(len(attack.attack_once(number)[1]) for number in range(12)) > 0


def _county(seed, boards=("a", "b", "c")):
    rng = random.Random(seed)  # noqa: S311  people, not secrets
    layout = attack.some_layout(rng)
    return layout, list(boards), attack.People(rng, layout, list(boards))


@pytest.mark.parametrize("seed", range(6))
def test_one_person_more_changes_nothing_or_a_step(seed):
    layout, boards, people = _county(seed)
    before = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"))
    later = people.counts([*people.rows, people.somebody("a")])
    showing = Showing(layout, boards, layout.complete(later, boards), rounding=Rounding(b"k", "n"))
    for cell, value in showing.shown.items():
        assert value % 5 == 0
        assert value - before.get(cell, value) in (0, 5)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("more", [1, 5])
def test_a_new_version_shows_nothing_of_a_few(seed, more):
    layout, boards, people = _county(seed)
    whole = layout.complete(people.counts(), boards)
    shown = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"))
    before = {cell: shown.get(cell) for cell in whole}
    later = people.counts([*people.rows, *(people.somebody("a") for _ in range(more))])
    again = protect(layout, boards, later, rounding=Rounding(b"k", "n"), before=before)
    assert set(again) <= set(shown)  # never shown when it was hidden
    assert {cell: value for cell, value in again.items() if value != shown[cell]} == {}


def test_what_is_shown_is_rounded_and_what_is_small_is_not_shown():
    layout, boards, people = _county(3)
    whole = layout.complete(people.counts(), boards)
    shown = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"), smallest={"a": 10})
    assert shown
    assert all(value % 5 == 0 and abs(value - whole[cell]) < 5 for cell, value in shown.items())
    assert all(whole[cell] >= (10 if cell.place == "a" else 5) for cell in shown)
    assert not any(cell.place == PROTECTED or cell.group.startswith("~") for cell in shown)


def test_fewer_than_three_boards_are_never_added_up():
    layout, boards, people = _county(3, boards=("a", "b"))
    shown = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"))
    assert {cell.place for cell in shown} <= {"a", "b"}


def test_the_proof_finds_a_cell_that_can_be_worked_out():
    layout, boards, people = _county(1)
    showing = Showing(layout, boards, layout.complete(people.counts(), boards), rounding=lambda cell, count: count)
    showing._known = lambda cell: (showing.shown[cell], showing.shown[cell])
    assert Proof(showing).unproven()


def test_half_years_close_two_weeks_after():
    assert half_year_of(date(2025, 7, 1)) == PERIOD
    assert last_closed(on=date(2026, 1, 14)) == HalfYear(2025, 1)
    assert last_closed(on=date(2026, 1, 15)) == PERIOD


# Counted right


@pytest.fixture(scope="module")
def peopled(django_db_setup, django_db_blocker):
    """Three boards of Gävleborg with some two hundred people."""
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        third = Authority.objects.get(pk=authority_id("social_board", "2184"))
        world.hedda = World._administrator(third, "Hedda Hud")
        world.hugo = World._member(world.hedda, "Hugo Hud", Role.SOCIAL_WORKER)
        settle([world.anna, world.cilla, world.hugo], seed=4, most=90)
        yield world
        databases.renew("people")


# The same things, asked of the tables themselves, one at a time and in other words than the product's.
DAYS = """
    WITH days AS (
      SELECT c.id, c.authority_id, i.guarded, c.opened_on AS opened, c.closed_on AS closed,
        (SELECT k.kind FROM cases_closure k WHERE k.case_id = c.id) AS kind,
        (SELECT date(timezone('Europe/Stockholm', min(t.created_at))) FROM cases_intake t WHERE t.case_id = c.id)
          AS met,
        (SELECT min(s.taken_on) FROM cases_consent s WHERE s.case_id = c.id) AS agreed,
        (SELECT date(timezone('Europe/Stockholm', min(v.agreed_at))) FROM plans_planversion v WHERE v.case_id = c.id)
          AS plan,
        (SELECT min(f.held_on) FROM plans_followup f WHERE f.case_id = c.id) AS looked
      FROM cases_case c, cases_individual i WHERE i.id = c.individual_id AND c.programme = %(programme)s
    ), seen AS (
      SELECT id, authority_id, guarded, opened, kind, met, agreed, plan, looked, closed FROM days
      WHERE kind IS DISTINCT FROM 'mistake'
    )
"""
INDEPENDENT = {
    "reached:": "SELECT authority_id, guarded FROM seen WHERE opened BETWEEN %(since)s AND %(until)s",
    "contact:": "SELECT authority_id, guarded FROM seen WHERE met >= %(since)s AND met <= %(until)s",
    "consent:": "SELECT authority_id, guarded FROM seen WHERE agreed >= %(since)s AND agreed <= %(until)s",
    "planned:": "SELECT authority_id, guarded FROM seen WHERE plan >= %(since)s AND plan <= %(until)s",
    "followed:": "SELECT authority_id, guarded FROM seen WHERE looked >= %(since)s AND looked <= %(until)s",
    "ended:": "SELECT authority_id, guarded FROM seen WHERE closed >= %(since)s AND closed <= %(until)s",
    "reached:step:followed": "SELECT authority_id, guarded FROM seen WHERE opened BETWEEN %(since)s AND %(until)s"
    " AND looked <= %(until)s",
    "reached:step:planned": "SELECT authority_id, guarded FROM seen WHERE opened BETWEEN %(since)s AND %(until)s"
    " AND plan <= %(until)s AND (looked IS NULL OR looked > %(until)s)",
    "reached:step:consent": "SELECT authority_id, guarded FROM seen WHERE opened BETWEEN %(since)s AND %(until)s"
    " AND agreed <= %(until)s AND (plan IS NULL OR plan > %(until)s)",
    "reached:step:contact": "SELECT authority_id, guarded FROM seen WHERE opened BETWEEN %(since)s AND %(until)s"
    " AND met <= %(until)s AND coalesce(agreed, '2100-01-01') > %(until)s",
    "reached:step:opened": "SELECT authority_id, guarded FROM seen WHERE opened BETWEEN %(since)s AND %(until)s"
    " AND coalesce(least(met, agreed), '2100-01-01') > %(until)s",
    "planned:state:ended": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND closed <= %(until)s",
    "ended:reason:moved": "SELECT authority_id, guarded FROM seen WHERE closed BETWEEN %(since)s AND %(until)s"
    " AND kind = ANY ('{moved,transferred,other_programme}')",
    "ended:reason:other": "SELECT authority_id, guarded FROM seen WHERE closed BETWEEN %(since)s AND %(until)s"
    " AND kind = ANY ('{deceased,other}')",
    "ended:reason:no_contact": "SELECT authority_id, guarded FROM seen WHERE kind = 'no_contact'"
    " AND closed BETWEEN %(since)s AND %(until)s",
    "ended:stay:days92": "SELECT authority_id, guarded FROM seen WHERE closed BETWEEN %(since)s AND %(until)s"
    " AND closed >= opened + 92 AND closed < opened + 183",
    "contact:time_contact:days8": "SELECT authority_id, guarded FROM seen WHERE met BETWEEN %(since)s AND %(until)s"
    " AND met BETWEEN opened + 8 AND opened + 30",
    "consent:time_consent:unknown": "SELECT authority_id, guarded FROM seen"
    " WHERE agreed BETWEEN %(since)s AND %(until)s AND (met > agreed) IS NOT FALSE",
    "planned:time_planned:days31": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND plan BETWEEN agreed + 31 AND agreed + 90",
    "followed:time_followed:days8": "SELECT authority_id, guarded FROM seen"
    " WHERE looked BETWEEN %(since)s AND %(until)s AND looked - plan IN (SELECT generate_series(8, 30))",
    "planned:need_health:no": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND id NOT IN (SELECT case_id FROM plans_measure WHERE area = 'health')",
    "planned:need_housing:missing": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND id IN (SELECT case_id FROM plans_measure WHERE area = 'housing' AND status = 'not_available' EXCEPT SELECT"
    " case_id FROM plans_measure WHERE area = 'housing' AND status IN ('ongoing', 'done', 'stopped'))",
    "planned:need_debts:got": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND id IN (SELECT case_id FROM plans_measure WHERE area = 'debts' AND status IN ('ongoing', 'done', 'stopped')"
    " EXCEPT SELECT case_id FROM plans_measure WHERE area = 'debts' AND status = 'not_available')",
    "planned:need_safety:waiting": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND (SELECT array_agg(DISTINCT status::text) FROM plans_measure WHERE case_id = seen.id AND area = 'safety')"
    " = '{planned}'",
    "planned:need_network:partly": "SELECT authority_id, guarded FROM seen WHERE plan BETWEEN %(since)s AND %(until)s"
    " AND id IN (SELECT case_id FROM plans_measure WHERE area = 'network' AND status = 'not_available' INTERSECT SELECT"
    " case_id FROM plans_measure WHERE area = 'network' AND status IN ('ongoing', 'done', 'stopped'))",
    "ended:goal:reached": "SELECT authority_id, guarded FROM seen WHERE closed BETWEEN %(since)s AND %(until)s"
    " AND EXISTS (SELECT FROM plans_goalanswer g JOIN plans_followup f ON f.id = g.follow_up_id"
    " WHERE f.case_id = seen.id AND g.person_answer = 'reached' AND f.held_on = (SELECT max(held_on)"
    " FROM plans_followup x WHERE x.case_id = seen.id AND held_on <= %(until)s))",
    "ended:seen:none": "SELECT authority_id, guarded FROM seen WHERE closed BETWEEN %(since)s AND %(until)s"
    " AND NOT EXISTS (SELECT FROM plans_goalanswer g JOIN plans_followup f ON f.id = g.follow_up_id"
    " WHERE f.case_id = seen.id AND g.worker_answer IN ('reached', 'partly', 'not')"
    " AND f.held_on = (SELECT max(held_on) FROM plans_followup x WHERE x.case_id = seen.id AND held_on <= %(until)s))",
}


def _places(rows):
    found = Counter()
    for authority, guarded in rows:
        found[PROTECTED if guarded else str(authority)] += 1
        found[COUNTY] += 1
    return dict(found)


@pytest.mark.parametrize("programme", ["adult", "child"])
def test_every_figure_agrees_with_other_sql(peopled, db, programme):
    with as_figures() as raw:
        counts = counted(raw, "21", programme, PERIOD)
    asked, compared = {"programme": programme, "since": SINCE, "until": UNTIL}, 0
    with connected("backup") as backup:
        for what, question in INDEPENDENT.items():
            group, _, category = what.partition(":")
            expected = _places(backup.execute(DAYS + question, asked))
            mine = {cell.place: n for cell, n in counts.items() if (cell.group, cell.category) == (group, category)}
            assert mine == expected, what
            compared += sum(expected.values())
    assert compared > 200
    boards = [str(peopled.anna.authority_id), str(peopled.cilla.authority_id), str(peopled.hugo.authority_id)]
    assert LAYOUT.complete(counts, boards)  # and everything adds up


def test_answers_that_were_sealed_are_counted(peopled, db):
    """The same from the rows themselves, opened by their own workers' walls and not by the counting."""
    from cases.models import Assessment, Case

    expected = Counter()
    for member in (peopled.anna, peopled.cilla, peopled.hugo):
        with connected("backup") as backup:
            rows = backup.execute(
                "SELECT c.id FROM cases_case c JOIN cases_closure k ON k.case_id = c.id WHERE c.authority_id = %s"
                " AND c.programme = 'adult' AND c.closed_on BETWEEN %s AND %s AND k.kind <> 'mistake'",
                [member.authority_id, SINCE, UNTIL],
            ).fetchall()
            for (case,) in rows:
                given = []
                for pk, sealed in backup.execute(
                    "SELECT id, sealed_answers FROM cases_assessment WHERE case_id = %s AND day <= %s ORDER BY day",
                    [case, UNTIL],
                ):
                    row = Assessment(pk=pk, authority_id=member.authority_id, case=Case(pk=case))
                    given.append(row._meta.get_field("sealed_answers").opened(row, Sealed(sealed)))
                said = [int(text.split('"safe": ')[1].split(",")[0].split("}")[0]) for text in given]
                how = "missing" if len(said) < 2 else "better" if said[-1] > said[0] else (
                    "same" if said[-1] == said[0] else "worse")  # fmt: skip
                expected[f"change_safe:{how}"] += 1
    with as_figures() as raw:
        counts = counted(raw, "21", "adult", PERIOD)
    mine = {c.category: n for c, n in counts.items() if c.place == COUNTY and c.category.startswith("change_safe")}
    assert mine == dict(expected)


# Published, and read


@pytest.fixture(scope="module")
def published(peopled, django_db_blocker):
    with django_db_blocker.unblock():
        return publish("21", "adult", PERIOD)


def test_published_once_and_then_only_for_a_reason(peopled, published, db):
    assert published
    assert publish("21", "adult", PERIOD) is None
    with pytest.raises(Refused):
        publish("21", "adult", half_year_of(date.today() + timedelta(days=1)))  # noqa: DTZ011
    with pytest.raises(Refused):
        publish("21", "child", PERIOD, reason="Fel")


def test_each_reads_what_is_hers(peopled, published, db):
    own = {}
    for who in ("maud", "adam", "siv", "anna", "sara", "rut"):
        member = getattr(peopled, who)
        with acting(member):
            seen = set(PublishedCell.objects.visible_to(member).values_list("board", flat=True))
            with connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT board_id FROM reporting_publishedcell")
                assert {board for (board,) in cursor.fetchall()} == seen  # the database alone says the same
        own[who] = seen
    bollnas, soderhamn = peopled.bollnas.pk, peopled.soderhamn.pk
    assert own == {
        "maud": {bollnas, None}, "adam": {bollnas, None}, "siv": {soderhamn, None}, "rut": {None}, "anna": set(),
        "sara": set(),
    }  # fmt: skip


def test_what_is_published_is_what_was_protected(peopled, published, db):
    with connected("figures") as raw:
        rows = raw.execute('SELECT board_id::text, "group", category, value FROM reporting_publishedcell').fetchall()
        counts = counted(raw, "21", "adult", PERIOD)
    assert len(rows) == 4 * sum(len(LAYOUT.categories(group)) for group in GROUPS)
    shown = {Cell(group, category, board or COUNTY): value for board, group, category, value in rows if value}
    assert len(shown) > 20
    assert all(abs(counts.get(cell, 0) - value) < 5 for cell, value in shown.items())
    assert all(counts[cell] >= 5 for cell in shown)
    assert {(table.group, TOTAL) for table in TABLES} == {(group, TOTAL) for group in GROUPS}


@pytest.mark.parametrize("role, statement", [
    ("figures", "SELECT 1 FROM cases_case"), ("figures", "SELECT 1 FROM cases_individual"),
    ("figures", "SELECT 1 FROM tenancy_user"), ("figures", "UPDATE reporting_publishedcell SET value = 5"),
    ("figures", "DELETE FROM reporting_publishedcell"), ("app", "DELETE FROM reporting_publishedcell"),
    ("figures", "SELECT * FROM wall.counting_people('21', 'adult', '2025-07-01', '2025-12-31')"),
    ("app", "SELECT * FROM wall.figures_counts('21', 'adult', '2025-07-01', '2025-12-31', '{}')"),
    ("app", "SELECT * FROM wall.figures_answers('21', 'adult', '2025-07-01', '2025-12-31')"),
    ("app", "SELECT * FROM wall.counting_steps('21', 'adult', '2025-12-31')"),
    ("worker", "SELECT * FROM wall.figures_boards('21', '2025-12-31')"),
    ("app", "INSERT INTO reporting_publishedcell SELECT * FROM reporting_publishedcell"),
])  # fmt: skip
def test_nobody_goes_round(peopled, published, db, role, statement):
    with connected(role) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_what_is_published_is_never_changed(peopled, published, db):
    for statement in ("UPDATE reporting_publishedcell SET value = 5", "DELETE FROM reporting_publication"):
        with connected("owner") as owner, pytest.raises(psycopg.errors.Error):
            owner.execute("ALTER TABLE reporting_publishedcell NO FORCE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE reporting_publication NO FORCE ROW LEVEL SECURITY")
            owner.execute(statement)


def test_the_new_version_stands_beside_the_old(peopled, published, db):
    assert publish("21", "adult", PERIOD, reason="En nämnd hade fallit bort", asked_for=published)
    assert publish("21", "adult", PERIOD, reason="En nämnd hade fallit bort", asked_for=published) is None
    with acting(peopled.maud):
        rows = Publication.objects.visible_to(peopled.maud)
        assert sorted(rows.values_list("version", flat=True)) == [1, 2]
        assert rows.newest().get().version == 2
        cells = PublishedCell.objects.visible_to(peopled.maud)
        both = [{(c.board_id, c.group, c.category): c.value for c in cells.filter(publication=row)} for row in rows]
    assert both[0] == both[1]  # nobody came or went


def test_areas_are_all_asked_about():
    assert {table.code for table in TABLES if table.code.startswith("need_")} == {
        f"need_{area}" for area in Area.values
    }
