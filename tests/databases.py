"""The database that tests run in, made anew as a copy of a finished one. PostgreSQL copies twenty megabytes in less
time than it takes to make the people of the world again, and in a hundredth of what its furniture takes.
``bare`` has the country and nobody in it, ``people`` the people of ``World``, ``furnished`` rows of every model.
"""

import psycopg
from django.db import connection

from tests.connections import dsn_of

OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""
stands = None  # which of them the database is a copy of, as far as what is committed goes


def keep(what):
    """As it is now, to be copied from."""
    global stands
    connection.close()
    with _outside() as owner:
        owner.execute(f'CREATE DATABASE "{_name()}_{what}" TEMPLATE "{_name()}" STRATEGY FILE_COPY')
    stands = what


def renew(what):
    """False, and nothing done, when a test itself is still in there."""
    global stands
    connection.close()
    others_out()
    with _outside() as owner:
        try:
            owner.execute(f'DROP DATABASE IF EXISTS "{_name()}"')
        except psycopg.errors.ObjectInUse:
            return False
        owner.execute(f'CREATE DATABASE "{_name()}" TEMPLATE "{_name()}_{what}" STRATEGY FILE_COPY')
        _like_production(owner)
    stands = what
    return True


def others_out(*roles):
    """A server's threads go down as slowly as a browser lets go of them, and PostgreSQL would wait five seconds."""
    for role in roles or ("app", "worker"):
        try:
            with psycopg.connect(**dsn_of(role), autocommit=True) as line:
                line.execute(OUT)
        except psycopg.OperationalError:
            return  # there is no such database: the last one who renewed it was interrupted


def forget(*kept):
    with _outside() as owner:
        for what in kept:
            owner.execute(f'DROP DATABASE IF EXISTS "{_name()}_{what}"')


def like_production():
    with _outside() as owner:
        _like_production(owner)


def _like_production(owner):
    """roles.sql says this about the real database; privileges on a database are not copied with it."""
    owner.execute(f'REVOKE ALL ON DATABASE "{_name()}" FROM PUBLIC')
    owner.execute(f'GRANT CONNECT ON DATABASE "{_name()}" TO exit_app, exit_worker, exit_backup, exit_figures')


def _name():
    return connection.settings_dict["NAME"]


def _outside():
    return psycopg.connect(**{**dsn_of("owner"), "dbname": "postgres"}, autocommit=True)
