"""Real PostgreSQL as the application's own role. The owner makes the test database; tests run as exit_app."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import testcases
from django.test.utils import setup_databases, teardown_databases

from exitprogram.tenancy.owner import become_owner
from tests.world import World, make_partner


def dsn_of(role):
    """Connection parameters of one of the roles for this worker's test database."""
    role = {"owner": settings.OWNER_DATABASE, "backup": settings.BACKUP_DATABASE, "app": settings.DATABASES["default"]}[
        role
    ]
    return {
        "host": role["HOST"], "port": role["PORT"], "user": role["USER"], "password": role["PASSWORD"],
        "dbname": connection.settings_dict["NAME"],
    }  # fmt: skip


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    app = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    with django_db_blocker.unblock():
        become_owner()
        made = setup_databases(verbosity=0, interactive=False)
        make_partner()
        connection.close()
        connection.settings_dict.update(app)
    yield
    with django_db_blocker.unblock():
        become_owner()
        teardown_databases(made, verbosity=0)


KEPT = "tenancy_policeregion tenancy_region tenancy_municipality tenancy_authority tenancy_authority_municipalities"
KEPT = set(f"{KEPT} django_migrations django_content_type auth_permission".split())


def _empty_tables(self):
    """After a test that really commits: everything but the reference data goes, by the owner's hand. Django's own
    flush would run as exit_app, which may not TRUNCATE, and would take the country with it."""
    connection.close()
    with psycopg.connect(**dsn_of("owner"), autocommit=True) as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        gone = ", ".join(f'"{table}"' for table in tables if table not in KEPT)
        owner.execute(f"TRUNCATE {gone} CASCADE")


testcases.TransactionTestCase._fixture_teardown = _empty_tables


@pytest.fixture
def world(db):
    """Two boards, their region and a partner, with people in every role. See tests/world.py."""
    return World()
