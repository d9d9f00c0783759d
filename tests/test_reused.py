"""Connections that are used again: pools of one and two, requests of three authorities. 20,000 by ``make rawsql``."""

import pytest
from django.db import connection

from exitprogram.tenancy import acting as acting_module
from tests.rawsql.reused import Reuse

SHARE, SEED = 2_000, 20261123


@pytest.fixture
def members(standing, django_db_blocker):
    with django_db_blocker.unblock():
        yield [standing.anna, standing.cilla, standing.rut]


@pytest.mark.parametrize("size", [1, 2])
def test_nothing_stays_on_a_connection(members, size):
    found = Reuse(members, SEED).run(SHARE // 2, size)
    assert found.faults == []
    assert found.requests == SHARE // 2
    assert len(found.seen) >= 2, "the boards do see rows of their own"


def test_a_context_that_stays_is_found(members, monkeypatch):
    """The proof itself: told for the session and not for the transaction, and never taken back."""

    def for_the_session(who):
        if who is not None:
            with connection.cursor() as cursor:
                value = acting_module.signed(who, pid=connection.connection.info.backend_pid)
                cursor.execute("SELECT set_config('app.ctx', %s, false)", [value])

    monkeypatch.setattr(acting_module, "_tell_database", for_the_session)
    assert Reuse(members, SEED).run(40, 1).faults
