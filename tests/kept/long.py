"""The long run: pytest gives it its servers and its world. Collected by ``python -m tests.kept`` only."""

from tests.kept.edits import crossed
from tests.kept.submits import pressed


def say(words):
    print(words, flush=True)


def test_edits(standing, django_db_blocker, request):
    asked = request.config.kept
    with django_db_blocker.unblock():
        asked.edits = crossed(standing, asked.wanted.edits, asked.seed, say)
    assert asked.edits.lost == []


def test_submits(standing, django_db_blocker, request):
    asked = request.config.kept
    with django_db_blocker.unblock():
        asked.submits = pressed(standing, None, say)
    assert asked.submits.doubled == [] and asked.submits.astray == []
