"""Real PostgreSQL as the application's own role. The owner makes the test database; tests run as exit_app."""

import os
from copy import deepcopy

import psycopg
import pytest
from django.db import connection
from django.test import testcases
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import sync_playwright

from cases.notices import delivery, due
from exitprogram.tenancy.owner import become_owner
from tests import databases
from tests.browser import FLAGS
from tests.connections import ROLES, dsn_of, logged_in_as
from tests.furniture import furnish
from tests.hostile.shares import Share
from tests.provider import Lying, put
from tests.serving import product
from tests.world import World, make_partner


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    app = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    with django_db_blocker.unblock():
        become_owner()
        made = setup_databases(verbosity=0, interactive=False)
        make_partner()
        databases.like_production()
        connection.close()
        connection.settings_dict.update(app)
        databases.keep("bare")
        World.people = vars(World())
        _nobody_waits_for_mail()
        databases.keep("people")
    yield
    with django_db_blocker.unblock():
        databases.forget("bare", "people", "furnished")
        become_owner()
        databases.others_out(*ROLES)
        teardown_databases(made, verbosity=0)


def _nobody_waits_for_mail():
    """The other parties' administrators have heard of their agreements: a test counts only what it makes."""
    with logged_in_as("worker"):
        due.make_due()
        while delivery.send_some():
            pass


KEPT = "tenancy_policeregion tenancy_region tenancy_municipality tenancy_authority tenancy_authority_municipalities"
KEPT = set(f"{KEPT} django_migrations django_content_type auth_permission".split())


def _people_again(self):
    """After a test that really commits. Django's own flush would run as exit_app, which may not TRUNCATE, and would
    take the country with it."""
    if not databases.renew("people"):
        _empty_tables()


def _empty_tables():
    """Everything but the reference data goes, by the owner's hand."""
    databases.stands = None
    connection.close()
    with psycopg.connect(**dsn_of("owner"), autocommit=True) as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        gone = ", ".join(f'"{table}"' for table in tables if table not in KEPT)
        owner.execute(f"TRUNCATE {gone} CASCADE")


testcases.TransactionTestCase._fixture_teardown = _people_again


@pytest.fixture
def world(db):
    """Two boards, their region and a partner, with people in every role. See tests/world.py."""
    return World()


@pytest.fixture(scope="session")
def furnished(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        databases.renew("people")
        made = World()
        furnish(made)
        databases.keep("furnished")
        databases.renew("people")
    return made


@pytest.fixture(scope="module")
def standing(furnished, django_db_blocker):
    """A world that is really committed, with rows of every model in two boards: what a second connection, as another
    role, can see. What a module adds to it is gone with the module."""
    with django_db_blocker.unblock():
        assert databases.renew("furnished")
        yield deepcopy(furnished)
        databases.renew("people")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["EXIT_CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def house_folder(tmp_path_factory):
    """Static files are gathered once for all that run the product itself."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def in_the_open(standing, house_folder):
    """The product as ``make demo`` runs it, on the standing world."""
    with product(house_folder, tls=False) as made:
        yield made


@pytest.fixture(scope="module")
def behind_tls(standing, house_folder):
    """The same as in production: behind a door that speaks TLS."""
    with product(house_folder, tls=True) as made:
        yield made


@pytest.fixture(scope="session")
def share(request):
    """How much of what is hostile this run tries."""
    return getattr(request.config, "share", None) or Share()


@pytest.fixture(scope="module")
def lying_provider():
    lying = Lying()
    yield lying
    lying.close()


@pytest.fixture
def provider(lying_provider, transactional_db):
    """An identity provider of ours, honest until the test says otherwise, and known to the house."""
    lying_provider.honest()
    lying_provider.saved = put(lying_provider.row())
    return lying_provider
