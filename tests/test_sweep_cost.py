"""What a sweep costs follows what is due, and not what exists. Counted in pages of the database, not in seconds.

With ``SWEEP_CLOCKS=150000`` the largest world is made too: ``SWEEP_CLOCKS=150000 python -m pytest
tests/test_sweep_cost.py -s`` prints the figures.
"""

import os
from datetime import timedelta

import pytest

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from plans.clocks import PlanClock
from tests.connections import connected
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [1_000, 10_000] + [size for size in [int(os.environ.get("SWEEP_CLOCKS", 0))] if size > 10_000]
DUE = 20
FILL = """
    INSERT INTO cases_clock (id, authority_id, created_at, case_id, kind, rule_id, subject_id, owner_id, due_on,
                             warn_days, cover_days, escalate_days, extension_ground, version)
    SELECT gen_random_uuid(), authority_id, now(), case_id, kind, rule_id, gen_random_uuid(), owner_id,
           due_on + n %% 300, warn_days, cover_days, escalate_days, extension_ground, 1
    FROM cases_clock, generate_series(1, %s) n WHERE id = %s
"""
BUFFERS = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM wall.worker_tell(now(), 500)"


@pytest.fixture
def owner(transactional_db):
    with connected("owner", autocommit=True) as raw:
        raw.execute("ALTER TABLE cases_clock NO FORCE ROW LEVEL SECURITY")
        yield raw
        raw.execute("ALTER TABLE cases_clock FORCE ROW LEVEL SECURITY")


def seeds(world):
    """One clock of next week, that reminds today, and one of next year."""
    for days in (7, 400):
        with acting(world.anna):
            case = world.open_case(individual=world.person(name=f"Person {'abcdefgh'[days % 8]}"))
            yield cases.start_clock(
                by=world.anna, case=case, kind=PlanClock.FOLLOW_UP, rule_id="plan.follow_up", subject_id=case.pk,
                owner=world.anna, due_on=today() + timedelta(days=days),
            ).pk  # fmt: skip


def swept(count, due):
    """Pages that one sweep touches, when so many clocks exist and so many of them are due."""
    with connected("worker", autocommit=True) as worker:
        worker.execute("SELECT * FROM wall.worker_tell('2020-01-01', 1)")  # what is read once for each connection
        [[plan]] = worker.execute(BUFFERS).fetchone()
    top = plan["Plan"]
    pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    print(f"open clocks {count}, due {due}: {pages} pages")  # noqa: T201
    return pages


def test_the_sweep_costs_what_is_due(owner):
    soon, far = seeds(World())
    owner.execute(BUFFERS)
    quiet, busy, exist = {}, {}, 2
    for size in SIZES:
        owner.execute(FILL, [size - exist - DUE, far])
        owner.execute("ANALYZE cases_clock")
        quiet[size] = swept(size, 0)
        owner.execute(FILL.replace("due_on + n %% 300", "due_on"), [DUE, soon])
        owner.execute("ANALYZE cases_notice")
        busy[size], exist = swept(size, DUE), size
    first, last = SIZES[0], SIZES[-1]
    assert quiet[last] <= quiet[first] + 20, quiet  # the index may be a level deeper
    assert busy[last] <= busy[first] * 1.5 + 50, busy
    assert busy[first] > quiet[first] + DUE, "what is due does cost"


def test_ten_times_as_much_due_costs_more(owner):
    """The measure measures: otherwise the test above could not fail."""
    soon, _far = seeds(World())
    owner.execute(BUFFERS)
    costs = []
    for count in (DUE, 10 * DUE):
        owner.execute(FILL.replace("due_on + n %% 300", "due_on"), [count, soon])
        costs.append(swept(count, count))
    assert costs[1] > 3 * costs[0]
