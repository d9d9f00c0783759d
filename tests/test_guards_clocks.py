"""Any room declares a clock; nothing else schedules. Each guard is also shown what it is there to find."""

import ast
import re

import pytest
from django.conf import settings

from cases.clocks import KINDS
from children.courses import COUNTS
from exitprogram.law.rules import all_rules
from tests.source import files, text, tree

LATER = {"eta", "countdown"}
TIMERS = {"sched", "threading.Timer", "celery.schedules", "apscheduler", "django_celery_beat"}
# Where a clock begins, and where somebody is told: nowhere else.
BEGINS = {"cases/operations/clocks.py", "cases/operations/emergency.py"}
TELLS = {
    "cases/operations/notices.py", "cases/operations/emergency.py", "cases/operations/transfers.py",
    "teams/operations/conflict.py", "teams/operations/handover.py", "teams/operations/telling.py",
    "plans/operations/telling.py", "cases/operations/archive.py",
}  # fmt: skip
ROUNDS = {
    "send_due_notices", "reconcile_notices", "scan_quarantined", "run_waiting_jobs", "publish_closed_periods",
    "end_lapsed_exports", "forget_calls", "anchor_heads", "tend_entrance",
}  # fmt: skip


def schedules(parsed):
    """Names of calls and imports by which something is put off to a time of its own."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Call):
            yield from (word.arg for word in node.keywords if word.arg in LATER)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in TIMERS)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (alias.name for alias in node.names if {node.module, f"{node.module}.{alias.name}"} & TIMERS)


def makes(parsed, model):
    """Is a row of the model made here?"""
    return any(
        isinstance(node, ast.Call)
        and (
            isinstance(node.func, ast.Name)
            and node.func.id == model
            or isinstance(node.func, ast.Attribute)
            and node.func.attr in ("create", "get_or_create", "update_or_create")
            and ast.unparse(node.func).startswith(f"{model}.objects")
        )
        for node in ast.walk(parsed)
    )


def test_nothing_is_put_off_by_other_means():
    assert {str(path): found for path in files() if (found := list(schedules(tree(path))))} == {}


@pytest.mark.parametrize("planted", [
    "task.apply_async(args=[1], eta=tomorrow)", "task.apply_async(countdown=60)", "import sched",
    "from threading import Timer", "from celery.schedules import crontab",
])  # fmt: skip
def test_finds_what_is_put_off(planted):
    assert list(schedules(ast.parse(planted)))


def test_clocks_begin_and_people_are_told_in_one_place_each():
    assert {str(path) for path in files() if makes(tree(path), "Clock")} == BEGINS
    assert {str(path) for path in files() if makes(tree(path), "Notice")} == TELLS
    inserts = re.compile(r"INSERT INTO (?:public\.)?cases_(?:clock|notice)\b")
    found = {str(path) for pattern in ("*.sql", "*.py") for path in files(pattern) if inserts.search(text(path))}
    assert found == {"cases/sql/telling.sql", "cases/sql/agreements.sql", "cases/notices/delivery.py"}


@pytest.mark.parametrize("planted", ["Clock(kind='x').save()", "Clock.objects.create(kind='x')"])
def test_finds_a_clock_made_elsewhere(planted):
    assert makes(ast.parse(planted), "Clock")


def test_beat_goes_round_and_knows_nothing_of_days():
    """Every beat asks the database what is due; no task of its own for any kind of day."""
    assert {entry["task"].rsplit(".", 1)[-1] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == ROUNDS
    assert all(isinstance(entry["schedule"], float) for entry in settings.CELERY_BEAT_SCHEDULE.values())


def test_every_rule_that_reminds_is_a_declared_clocks():
    """A rule with days of warning that no room starts a clock by would remind nobody."""
    asked = "".join(text(path) for path in files())
    rules = {law.id for law in all_rules() if "warn_days" in law.values}
    dynamic = ("permit.", "programme.")  # by the kind of permit or period
    counted = [count.rule for count in COUNTS]  # in the courts: by the kind of matter or its ground
    by_table = {rule for rule in rules if any(re.fullmatch(re.sub("{.*?}", "[a-z_]+", name), rule) for name in counted)}
    assert {rule for rule in rules - by_table if f'"{rule}"' not in asked and not rule.startswith(dynamic)} == set()
    assert all(kind.rule_id in rules for kind in KINDS.values() if kind.watched)


WATCHED = {
    "measure", "follow_up", "consent_ends", "unexecuted", "unreported", "note_draft", "protection_review",
    "emergency_review", "agreement_ends", "role_ends", "scheme_ends", "connection_ends", "permit_ends", "support_ends",
    "appeal", "export_waits", "note_follow_up", "outcome", "region_question", "transfer", "log_review",
    "log_question",
}  # fmt: skip


def test_what_must_be_watched_is():
    assert set(KINDS) >= WATCHED
