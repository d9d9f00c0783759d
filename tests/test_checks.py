"""An unsafe production does not start."""

import base64
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from exitprogram.tenancy import checks
from exitprogram.tenancy.checks import UNSAFE_FLAGS, configuration_is_safe, refuse_unsafe, role_is_bound
from tests.connections import logged_in_as


@pytest.fixture
def production(settings):
    settings.EXIT_ENV, settings.DEBUG = "production", False
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["planering.example"], "https://planering.example"
    settings.SECRET_KEY, settings.CONTEXT_KEYS = secrets.token_urlsafe(60), [secrets.token_bytes(32)]
    settings.DATA_KEYS = {1: secrets.token_bytes(32)}
    settings.CLAMD_URL = "tcp://clamav.example:3310"
    return settings


def wait_for_the_disk(monkeypatch):
    """The test cluster commits without waiting; this connection does as production must. What only the cluster's own
    start can change is taken as it should be."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    for name in ("fsync", "full_page_writes"):
        monkeypatch.setattr(
            "exitprogram.tenancy.checks.UNSAFE_FLAGS",
            checks.UNSAFE_FLAGS.replace(f"current_setting('{name}')", "'on'"),
        )


def test_a_safe_configuration_starts(production, db, monkeypatch):
    wait_for_the_disk(monkeypatch)
    assert configuration_is_safe(None) == []
    refuse_unsafe()


@pytest.mark.parametrize(
    "name, value, found",
    [
        ("DEBUG", True, "exit.C001"),
        ("STRONG_SIGN_IN", False, "exit.C008"),
        ("ALLOWED_HOSTS", [], "exit.C002"),
        ("ALLOWED_HOSTS", ["*"], "exit.C002"),
        ("BASE_URL", "http://planering.example", "exit.C003"),
        ("CONTEXT_KEYS", [bytes(32)], "exit.C004"),
        ("DATA_KEYS", dict.fromkeys((1, 2), bytes(range(32))), "exit.C006"),
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
    found = [message.id for message in role_is_bound(None, databases=["default"])]
    assert found == ["exit.C011", "exit.C012"], "the test cluster does not wait for its disk"


def test_a_former_key_that_is_still_the_key_is_refused(production, db):
    production.SECRET_KEY_FALLBACKS = [production.SECRET_KEY]
    assert [message.id for message in configuration_is_safe(None)] == ["exit.C006"]


def test_two_pools_in_a_row_are_refused(production, db, monkeypatch):
    production.DATABASE_POOLER = True
    monkeypatch.setitem(production.DATABASES["default"], "OPTIONS", {"pool": {}})
    assert [message.id for message in configuration_is_safe(None)] == ["exit.C007"]


def test_a_pooler_that_nobody_told_of_is_refused(db, monkeypatch):
    monkeypatch.setattr("exitprogram.tenancy.checks.UNSAFE_FLAGS", UNSAFE_FLAGS.replace("pg_backend_pid()", "1"))
    assert [message.id for message in role_is_bound(None, databases=["default"])] == ["exit.C013"]


def production_environment():
    return {
        "PATH": os.environ["PATH"], "EXIT_ENV": "production", "EXIT_SECRET_KEY": secrets.token_urlsafe(60),
        "EXIT_CONTEXT_KEY": secrets.token_hex(32), "EXIT_CLAMD_URL": "tcp://clamav.example:3310",
        "EXIT_DATA_KEYS": f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "EXIT_ALLOWED_HOSTS": "planering.example", "EXIT_BASE_URL": "https://planering.example",
        "EXIT_DATABASE_URL": "postgresql://exit_app:x@127.0.0.1:1/x", "EXIT_BROKER_URL": "redis://127.0.0.1:1",
        "EXIT_STATE_DIR": "/nonexistent",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changed, found", [({}, "no issues"), ({"EXIT_DEBUG": "1"}, "exit.C001"), ({"EXIT_BASE_URL": "http://x"}, "W008")]
)
def test_djangos_own_list_for_production(changed, found):
    """``check --deploy``, as an operator runs it: clean, and not because it looks at nothing."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    env = production_environment() | changed
    done = subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (not changed)
    assert found in done.stdout + done.stderr


def test_the_applications_own_role_is_bound(db):
    assert role_is_bound(None, databases=["default"]) == []
