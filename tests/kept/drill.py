"""One drill: a backup of a furnished world, a destruction after it, a restore into an empty cluster of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from exitprogram.backup import dump, figures, ledger
from exitprogram.backup.stream import new_pair, public_key
from exitprogram.embedded import binaries, servers, values
from exitprogram.embedded.places import CLONE, SHARED, claim
from exitprogram.embedded.processes import Family
from tests.connections import dsn_of

IDS = "SELECT '{0}', id::text FROM public.{0}"


class Cluster:
    """An empty PostgreSQL with the house's roles and nothing else; ``manage`` runs a command against it."""

    def __init__(self, state):
        self.state = state
        self.kept, self.ports = values.new_secrets(), {"postgres": values.free_port(), "broker": 1, "web": 2}
        told = values.environment(self.kept, self.ports, state, kind="test")
        # What is sealed in the database opens with the same keys as before; those are never in a backup.
        keys = {name: os.environ[name] for name in ("EXIT_DATA_KEYS", "EXIT_SECRET_KEY")}
        self.told = told | keys | {"EXIT_CONTEXT_KEY": values.new_secrets()["context_key"]}

    def manage(self, *words, process="owner"):
        return self.run("manage.py", *words, process=process)

    def run(self, *words, process):
        env = values.child_environment(self.told, process) | {"DJANGO_SETTINGS_MODULE": "exitprogram.settings"}
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=CLONE, env=env, capture_output=True, text=True, check=False)

    def roles_again(self):
        servers.prepare_database(binaries.postgres(self.state / "binaries"), self.kept, self.ports)

    def where(self, role):
        return {"host": values.HOST, "port": self.ports["postgres"], "user": f"exit_{role}",
                "password": self.kept[role], "dbname": values.DATABASE}  # fmt: skip

    def connected(self, role="backup"):
        return psycopg.connect(**self.where(role))

    def lets_in(self, role="app"):
        try:
            self.connected(role).close()
        except psycopg.OperationalError as why:
            assert "permission denied for database" in str(why), why  # and no other reason
            return False
        return True


@contextmanager
def empty_cluster():
    state = claim(Path(tempfile.mkdtemp(prefix="exitprogram-drill-", dir=SHARED if os.geteuid() == 0 else None)))
    try:
        cluster = Cluster(state)
        with Family(state / "log") as family:
            servers.start_postgres(family, state, cluster.kept, cluster.ports, durable=False)
            yield cluster
    finally:
        shutil.rmtree(state, ignore_errors=True)


class Drill:
    """The source: the test database, and a folder of its own for backups."""

    def __init__(self, folder):
        self.folder = Path(folder)
        public, private = new_pair()
        self.recipient, self.key_file = public_key(public), self.folder / "private"
        self.key_file.write_text(private)
        self.ledger, self.took = self.folder / "ledger", {}

    @contextmanager
    def _of_this_database(self):
        """The backup role's login, to the database that the tests are in."""
        before = settings.BACKUP_DATABASE
        settings.BACKUP_DATABASE = before | {"NAME": connection.settings_dict["NAME"]}
        try:
            yield
        finally:
            settings.BACKUP_DATABASE = before

    def back_up(self):
        began = time.monotonic()
        with self._of_this_database():
            self.backup, self.manifest = dump.make(self.folder / "backups", self.recipient)
        self.before = ids_in(dsn_of("backup"))
        self.took["backup"] = time.monotonic() - began
        return self.backup

    def write_ledger(self):
        with self._of_this_database():
            return ledger.add_to(self.ledger)

    def now(self):
        return ids_in(dsn_of("backup"))

    def restore(self, cluster, folder=None, key_file=None):
        began = time.monotonic()
        words = ["--from", str(folder or self.backup), "--private-key", str(key_file or self.key_file)]
        done = cluster.manage("restore", *words)
        self.took["restore"] = time.monotonic() - began
        return done

    def destroy_again(self, cluster, *more):
        began = time.monotonic()
        done = cluster.manage("destroy_again", "--ledger", str(self.ledger), *more)
        self.took["destroy again"] = time.monotonic() - began
        return done


def ids_in(where):
    """{table: ids} of every table that has ids."""
    with psycopg.connect(**where) as line:
        tables = [row[0] for row in line.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        )]  # fmt: skip
        rows = line.execute(" UNION ALL ".join(IDS.format(table) for table in tables)).fetchall()
    found = {table: set() for table in tables}
    for table, pk in rows:
        found[table].add(pk)
    return found


def counted(cluster):
    with cluster.connected() as line:
        return figures.of(line)
