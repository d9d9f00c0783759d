"""The suite's share of ``make kept``, and the same against a product that has been spoilt on purpose."""

import os
import re
import subprocess
import sys

import pytest

from cases.models import SafeContact
from exitprogram.embedded.places import CLONE
from tests.kept import edits, submits

SEED = 20261123
# Some of each kind; the whole run takes every form.
SAMPLE = {"plans:goal_new", "teams:absence", "tenancy:unit_add"}


@pytest.fixture
def free(standing, django_db_blocker):
    with django_db_blocker.unblock():
        yield standing


def test_two_hundred_interleaved_edits(free):
    found = edits.crossed(free, 70, SEED)
    assert found.lost == [] and found.accepted + found.stale >= 200
    assert found.accepted >= 70 and found.stale > 20, "they did meet"


def test_an_edit_that_is_overwritten_would_be_found(free, monkeypatch):
    """A card that is saved whatever version the form was made from."""
    from cases import operations

    def careless(*, by, case, version, **fields):
        there = SafeContact.objects.get(individual_id=case.individual_id)
        return operations.save_safe_contact(by=by, case=case, version=there.version, **fields)

    class Careless:
        save_safe_contact = staticmethod(careless)

    monkeypatch.setattr("cases.views.people.operations", Careless)
    crossing = edits.Crossing(free, SEED)
    crossing.texts = crossing.texts[:1]
    for _time in range(20):
        crossing.cross()
    crossing.close()
    assert crossing.found.overwritten


def test_twenty_presses_are_one(free):
    found = submits.pressed(free, SAMPLE)
    assert (found.doubled, found.astray, found.not_filled) == ([], [], [])
    assert set(found.forms) == SAMPLE


def test_presses_that_are_two_would_be_found(free, monkeypatch):
    monkeypatch.setattr("exitprogram.tenancy.access._first", lambda key, by: True)
    found = submits.pressed(free, {"plans:goal_new"})
    assert found.doubled


LAST = re.compile(
    r"crash: (\d+) kills, (\d+) acknowledged, lost (\d+), doubled (\d+), half (\d+), committed but unanswered (\d+),"
    r" log whole, seed \d+"
)


def test_what_was_acknowledged_before_a_kill_is_there_once():
    """Database, web and its workers, killed while four people write; and a control that must miss some."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("EXIT_")}
    command = [sys.executable, "-m", "tests.kept.crash", "--kills", "6"]
    done = subprocess.run(command, cwd=CLONE, env=env, capture_output=True, text=True, timeout=900)
    said = done.stdout.strip().splitlines()
    found = LAST.fullmatch(said[-1]) if said else None
    assert found and done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    kills, acknowledged, *wrong, _unanswered = (int(number) for number in found.groups())
    assert kills == 6 and acknowledged > 60 and wrong == [0, 0, 0]
