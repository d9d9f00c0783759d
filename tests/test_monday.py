"""Twenty seconds of ``make load`` on the test's own servers."""

import os

import pytest
from django.db import connection

from bench import load
from bench.databases import dropped, filled
from tests.serving import _collect

SECONDS = 20


@pytest.fixture
def database(django_db_setup, django_db_blocker, tmp_path):
    name = connection.settings_dict["NAME"]
    told = dict(os.environ) | {"EXIT_STATE_DIR": str(tmp_path), "EXIT_MAIL_URL": tmp_path.as_uri()}
    made, _people = filled(told, f"{name}_bare", f"{name}_monday", 200)
    yield made
    dropped(made)


def test_a_monday(database, tmp_path, monkeypatch):
    _collect(database.environment("app", EXIT_ENV="demo"), tmp_path)
    monkeypatch.setattr(load, "PROCESSES", 2)
    done = load.monday(database, tmp_path, SECONDS)
    assert done["errors"] == [] and done["requests"] > 10 and not done["restarted"] and done["workers"] == 2
    with database.connected() as owner:
        saved = owner.execute("SELECT count(*) FROM audit_auditevent WHERE action = 'note.saved'").fetchone()[0]
        refused = owner.execute("SELECT count(*) FROM cases_casenote WHERE version > 1").fetchone()[0]
    assert saved > 0 and refused > 0, "they wrote, and it was kept"


def test_what_goes_wrong_is_told(tmp_path):
    """Nobody listens at port 1."""
    from bench.colleagues import Monday

    desk = Monday({"session": "x", "work": []}, 1)
    desk.ask("GET", "/min-dag/")
    assert desk.requests == 1 and "ConnectionRefused" in desk.errors[0]
