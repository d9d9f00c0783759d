"""A year of a case's life, day by day with the clock as parameter: every notice comes at its day, and no other."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from cases import operations as cases
from cases.clocks import CaseClock
from cases.models import Clock
from cases.notices import due
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.clocks import PlanClock
from plans.models import Measure
from tests.connections import connected, logged_in_as, nothing_told
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = ZoneInfo(settings.TIME_ZONE)
YEAR = 380


def on(day):
    return today() + timedelta(days=day)


def sweep(day):
    """Just after midnight in Sweden, whatever the clocks were moved by since; twice, and nothing is told twice."""
    moment = datetime.combine(on(day), datetime.min.time(), ZONE) + timedelta(seconds=30)
    with logged_in_as("worker"):
        due.make_due(moment)
        assert due.make_due(moment) == 0


def started(world, kind, rule_id, days):
    with acting(world.anna):
        return cases.start_clock(
            by=world.anna, case=world.case, kind=kind, rule_id=rule_id, subject_id=world.case.pk, owner=world.anna,
            due_on=on(days),
        )  # fmt: skip


def seen(clock, by, day):
    """As if the button was pressed that day: the database's own clock does not move for a test."""
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_acknowledgement NO FORCE ROW LEVEL SECURITY")
        owner.execute(
            "INSERT INTO cases_acknowledgement (id, authority_id, created_at, clock_id, seen_by_id)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s)",
            [clock.authority_id, datetime.combine(on(day), datetime.min.time(), ZONE) + timedelta(hours=9), clock.pk,
             by.pk],
        )  # fmt: skip
        owner.execute("ALTER TABLE cases_acknowledgement FORCE ROW LEVEL SECURITY")


class Life:
    """Anna's case: Leo stands in, Maud leads."""

    def __init__(self):
        self.world = world = World()
        nothing_told()
        self.world.agreed  # noqa: B018  the plan, with its follow-up on day 56 and a measure without a day
        with acting(world.anna):
            cases.grant_access(by=world.anna, case=world.case, membership=world.leo, kind="deputy", reason="ersätter")
        self.world.answers(world.leo)
        with acting(world.anna):
            self.measure = Measure.objects.get(case=world.case)
            for clock in Clock.objects.open().filter(kind=CaseClock.OUTCOME):  # by the calendar's months
                cases.finish_clock(by=world.anna, case=world.case, clock=clock)
        with connected("owner", autocommit=True) as owner:  # agreed with a day
            for statement in (
                "ALTER TABLE plans_measure NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE plans_measure DISABLE TRIGGER USER",
                f"UPDATE plans_measure SET ends_on = '{on(40)}'",
                "ALTER TABLE plans_measure ENABLE TRIGGER USER", "ALTER TABLE plans_measure FORCE ROW LEVEL SECURITY",
            ):  # fmt: skip
                owner.execute(statement)
        self.who = {world.anna.pk: "anna", world.leo.pk: "leo", world.maud.pk: "maud"}
        world.waiver(world.region, "health", ends_on=on(365))

    def told(self):
        """{(day, kind, about, who)}"""
        with connected("backup") as everything:
            rows = everything.execute(
                "SELECT n.about_on, k.kind, n.about, n.recipient_id FROM cases_notice n"
                " JOIN cases_clock k ON k.id = n.subject_id"
            ).fetchall()
        return {((day - today()).days, kind, about, self.who[who]) for day, kind, about, who in rows}

    # What happens, by day, before that day's sweep.

    def happens(self, day):
        act = {38: self.move_the_measure, 58: self.do_the_measure, 66: self.follow_up, 190: self.maud_has_seen_it,
               250: self.ask_another_board, 256: self.maud_saw_the_late_answer, 261: self.the_answer_comes}  # fmt: skip
        act.get(day, lambda: None)()

    def move_the_measure(self):
        with acting(self.world.anna):
            plans.move_measure(by=self.world.anna, measure=self.measure, moved_to=on(60), why="väntar på tid")

    def do_the_measure(self):
        with acting(self.world.anna):
            plans.set_measure_status(by=self.world.anna, measure=self.measure, status="done")

    def follow_up(self):
        with acting(self.world.anna):
            cases.finish_about(
                by=self.world.anna, case=self.world.case, kind=PlanClock.FOLLOW_UP, subject=self.world.agreed
            )
        self.next = started(self.world, PlanClock.FOLLOW_UP, "plan.follow_up", 180)

    def maud_has_seen_it(self):
        seen(self.next, self.world.maud, 190)

    def ask_another_board(self):
        self.answer = started(self.world, CaseClock.TRANSFER, "transfer.answer", 252)

    def maud_saw_the_late_answer(self):
        seen(self.answer, self.world.maud, 256)

    def the_answer_comes(self):
        with acting(self.world.anna):
            cases.finish_about(
                by=self.world.anna, case=self.world.case, kind=CaseClock.TRANSFER, subject=self.world.case
            )


def ahead(kind, *days):
    return {(day, kind, "clock", "anna") for day in days}


def escalated(kind, who, *days):
    return {(day, kind, "escalation", who) for day in days}


# What the rules say, worked out by hand: a follow-up is reminded of seven days and one day ahead, its owner told the
# day after, who stands in after three, who leads from the seventh on, each day.
EXPECTED = (
    ahead("measure", 33, 53)  # seven days ahead, of the first day and of the one it was moved to; done on day 58
    | ahead("follow_up", 49, 55, 57) | escalated("follow_up", "leo", 59) | escalated("follow_up", "maud", 63, 64, 65)
    | ahead("follow_up", 173, 179, 181) | escalated("follow_up", "leo", 183)
    | escalated("follow_up", "maud", 187, 188, 189)  # seen on day 190: enough, it is practice and no law
    | ahead("transfer", 245, 251, 253)  # begun two days before its day: at once the reminder that should have been
    | escalated("transfer", "leo", 255) | escalated("transfer", "maud", 255)
    # seen on day 256: quiet for three days, and then anew, since a law asks for it
    | ahead("transfer", 259) | escalated("transfer", "leo", 259) | escalated("transfer", "maud", 259, 260)
    | ahead("consent_ends", 335, 358, 366) | escalated("consent_ends", "leo", 368)
    | escalated("consent_ends", "maud", 379)
)  # fmt: skip


def test_a_year_of_a_case(transactional_db):
    life = Life()
    told = set()
    for day in range(YEAR):
        life.happens(day)
        sweep(day)
        if day in (34, 60, 100, 200, 300) or day == YEAR - 1:  # not only in the end: each at its day, not later
            told = life.told()
            assert told == {row for row in EXPECTED if row[0] <= day}, day
    assert len(told) == len(EXPECTED)


def test_a_day_that_is_skipped_is_made_up_for(transactional_db):
    """No worker from day 40 to day 70: the nearest reminder, and those who must know now. Nothing is lost."""
    life = Life()
    for day in (39, 70):
        sweep(day)
    follow_up = {row for row in life.told() if row[1] == "follow_up"}
    assert follow_up == ahead("follow_up", 55, 57) | escalated("follow_up", "leo", 59) | escalated(
        "follow_up", "maud", 70
    )
