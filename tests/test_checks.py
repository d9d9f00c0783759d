"""An unsafe production does not start."""

import secrets

import pytest
from django.db import connection

from exitprogram.tenancy.checks import configuration_is_safe, refuse_unsafe, role_is_bound
from tests.connections import logged_in_as


@pytest.fixture
def production(settings):
    settings.EXIT_ENV, settings.DEBUG = "production", False
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["planering.example"], "https://planering.example"
    settings.SECRET_KEY, settings.CONTEXT_KEY = secrets.token_urlsafe(60), secrets.token_bytes(32)
    settings.DATA_KEYS = {1: secrets.token_bytes(32)}
    settings.CLAMD_URL = "tcp://clamav.example:3310"
    return settings


def wait_for_the_disk():
    """The test cluster commits without waiting; this connection does as production must."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")


def test_a_safe_configuration_starts(production, db):
    wait_for_the_disk()
    assert configuration_is_safe(None) == []
    refuse_unsafe()


@pytest.mark.parametrize(
    "name, value, found",
    [
        ("DEBUG", True, "exit.C001"),
        ("ALLOWED_HOSTS", [], "exit.C002"),
        ("ALLOWED_HOSTS", ["*"], "exit.C002"),
        ("BASE_URL", "http://planering.example", "exit.C003"),
        ("CONTEXT_KEY", bytes(32), "exit.C004"),
        ("SECRET_KEY", "kort", "exit.C004"),
        ("DATA_KEYS", {1: b"kort"}, "exit.C004"),
        ("CLAMD_URL", "", "exit.C005"),
    ],
)
def test_an_unsafe_configuration_does_not(production, db, name, value, found):
    setattr(production, name, value)

    assert [message.id for message in configuration_is_safe(None)] == [found]
    with pytest.raises(SystemExit, match=found):
        refuse_unsafe()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["owner", "backup"])
def test_a_role_that_walks_past_the_wall_is_refused(role):
    with logged_in_as(role):
        assert [message.id for message in role_is_bound(None, databases=["default"])] == ["exit.C010"]


def test_commits_that_do_not_wait_are_refused(production, db):
    assert [message.id for message in role_is_bound(None, databases=["default"])] == ["exit.C011"]


def test_the_applications_own_role_is_bound(db):
    assert role_is_bound(None, databases=["default"]) == []
