"""Connections to this run's test database as each of the roles."""

import os
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection

from exitprogram.settings import database

ROLES = {
    "app": dict(settings.DATABASES["default"]),
    "owner": settings.OWNER_DATABASE,
    "backup": settings.BACKUP_DATABASE,
    "worker": database(os.environ["EXIT_WORKER_DATABASE_URL"]),
    "figures": settings.FIGURES_DATABASE,
}


def dsn_of(role):
    """Connection parameters of one of the roles for this process's test database."""
    role = ROLES[role]
    return {
        "host": role["HOST"], "port": role["PORT"], "user": role["USER"], "password": role["PASSWORD"],
        "dbname": connection.settings_dict["NAME"],
    }  # fmt: skip


def connected(role, **more):
    return psycopg.connect(**dsn_of(role), **more)


@contextmanager
def logged_in_as(role):
    """Django's own connection as another role, for code that goes through the ORM. Not inside a transaction."""
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    wanted = dsn_of(role)
    connection.close()
    connection.settings_dict.update(USER=wanted["user"], PASSWORD=wanted["password"])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def nothing_told():
    """As if what the world's making has told (agreements drafted and signed) had never been: committed worlds only."""
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_notice NO FORCE ROW LEVEL SECURITY")
        owner.execute("DELETE FROM cases_notice")
        owner.execute("ALTER TABLE cases_notice FORCE ROW LEVEL SECURITY")
