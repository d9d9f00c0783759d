"""What should have been said against what has been said: by somebody who does not trust the sender."""

import ast
from datetime import timedelta

import pytest
from django.core.management import call_command

from cases import operations as cases
from cases import reconciler, tasks
from cases.clocks import CaseClock
from cases.notices import delivery
from exitprogram.pulse.models import Round
from exitprogram.pulse.rounds import suspects_of
from exitprogram.tenancy.acting import acting
from tests.connections import connected, logged_in_as, nothing_told
from tests.reminding import LATE, clock, sweep
from tests.source import imports, tree
from tests.test_year import seen
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
WELL = {"untold": 0, "unrepeated": 0, "unescalated": 0, "unsent": 0}


@pytest.fixture
def world(transactional_db):
    made = World()
    nothing_told()
    return made


def reconciled():
    with logged_in_as("worker"):
        return reconciler.reconcile()


def twice():
    reconciled()
    return reconciled()


def as_owner(statement, *values):
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_notice NO FORCE ROW LEVEL SECURITY")
        owner.execute(statement, values)
        owner.execute("ALTER TABLE cases_notice FORCE ROW LEVEL SECURITY")


def test_everything_said_adds_up(world):
    clock(world, days=-LATE - 2)
    clock(world, days=90, case=world.open_case(individual=world.person(name="Annan Person")))
    sweep()
    assert twice() == WELL


def test_a_clock_of_this_very_moment_is_no_fault_yet(world):
    going = clock(world)
    assert reconciled() == WELL and suspects_of(reconciler.ROUND) == {going.pk}
    sweep()
    assert reconciled() == WELL and suspects_of(reconciler.ROUND) == set()


def test_a_reminder_that_was_never_made_is_found(world, caplog):
    clock(world)
    assert twice() == WELL | {"untold": 1}
    assert "reminders do not add up" in caplog.text
    assert Round.objects.get(name=reconciler.ROUND).faults == 1


@pytest.mark.parametrize("column, to", [
    ("recipient_id", "maud"), ("about_on", "tomorrow"), ("about", "invitation"), ("subject_id", "case"),
])  # fmt: skip
def test_a_reminder_to_the_wrong_one_or_of_the_wrong_thing_is_none(world, column, to):
    clock(world)
    sweep()
    wrong = {"maud": world.maud.pk, "tomorrow": today() + timedelta(days=1), "case": world.case.pk}
    with connected("owner", autocommit=True) as owner:  # such a row cannot come about in the product
        owner.execute("ALTER TABLE cases_notice DISABLE TRIGGER fixed")
    as_owner(f"UPDATE cases_notice SET {column} = %s", wrong.get(to, to))
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_notice ENABLE TRIGGER fixed")
    assert twice()["untold"] == 1


def test_lateness_that_nobody_was_told_of_is_found(world):
    clock(world, days=-LATE)
    sweep()
    as_owner("DELETE FROM cases_notice WHERE about = 'escalation'")
    assert twice() == WELL | {"unescalated": 1}


def by_law(world, days):
    """Anna's, of something that a law asks for: what was seen comes back after three days."""
    with acting(world.anna):
        return cases.start_clock(
            by=world.anna, case=world.case, kind=CaseClock.TRANSFER, rule_id="transfer.answer",
            subject_id=world.case.pk, owner=world.anna, due_on=today() + timedelta(days=days),
        )  # fmt: skip


def test_the_owner_who_was_not_told_of_lateness_is_found(world):
    late = clock(world, days=-2)
    sweep()
    assert twice() == WELL
    as_owner("DELETE FROM cases_notice WHERE about_on > %s", late.due_on)
    assert twice() == WELL | {"unrepeated": 1}


@pytest.mark.parametrize(
    "ago, told", [(2, {"unrepeated": 0, "unescalated": 0}), (3, {"unrepeated": 1, "unescalated": 1})]
)
def test_what_was_seen_must_be_told_anew_after_three_days_and_not_before(world, ago, told):
    """All that was told before it was seen is there; what should have come since is not."""
    late = by_law(world, -10)
    sweep()
    as_owner("UPDATE cases_notice SET about_on = about_on - 4 WHERE about_on > %s", late.due_on + timedelta(days=3))
    seen(late, world.maud, -ago)
    assert twice() == WELL | told


def test_what_was_seen_and_told_anew_adds_up(world):
    late = by_law(world, -10)
    sweep()
    seen(late, world.maud, -3)
    as_owner("DELETE FROM cases_notice WHERE about_on > %s", late.due_on)
    with connected("owner", autocommit=True) as owner:  # as the sweep of a day later finds it
        owner.execute("ALTER TABLE cases_clock NO FORCE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE cases_clock DISABLE TRIGGER USER")
        owner.execute("UPDATE cases_clock SET next_at = now()")
        owner.execute("ALTER TABLE cases_clock ENABLE TRIGGER USER")
        owner.execute("ALTER TABLE cases_clock FORCE ROW LEVEL SECURITY")
    assert twice() == WELL | {"unrepeated": 1, "unescalated": 1}
    sweep()
    assert twice() == WELL


def test_what_is_practice_and_was_seen_is_not_asked_for_again(world):
    late = clock(world, days=-30)
    sweep()
    as_owner("DELETE FROM cases_notice WHERE about_on > %s", late.due_on)
    seen(late, world.maud, -20)
    assert twice() == WELL


def test_each_day_without_those_who_lead_is_found(world):
    """Yesterday's is not today's."""
    clock(world, days=-LATE - 1)
    sweep()
    as_owner("UPDATE cases_notice SET about_on = about_on - 1 WHERE about = 'escalation'")
    assert twice() == WELL | {"unescalated": 1}


def test_a_mail_that_never_goes_is_found(world, monkeypatch):
    clock(world)

    def down(**kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(delivery, "send_neutral", down)
    sweep()
    assert reconciled() == WELL
    as_owner("UPDATE cases_notice SET ready_at = ready_at - interval '25 hours'")
    assert reconciled() == WELL | {"unsent": 1}


def test_the_command_says_it_with_its_exit_code(world, capsys):
    clock(world)
    with logged_in_as("worker"):
        call_command("reconcile_notices")
        with pytest.raises(SystemExit) as ended:
            call_command("reconcile_notices")
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "untold 1 unrepeated 0 unescalated 0 unsent 0"


def test_the_task_is_the_same(world):
    clock(world)
    with logged_in_as("worker"):
        tasks.reconcile_notices()
        tasks.reconcile_notices()
    assert Round.objects.get(name=reconciler.ROUND).faults == 1


def test_it_shares_no_line_with_the_sender():
    from pathlib import Path

    path = Path("cases/reconciler.py")
    assert not [name for name in imports(tree(path)) if name.startswith(("cases", "exitprogram.mail"))]
    said = [
        node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    lines = {line.strip() for text in said if "SELECT" in text for line in text.splitlines() if len(line.strip()) > 30}
    senders = "".join(Path(f"cases/notices/{name}.py").read_text() for name in ("due", "delivery", "ready"))
    senders += Path("cases/sql/telling.sql").read_text()
    assert lines and not [line for line in lines if line in senders]
