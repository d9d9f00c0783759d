"""The whole product: pytest gives it its servers and its world. Collected by ``python -m tests.rawsql`` only."""

from uuid import uuid4

from exitprogram.tenancy.acting import signed
from tests.connections import connected
from tests.oracle import WALLED
from tests.rawsql.battery import Battery, fingerprint
from tests.rawsql.crossings import asked, calls, injected, keys, pointed
from tests.rawsql.reused import Reuse
from tests.test_rawsql import TELLS
from tests.test_wall_context import identity


def test_a_long_run(standing, django_db_blocker, request):
    asked_for = request.config.rawsql
    with django_db_blocker.unblock():
        battery = Battery(standing)
        for part in (_battery, _functions, _injections, _crossings, _reuse):
            name, number, faults = part(standing, battery, asked_for)
            asked_for.tried[name] = number
            asked_for.faults += faults
            print(f"{number:7d} {name}, came through {len(faults)}", flush=True)
        battery.close()
    assert asked_for.faults == []


def _battery(_standing, battery, asked_for):
    before = fingerprint()
    cells = list(battery.cells())
    battery.run(battery.sample(asked_for.cells, asked_for.seed) if asked_for.cells else cells)
    after = fingerprint()
    changed = [f"changed: {table or 'the catalogue'}" for table in before if before[table] != after[table]]
    return "cells of table, statement, context and role", battery.tried, battery.faults + changed


def _functions(standing, battery, _asked_for):
    """Every function of the wall with rows of every kind of the other authority."""
    theirs = [(label, row["id"]) for label, rows in battery.rows.items() for row in _of(standing.bollnas, rows)[:3]]
    number, told = 0, set()
    with connected("owner") as owner, connected("app") as link:
        token = signed(identity(standing.cilla), pid=link.info.backend_pid)
        for name, sql in calls(owner):
            nothing = asked(link, token, sql, uuid4())
            for label, one in theirs:
                number += 1
                if name not in TELLS and asked(link, token, sql, one) != nothing:
                    told.add(f"wall.{name} tells of {label}")
    return "calls of the wall's functions", number, sorted(told)


def _of(authority, rows):
    return [row for row in rows if row["authority_id"] == authority.pk]


def _injections(standing, battery, _asked_for):
    number, faults = 0, []
    with connected("app") as link:
        for label, model in WALLED.items():
            table = model._meta.db_table
            given = {str(one) for one in battery.given(label)}
            theirs = {str(row["id"]) for row in battery.rows[label] if row["authority_id"] == standing.bollnas.pk}
            for shape, kind, found in injected(link, standing, table):
                number += 1
                if found & (theirs - given):
                    faults.append(f"{table}: {shape}, {kind}")
    return "injections", number, faults


def _crossings(standing, battery, _asked_for):
    number, faults = 0, []
    with connected("owner") as owner:
        for key in keys():
            number += 1
            said = pointed(owner, battery.rows, key, standing.soderhamn.pk, standing.bollnas.pk)
            if said[0] != said[1] or "ForeignKeyViolation" not in said[0]:
                faults.append(f"{key}: {said}")
    return "keys", number, faults


def _reuse(standing, _battery, asked_for):
    members = [standing.anna, standing.cilla, standing.rut]
    found = Reuse(members, asked_for.seed)
    for size in (1, 2):
        found.run(asked_for.requests // 2, size)
    return "requests on reused connections", found.requests, found.faults
