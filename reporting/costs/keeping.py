"""A closed half-year's costs are counted once and kept as they were shown."""

from dataclasses import asdict
from decimal import Decimal

from django.utils import timezone
from psycopg.types.json import Jsonb

from cases.models import Case
from cases.outreach import THRESHOLD
from exitprogram.errors import Refused
from reporting.costs.measured import Measured, Sum, measured
from reporting.gathering import as_figures, least_shown
from reporting.models import KeptCosts
from reporting.periods import half_year_of, last_closed

HALVES = 6
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('costs'), hashtext(%s))"
KEPT = "SELECT 1 FROM reporting_keptcosts WHERE board_id = %s AND programme = %s AND first_day = %s"
KEEP = """
    INSERT INTO reporting_keptcosts (id, board_id, programme, first_day, shown, made_at)
    VALUES (gen_random_uuid(), %s, %s, %s, %s, %s)
"""
THERE = "SELECT board_id, programme, first_day FROM reporting_keptcosts"


def keep_costs(board, programme, period):
    """True when it was counted now; what is kept already stays as it is. By the board's own limit when it is higher."""
    if not period.is_closed(on=timezone.localdate()):
        raise Refused("Halvåret är inte slut, eller slutade för mindre än två veckor sedan.")
    with as_figures() as raw:
        raw.execute(ONE_AT_A_TIME, [f"{board}|{programme}|{period.code}"])
        if raw.execute(KEPT, [board, programme, period.first]).fetchone():
            return False
        few = max(THRESHOLD, least_shown(raw, [board]).get(str(board), THRESHOLD))
        shown = _as_json(measured(raw, board, programme, period, few))
        raw.execute(KEEP, [board, programme, period.first, Jsonb(shown), timezone.now()])
        return True


def keep_closed(*, on):
    """Every closed half-year of the last years that is not kept yet, of each board that has agreed on a plan."""
    with as_figures() as raw:
        there = set(raw.execute(THERE).fetchall())
        boards = [board for (board,) in raw.execute("SELECT * FROM wall.figures_cost_boards() ORDER BY 1").fetchall()]
    for board in boards:
        for programme in Case.Programme.values:
            for period in last_halves(on=on):
                if (board, programme, period.first) not in there:
                    keep_costs(board, programme, period)


def last_halves(*, on, halves=HALVES):
    """The last closed ones, newest first."""
    found = [last_closed(on=on)]
    while len(found) < halves:
        found.append(found[-1].before)
    return found


def all_measured(by, programme, *, on, halves=HALVES):
    """As they were kept, newest first; one that is not counted yet shows nothing."""
    rows = KeptCosts.objects.visible_to(by).filter(programme=programme).values_list("first_day", "shown")
    kept = {half_year_of(first): shown for first, shown in rows}
    return [_from_json(period, programme, kept.get(period)) for period in last_halves(on=on, halves=halves)]


def _as_json(one):
    tables = [[heading, [_sum_as_json(row) for row in sums]] for heading, sums in one.tables]
    total = _sum_as_json(one.total) if one.total else None
    return {
        "tables": tables, "total": total, "measures": one.measures, "no_cost": one.no_cost,
        "months": [[phase, months] for phase, months in one.months],
    }  # fmt: skip


def _sum_as_json(row):
    return asdict(row) | {"codes": sorted(row.codes), "hours": None if row.hours is None else str(row.hours)}


def _from_json(period, programme, shown):
    if not shown or not shown["total"]:
        return Measured(period, programme)
    tables = tuple((heading, [_sum_from_json(row) for row in sums]) for heading, sums in shown["tables"])
    months = tuple((phase, months) for phase, months in shown["months"])
    total = _sum_from_json(shown["total"])
    return Measured(period, programme, tables, total, shown["measures"], shown["no_cost"], months)


def _sum_from_json(row):
    hours = None if row["hours"] is None else Decimal(row["hours"])
    return Sum(row["label"], frozenset(row["codes"]), row["kronor"], hours)
