"""What the plans cost: counted right, asked for by the board's leaders alone, never of fewer than five people."""


import pytest

from exitprogram.tenancy.acting import acting
from reporting.costs import measured as costs
from reporting.periods import HalfYear
from tests import databases
from tests.connections import connected
from tests.costing import INDEPENDENT, settle_costs
from tests.world import World

HALVES = [HalfYear(2025, 1), HalfYear(2025, 2), HalfYear(2026, 1)]


@pytest.fixture(scope="module")
def costly(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        settle_costs(world.anna, seed=3, many=60)
        settle_costs(world.cilla, seed=4, many=3)
        yield world
        databases.renew("people")


def expected(world, programme, period):
    first = period.first.year * 12 + period.first.month
    asked = {"board": world.bollnas.pk, "programme": programme, "last": period.last, "n": first}
    with connected("backup") as backup:
        return backup.execute(INDEPENDENT, asked).fetchall()


@pytest.mark.parametrize("programme", ["adult", "child"])
@pytest.mark.parametrize("period", HALVES, ids=str)
def test_every_figure_agrees_with_other_sql(costly, db, period, programme):
    rows = expected(costly, programme, period)
    with acting(costly.maud):
        lines = costs.lines_of(programme, period)
    assert sorted((*r[1:6], r[6]) for r in rows) == sorted(
        (one.area, one.principal, one.payer, one.phase, one.kronor, one.hours) for one in lines
    )
    assert len({r[0] for r in rows}) == len({one.person for one in lines})
    assert len(rows) > (20 if programme == "adult" else 3)
