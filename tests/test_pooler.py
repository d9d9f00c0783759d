"""Behind a real PgBouncer in transaction mode: many who work at the same time on few connections, each behind her own
wall. Where it is not installed (Debian: ``pgbouncer``) there is nothing to ask."""

import os
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from cases.models import Case
from exitprogram.embedded import places, values
from exitprogram.embedded.processes import Family
from exitprogram.embedded.servers import PLAIN
from exitprogram.tenancy.acting import acting
from tests.connections import dsn_of
from tests.test_broker_sentinel import until
from tests.world import World

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed"),
]
CONNECTIONS, PEOPLE, TURNS = 2, 6, 15


@pytest.fixture
def pooler():
    """Its port. Whoever comes in is the application's role, on one of two connections."""
    state = places.claim(Path(tempfile.mkdtemp(prefix="exitprogram-pooler-", dir=places.SHARED)))
    account, port, app = places.servers_account(), values.free_port(), dsn_of("app")
    folder = places.give(state / "pooler", account)
    config = folder / "pooler.ini"
    server = " ".join(f"{key}={app[key]}" for key in ("host", "port", "dbname", "user", "password"))
    places.write_private(
        config,
        f"""[databases]
{app["dbname"]} = {server}
[pgbouncer]
listen_addr = {values.HOST}
listen_port = {port}
auth_type = any
pool_mode = transaction
default_pool_size = {CONNECTIONS}
unix_socket_dir =
ignore_startup_parameters = extra_float_digits,options
""",
    )
    if account:
        os.chown(config, account.uid, account.gid)
    try:
        with Family(state / "log") as family:
            family.start("pooler", [PGBOUNCER, config.name], env=PLAIN, account=account, cwd=folder)
            assert until(
                lambda: psycopg.connect(host=values.HOST, port=port, dbname=app["dbname"], user="x").close() is None
            )
            yield port
    finally:
        shutil.rmtree(state)


@contextmanager
def through(port):
    """Django's own connections, of every thread, by way of the pooler."""
    wanted = {"HOST": values.HOST, "PORT": str(port)}
    before = {name: connection.settings_dict[name] for name in wanted}
    connection.close()
    connection.settings_dict.update(wanted)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def works(who, own, gate):
    """(backends met, cases seen that are not one's own, cases seen with nobody acting)"""
    backends, foreign, unwalled = set(), 0, 0
    try:
        gate.wait(30)
        for _turn in range(TURNS):
            with acting(who), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), array_agg(id) FROM cases_case GROUP BY 1")
                backend, seen = cursor.fetchone()
                assert own in seen and Case.objects.visible_to(who).filter(pk=own).exists()
                backends.add(backend)
                foreign += len(set(seen) - {own})
            with connection.cursor() as cursor:  # the connection that somebody has just left
                cursor.execute("SELECT count(*) FROM cases_case")
                unwalled += cursor.fetchone()[0]
    finally:
        connection.close()
    return backends, foreign, unwalled


def test_each_behind_her_own_wall(pooler, settings):
    world = World()
    settings.DATABASE_POOLER = True
    people = [(world.anna, world.case.pk), (world.cilla, world.elsewhere.pk)] * (PEOPLE // 2)
    gate = threading.Barrier(PEOPLE)
    with through(pooler), ThreadPoolExecutor(PEOPLE) as several:
        found = list(several.map(lambda one: works(*one, gate), people))
    met = [backends for backends, _foreign, _unwalled in found]
    assert len(set.union(*met)) <= CONNECTIONS < PEOPLE
    assert set.union(*met[::2]) & set.union(*met[1::2]), "the two boards have had the same connection"
    assert [(foreign, unwalled) for _backends, foreign, unwalled in found] == [(0, 0)] * PEOPLE


def test_what_is_signed_for_one_connection_opens_no_other(pooler, settings):
    """Without the setting the value names the pooler's process, and nothing opens: closed, and not open."""
    world = World()
    assert world.case.pk and not settings.DATABASE_POOLER
    with through(pooler), acting(world.anna), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone()[0] == 0
