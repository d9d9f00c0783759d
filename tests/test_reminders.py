"""An authority's own days of reminding: within the rule, never silence; for clocks that begin from then on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cases import operations as cases
from cases import reminders
from cases.clocks import KINDS
from cases.models import ReminderDays
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import Rule, all_rules, rule
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees
from tests.world import today


def save(world, rule_id="plan.follow_up", warn=(21, 3), escalate=2, by=None, **more):
    by = by or world.adam
    with acting(by):
        return cases.save_reminder_days(
            by=by, rule_id=rule_id, warn_days=list(warn), escalate_days=escalate, **more
        )  # fmt: skip


def start(world, rule_id="plan.follow_up", by=None, case=None):
    by, case = by or world.anna, case or world.case
    with acting(by):
        return cases.start_clock(
            by=by, case=case, kind="follow_up", rule_id=rule_id, subject_id=case.pk, owner=by,
            due_on=today() + timedelta(days=60),
        )  # fmt: skip


def test_every_rule_that_reminds_is_on_the_page():
    found = reminders.watched(today())
    by_itself = {kind.rule_id for kind in KINDS.values() if kind.watched}
    reminding = {one.id for one in all_rules() if "warn_days" in one.values and one.in_force(today())}
    assert by_itself and set(found) == reminding - by_itself
    assert set(reminders.LABELS) <= set(found) and all(reminders.label_of(law) for law in found.values())


def test_a_new_clock_takes_the_authoritys_days_and_one_that_runs_keeps_its_own(world):
    before = start(world)
    assert (before.warn_days, before.escalate_days) == ([7, 1], 7)
    save(world)
    other = start(world, case=world.open_case(individual=world.person(name="Någon Annan")))
    assert (other.warn_days, other.escalate_days) == ([21, 3], 2)
    with acting(world.anna):
        before.refresh_from_db()
    assert (before.warn_days, before.escalate_days) == ([7, 1], 7)
    elsewhere = start(world, by=world.cilla, case=world.elsewhere)
    assert elsewhere.warn_days == [7, 1], "the next board has its own"


def test_what_the_law_demands_stays_whatever_is_stored(world):
    """Also when the row was written before the law changed."""
    own = ReminderDays(rule_id="transfer.answer", warn_days=[60], escalate_days=50)
    held = reminders.within(rule("transfer.answer", on=today()), own, on=today())
    assert (held.warn, held.escalate) == ((60, 14, 7, 1), 3)
    practice = Rule("x", "", reminders.PRACTICE, date(2020, 1, 1), values={"warn_days": [7], "escalate_days": 5})
    held = reminders.within(practice, ReminderDays(warn_days=[2], escalate_days=50), on=today())
    assert (held.warn, held.escalate) == ((2,), 50)


@pytest.mark.parametrize(
    ("rule_id", "warn", "escalate", "sentence"),
    [
        ("transfer.answer", [14, 7], 3, "Ni kan påminna tidigare eller oftare"),
        ("transfer.answer", [14, 7, 1], 4, "senast 3 dagar efter"),
        ("access.emergency", [1, 0], 2, "senast 1 dag efter"),
        ("plan.follow_up", [], 2, "kan inte tystas"),
        ("plan.follow_up", [366], 2, "från samma dag"),
        ("plan.follow_up", range(9), 2, "högst 8 dagar"),
        ("plan.follow_up", [7], 61, "senast 60 dagar efter"),
        ("plan.start", [7], 1, "ingen bevakning"),
    ],
)
def test_refused_with_the_rule_named(world, rule_id, warn, escalate, sentence):
    with pytest.raises(Refused, match=sentence):
        save(world, rule_id, warn, escalate)


def test_statutory_may_be_earlier_oftener_and_sooner(world):
    row = save(world, "transfer.answer", [21, 14, 7, 1], 0)
    assert (row.warn_days, row.escalate_days) == ([21, 14, 7, 1], 0)


def test_two_at_the_same_time(world):
    row = save(world, version=0)
    with pytest.raises(Stale):
        save(world, version=0, warn=[1])
    assert save(world, version=row.version, warn=[1]).warn_days == [1]


def test_the_database_alone(world):
    save(world)
    for who in (world.anna, world.maud, world.siv):
        with acting(who), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_reminderdays SET escalate_days = 60")
            cursor.execute("SELECT escalate_days FROM cases_reminderdays")
            assert cursor.fetchall() in ([], [(2,)])
            cursor.execute("DELETE FROM cases_reminderdays")
            assert cursor.rowcount == 0
    with acting(world.adam), pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        ReminderDays.objects.update(warn_days=[])


def test_the_page_shows_what_it_would_mean_and_saves(world):
    adam = Visit(world.adam)
    assert sees(adam.get("cases:reminders"), "7 och 1 dagar före", "aldrig tysta")
    day = today() + timedelta(days=90)
    asked = {"warn_days": "21, 3 och 0", "escalate_days": 2, "version": 0}
    shown = adam.post("cases:reminder_edit", "plan.follow_up", show="1", **asked)
    assert sees(shown, "påminns den som ansvarar", 'value="21, 3 och 0"')
    assert sees(shown, sv_day(day - timedelta(days=21)), sv_day(day + timedelta(days=2)))
    assert "reminders.saved" not in adam.logged()
    assert adam.post("cases:reminder_edit", "plan.follow_up", **asked).status_code == 302
    assert adam.logged()[-1] == "reminders.saved"
    page = adam.get("cases:reminders")
    assert sees(page, "Egna dagar", "21 och 3 dagar före och samma dag", "2 dagar efter")
    assert sees(adam.post("cases:reminder_edit", "plan.follow_up", **asked), "Någon annan har ändrat medan du skrev")
    assert adam.post("cases:reminder_restore", "plan.follow_up").status_code == 302
    assert not sees(adam.get("cases:reminders"), "Egna dagar")
    assert adam.logged()[-1] == "reminders.restored"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"warn_days": "sju"}, "Skriv hela dagar"),
        ({"warn_days": "²"}, "Skriv hela dagar"),
        ({"warn_days": ""}, "måste fyllas i"),
        ({"warn_days": "14"}, "Ni kan påminna tidigare"),
        ({"escalate_days": "-1"}, "större än eller lika med 0"),
        ({"escalate_days": "9999999999"}, "mindre än eller lika med 365"),
        ({"escalate_days": "4"}, "senast 3 dagar"),
    ],
)
def test_bad_input_keeps_what_was_typed(world, fault, sentence):
    adam = Visit(world.adam)
    asked = {"warn_days": "14, 7, 1", "escalate_days": 3, "version": 0, **fault}
    answer = adam.post("cases:reminder_edit", "transfer.answer", **asked)
    assert answer.status_code == 200 and sees(answer, sentence)
    assert "reminders.saved" not in adam.logged()
    assert adam.get("cases:reminder_edit", "no.such").status_code == 404
