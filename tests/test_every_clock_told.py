"""What was counted by hand in ``test_every_clock`` against real rows: each kind is late the second its day is over in
Sweden and not before, and the operations begin by the days that the table holds."""

import uuid
from datetime import date, datetime, time, timedelta

import pytest

from cases.clocks import KINDS
from cases.models import CaseNote, Clock, EmergencyAccess, TransferRequest
from cases.notices import due
from children.models import (
    AfterCare,
    Bridge,
    ConcernReport,
    CourtStep,
    FileOpening,
    Investigation,
    Placement,
    PlacementReview,
)
from exitprogram.law.rules import rule
from exitprogram.tenancy.acting import acting
from teams.models import Decision, DecisionStep
from tests.connections import connected, logged_in_as
from tests.test_every_clock import ROWS, STOCKHOLM, WRITTEN
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
# The last day, and its last second in UTC: in winter, in summer, and as summer time begins and ends.
LIMITS = {
    "christmas_eve": (date(2026, 12, 24), "2026-12-24T22:59:59+00:00"),
    "saturday": (date(2027, 2, 13), "2027-02-13T22:59:59+00:00"),
    "summer_time_begins": (date(2027, 3, 28), "2027-03-28T21:59:59+00:00"),
    "midsummer_eve": (date(2027, 6, 25), "2027-06-25T21:59:59+00:00"),
    "summer_time_ends": (date(2027, 10, 31), "2027-10-31T22:59:59+00:00"),
    "new_years_eve": (date(2027, 12, 31), "2027-12-31T22:59:59+00:00"),
    "leap_day": (date(2028, 2, 29), "2028-02-29T22:59:59+00:00"),
}
RULES = {row.kind: row.rule_id for row in ROWS} | {kind: rules[0] for kind, rules in WRITTEN.items()}
TOLD = [kind for kind in KINDS.values() if not kind.watched]  # of the others the sweep itself says whether they go on


def clocks_that_end(world, last, at):
    """One of each kind, in place of those before, all looked at for the first time then. {id: kind}"""
    made = {uuid.uuid4(): kind for kind in TOLD}
    with connected("owner", autocommit=True) as owner:
        for table in ("cases_clock", "cases_notice"):
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"DELETE FROM {table}")
        for pk, kind in made.items():
            warn = rule(RULES[kind.code], on=last).values["warn_days"]
            owner.execute(
                "INSERT INTO cases_clock (id, authority_id, created_at, case_id, kind, rule_id, subject_id, owner_id,"
                " due_on, warn_days, cover_days, escalate_days, extension_ground, version, next_at)"
                " VALUES (%s, %s, now(), %s, %s, %s, %s, %s, %s, %s, 3, 7, '', 1, %s)",
                [pk, world.case.authority_id, world.case.pk, kind.code, RULES[kind.code], uuid.uuid4(), world.anna.pk,
                 last, warn, at],
            )  # fmt: skip
        for table in ("cases_clock", "cases_notice"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    return made


def told(made, at, owner):
    """{(kind, day that is told of)} to its owner, once the sweep of that second has been."""
    with logged_in_as("worker"):
        due.make_due(at)
    with connected("backup") as everything:
        rows = everything.execute(
            "SELECT subject_id, about_on FROM cases_notice WHERE about = 'clock' AND recipient_id = %s", [owner.pk]
        ).fetchall()
    return {(made[pk].code, day) for pk, day in rows}


def test_late_the_second_the_day_is_over_and_not_before():
    world = World()
    for name, (last, second) in LIMITS.items():
        second = datetime.fromisoformat(second)
        made = clocks_that_end(world, last, second)
        warned = {(kind.code, last - timedelta(days=min(rule(RULES[kind.code], on=last).values["warn_days"])))
                  for kind in TOLD}  # fmt: skip
        assert told(made, second, world.anna) == warned, name
        late = {(kind.code, last + timedelta(days=1)) for kind in TOLD}
        assert told(made, second + timedelta(seconds=1), world.anna) == warned | late, name


# By whom it begins: the operations themselves, in a board where everything has been done.

BEGAN = {
    "child_protection": (ConcernReport, "received_at"), "child_opening": (ConcernReport, "received_at"),
    "child_investigation": (Investigation, "opened_on"), "child_told": (Investigation, "opened_on"),
    "handed_over": (Bridge, "handed_at"), "file_opened": (FileOpening, "starts_on"),
    "after_care": (AfterCare, "since_on"), "health_check": (Placement, "starts_on"),
    "care_plan": (Placement, "starts_on"), "placement_review": (PlacementReview, "placement__starts_on"),
    "transfer": (TransferRequest, "created_at"),
    "emergency_review": (EmergencyAccess, "started_at"), "note_draft": (CaseNote, "created_at"),
    "appeal": (DecisionStep, "day"), "tell": (Decision, "decided_on"), "unexecuted": (Decision, "decided_on"),
}  # fmt: skip
COURT = {row.kind: (CourtStep, "happened_at") for row in ROWS if row.kind.startswith("court_")}


def began(clock):
    """The moment of what the clock counts from."""
    model, column = (BEGAN | COURT)[clock.kind]
    subject = model.objects.filter(pk=clock.subject_id)
    value = subject.values_list(column, flat=True).get()
    return value if isinstance(value, datetime) else datetime.combine(value, time(12), STOCKHOLM)


def test_the_operations_begin_by_the_table(standing):
    by_rule = {(row.kind, row.rule_id): row for row in ROWS}
    met = set()
    with acting(standing.anna):
        for clock in Clock.objects.visible_to(standing.anna).filter(kind__in=BEGAN | COURT):
            assert clock.due_on == by_rule[clock.kind, clock.rule_id].begun(began(clock)), clock.kind
            met.add(clock.kind)
    assert met == set(BEGAN) - {"handed_over"} | {"court_submit", "court_answer"}  # hers who takes over
