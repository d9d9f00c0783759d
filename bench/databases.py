"""A database for each size: a copy of an empty, migrated one, filled with the country and then opened to the one
contender that has no wall."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg

from exitprogram.embedded.places import CLONE

URLS = {
    "app": "EXIT_DATABASE_URL", "worker": "EXIT_WORKER_DATABASE_URL", "owner": "EXIT_OWNER_DATABASE_URL",
    "backup": "EXIT_BACKUP_DATABASE_URL", "figures": "EXIT_FIGURES_DATABASE_URL",
}  # fmt: skip
# The owner sees every row when the walls are not forced on it; exit_app is bound by them as before.
UNBOUND = """
    DO $$ DECLARE found regclass; BEGIN
        FOR found IN SELECT oid FROM pg_class WHERE relforcerowsecurity AND relkind = 'r' LOOP
            EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', found);
        END LOOP;
    END $$
"""


class Database:
    """One database of the cluster that ``told`` names, and how processes of ours get to it."""

    def __init__(self, told, name):
        self.name = name
        self.told = told | {variable: _at(told[variable], name) for variable in URLS.values() if variable in told}

    def environment(self, role="app", **more):
        """For a child that works as ``role`` whatever it is to Django."""
        process = "owner" if role == "owner" else "web"
        return self.told | {"EXIT_PROCESS": process, "EXIT_DATABASE_URL": self.told[URLS[role]], **more}

    def connected(self, role="owner", **more):
        return psycopg.connect(self.told[URLS[role]], **more)

    def run(self, module, *words, role="owner", **more):
        """The last line a module of ours says, as it was meant."""
        command = [sys.executable, "-m", module, *map(str, words)]
        done = subprocess.run(
            command, env=self.environment(role, **more), cwd=CLONE, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(done.stdout.splitlines()[-1])


def _at(url, name):
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def filled(told, template, name, size):
    """(the database, the people of its country)."""
    with Database(told, "postgres").connected(autocommit=True) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}"')
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        owner.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        owner.execute(f'GRANT CONNECT ON DATABASE "{name}" TO exit_app, exit_worker, exit_backup, exit_figures')
    made = Database(told, name)
    people = made.run("bench.build", "--size", size)
    with made.connected(autocommit=True) as owner:
        owner.execute(UNBOUND)
        owner.execute((CLONE / "bench/floor/ground.sql").read_text())
        owner.execute("VACUUM ANALYZE")
    return made, people


def dropped(database):
    with Database(database.told, "postgres").connected(autocommit=True) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')
