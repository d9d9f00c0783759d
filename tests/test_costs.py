"""What the plans cost: counted right, asked for by the board's leaders alone, never of fewer than five people."""

import random
from collections import Counter
from decimal import Decimal
from itertools import combinations

import numpy as np
import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError

from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from reporting.costs import measured as costs
from reporting.costs.keeping import all_measured, keep_closed, keep_costs
from reporting.costs.measured import KINDS, Line, mean, merged
from reporting.gathering import as_figures
from reporting.periods import HalfYear, half_year_of
from tests import databases
from tests.connections import connected
from tests.costing import INDEPENDENT, settle_costs
from tests.world import World, today

HALVES = [HalfYear(2025, 1), HalfYear(2025, 2), HalfYear(2026, 1)]


@pytest.fixture(scope="module")
def costly(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        settle_costs(world.anna, seed=3, many=60)
        settle_costs(world.cilla, seed=4, many=3)
        keep_closed(on=today())
        yield world
        databases.renew("people")


def lines_of(board, programme, period):
    with as_figures() as raw:
        return costs.lines_of(raw, board.pk, programme, period)


def kept(by, period, programme="adult"):
    with acting(by):
        return next(one for one in all_measured(by, programme, on=today()) if one.period == period)


def expected(world, programme, period):
    first = period.first.year * 12 + period.first.month
    asked = {"board": world.bollnas.pk, "programme": programme, "last": period.last, "n": first}
    with connected("backup") as backup:
        return backup.execute(INDEPENDENT, asked).fetchall()


@pytest.mark.parametrize("programme", ["adult", "child"])
@pytest.mark.parametrize("period", HALVES, ids=str)
def test_every_figure_agrees_with_other_sql(costly, db, period, programme):
    rows = expected(costly, programme, period)
    lines = lines_of(costly.bollnas, programme, period)
    assert sorted((*r[1:6], r[6]) for r in rows) == sorted(
        (one.area, one.principal, one.payer, one.phase, one.kronor, one.hours) for one in lines
    )
    assert len({r[0] for r in rows}) == len({one.person for one in lines})
    assert len(rows) > (20 if programme == "adult" else 3)


def test_the_sums_are_of_the_lines(costly, db):
    """What is shown adds up, in each table, to the same whole; and that to what other SQL says."""
    period = HALVES[1]
    shown = kept(costly.maud, period)
    kronor = sum(row[5] for row in expected(costly, "adult", period))
    assert shown.total.kronor == kronor > 0
    for heading, sums in shown.tables:
        assert sum(one.kronor for one in sums) == kronor, heading
        assert sum(one.hours for one in sums) == shown.total.hours, heading
    assert 0 < shown.no_cost < shown.measures


def test_what_one_person_costs(costly, db):
    """Kronor by months of people, as the tables have them."""
    period = HALVES[1]
    shown = dict(kept(costly.maud, period).per_person)
    sums = Counter()
    for row in expected(costly, "adult", period):
        sums[row[4]] += row[5]
    n = period.first.year * 12 + period.first.month
    months = """
        SELECT sum(greatest(0, least(b, i) - greatest(a, %(n)s) + 1)),
               sum(greatest(0, b - greatest(a, %(n)s, i + 1) + 1))
        FROM (SELECT min(extract(year FROM d) * 12 + extract(month FROM d)) AS a,
                     min(extract(year FROM d) * 12 + extract(month FROM d)) + 5 AS i,
                     least(%(n)s + 5, min(extract(year FROM e) * 12 + extract(month FROM e))) AS b
              FROM (SELECT v.case_id, (v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date AS d,
                           least(c.closed_on, p.ended_on) AS e
                    FROM plans_planversion v JOIN cases_case c ON c.id = v.case_id JOIN plans_coordinatedplan p
                      ON p.id = v.plan_id JOIN cases_individual x ON x.id = c.individual_id
                    WHERE c.authority_id = %(board)s AND c.programme = 'adult' AND NOT x.guarded) y
              WHERE d <= %(last)s GROUP BY case_id) z
    """
    with connected("backup") as backup:
        counted = backup.execute(months, {"n": n, "board": costly.bollnas.pk, "last": period.last}).fetchone()
    of_six, of_twelve = (
        round(Decimal(sums[phase]) * times / months / 100) * 100
        for phase, times, months in zip(("introduction", "running"), (6, 12), counted, strict=True)
    )
    assert shown == {"Introduktion, sex månader": of_six, "Löpande, ett år": of_twelve}


def test_three_boards_people_is_nobodys_business(costly, db):
    few = lines_of(costly.soderhamn, "adult", HALVES[1])
    assert 0 < len({one.person for one in few}) < 5 and kept(costly.siv, HALVES[1]).total is None
    assert kept(costly.adam, HALVES[1]) == kept(costly.maud, HALVES[1]), "all who lead see the same picture"
    for who in ("anna", "leo", "cilla", "sara", "rut", "mika"):
        assert kept(getattr(costly, who), HALVES[1]).total is None, who
        with acting(getattr(costly, who)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM reporting_keptcosts")
            assert cursor.fetchone() == (0,), who
    with acting(costly.adam), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT board_id), count(*) FROM reporting_keptcosts")
        boards, rows = cursor.fetchone()
    assert boards == 1 and rows > 4


def test_only_halves_that_are_over_can_be_asked_for(costly, db):
    running = half_year_of(today())
    with as_figures() as raw:
        for period in (running, HalfYear(today().year + 1, 1), HalfYear(2025, 3)):
            assert costs.lines_of(raw, costly.bollnas.pk, "adult", period) == []
    with pytest.raises(Refused, match="inte slut"):
        keep_costs(costly.bollnas.pk, "adult", running)


@pytest.mark.parametrize("step", [
    "counting_cost_cases(gen_random_uuid(), 'adult', '2025-12-31')", "figures_cost_boards()",
    "counting_cost_measures(gen_random_uuid(), 'adult', '2025-12-31')", "counting_shut_off(gen_random_uuid())",
    "figures_costs(gen_random_uuid(), 'adult', 2025, 1)", "figures_cost_months(gen_random_uuid(), 'adult', 2025, 1)",
])  # fmt: skip
def test_the_web_asks_for_no_line(costly, db, step):
    """Not even a board's own administrator: what one person costs is in no answer."""
    denied = pytest.raises(ProgrammingError, match="permission denied")
    for who in (costly.adam, costly.maud):
        with acting(who), connection.cursor() as cursor, denied, transaction.atomic():
            cursor.execute(f"SELECT * FROM wall.{step}")


# Kept


def picture(by):
    """As it is shown, byte for byte."""
    with acting(by):
        return repr(all_measured(by, "adult", on=today()))


def test_a_closed_half_year_never_moves(costly, db):
    """Somebody is protected afterwards, somebody is shut off from, a cost is corrected: the same bytes."""
    before = {who: picture(getattr(costly, who)) for who in ("maud", "adam")}
    counted = lines_of(costly.bollnas, "adult", HALVES[1])
    with connected("owner", autocommit=True) as owner:
        for table in ("cases_individual", "cases_accessblock", "plans_measure"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
        owner.execute(
            "UPDATE cases_individual SET guarded = true, name = '' WHERE id IN (SELECT individual_id FROM cases_case"
            " WHERE authority_id = %s AND programme = 'adult' ORDER BY number LIMIT 5)", [costly.bollnas.pk],
        )  # fmt: skip
        owner.execute("UPDATE plans_measure SET cost = cost + 1000 WHERE authority_id = %s", [costly.bollnas.pk])
    try:
        assert lines_of(costly.bollnas, "adult", HALVES[1]) != counted, "counted today it would be another"
        keep_closed(on=today())
        assert {who: picture(getattr(costly, who)) for who in before} == before
        assert not keep_costs(costly.bollnas.pk, "adult", HALVES[1])
    finally:
        databases.stands = None


@pytest.mark.parametrize("statement", [
    "UPDATE reporting_keptcosts SET shown = '{}'", "DELETE FROM reporting_keptcosts",
    "INSERT INTO reporting_keptcosts SELECT gen_random_uuid(), programme, '2001-01-01', shown, made_at, board_id"
    " FROM reporting_keptcosts",
])  # fmt: skip
def test_nobody_changes_what_is_kept(costly, db, statement):
    with acting(costly.adam), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    if "INSERT" not in statement:
        with as_figures() as raw, pytest.raises(psycopg.Error):
            raw.execute(statement)


def test_a_board_that_shows_less_shows_less_here_too():
    """Twelve people, six on each row: with five they are told apart, with ten they are not."""
    lines = [
        Line(n, "ab"[n % 2], "s", "m", "running", 100, Decimal(0), 1, 0, True, False) for n in range(12)
    ]  # fmt: skip
    assert len(merged(lines)["area"]) == 2
    assert len(merged(lines, 10)["area"]) == 1
    assert merged(lines, 13) is None


# Nobody undoes them


def some_lines(rng, people):
    def one(person):
        return Line(
            person, rng.choice("abcd"), rng.choice("sho"), rng.choice("mrg"), rng.choice(("introduction", "running")),
            rng.randint(0, 999), Decimal(rng.randint(0, 99)), 1, 0, rng.random() < 0.8, rng.random() < 0.7,
        )  # fmt: skip

    return [one(person) for person in range(people) for _each in range(rng.randint(0, 5))]


def attacked(groups, lines):
    """Whether anything that can be added and subtracted from what is shown tells of the measures of four people or
    fewer and of nobody else's: asked of each four of them, by the measures themselves."""
    lines = [line for line in lines if line.costed]
    shown = np.array([[getattr(line, kind) in part for line in lines] for kind in groups for part in groups[kind]])
    rank = np.linalg.matrix_rank(shown.astype(float))
    for four in combinations({line.person for line in lines}, 4):
        others = [n for n, line in enumerate(lines) if line.person not in four]
        if not others or np.linalg.matrix_rank(shown[:, others].astype(float)) < rank:
            return True
    return False


@pytest.mark.parametrize("part", range(4))
def test_no_sum_of_sums_tells_of_fewer_than_five(part):
    tables = 0
    for seed in range(part * 25, part * 25 + 25):
        rng = random.Random(seed)  # noqa: S311  people, not secrets
        lines = some_lines(rng, rng.randint(3, 14))
        groups = merged(lines)
        if groups is None:
            assert len({line.person for line in lines if line.costed}) < 5
            continue
        assert not attacked(groups, lines), seed
        tables += any(len(parts) > 1 for parts in groups.values())
    assert tables > 3, "something is told apart, or there would be nothing to undo"


def test_the_attacker_undoes_what_is_only_merged_when_small(monkeypatch):
    """Without the question about all rows together she finds somebody, so the test above can fail."""
    monkeypatch.setattr(costs, "is_safe", lambda groups, lines, few: all(
        costs._people(kind, part, lines) >= 5 for kind in groups for part in groups[kind]))  # fmt: skip
    found = 0
    for seed in range(40):
        rng = random.Random(seed)  # noqa: S311  people, not secrets
        lines = some_lines(rng, 10)
        groups = merged(lines)
        found += groups is not None and attacked(groups, lines)
    assert found > 0


def test_who_states_no_cost_hides_nobody():
    """Six people, and a cost stated for one of them: nothing is shown."""
    lines = [Line(n, "a", "s", "m", "running", 7 if n == 0 else 0, Decimal(0), 1, int(n > 0), n == 0, False)
             for n in range(6)]  # fmt: skip
    assert merged(lines) is None


def test_a_mean_is_of_whole_hundreds():
    assert mean(60_000, 6, "introduction") == 60_000
    assert mean(12_345, 7, "running") == 21_200
    assert (mean(50, 6, "introduction"), mean(49, 6, "introduction")) == (100, 0)
    assert set(KINDS) == {"area", "principal", "payer", "phase"}
