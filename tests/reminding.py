"""Clocks that are to remind, and the sweep as the worker makes it."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from cases import operations as cases
from cases.notices import delivery, due
from cases.tasks import send_due_notices
from exitprogram.tenancy.acting import acting
from plans.clocks import PlanClock
from tests.connections import connected, logged_in_as, nothing_told
from tests.world import World, today

LATE = 7  # days, by the general rule


def reminded():
    """Committed, with a clock of Anna's that is to remind today."""
    made = World()
    made.consent()
    made.case  # noqa: B018  made when asked for
    nothing_told()
    mail.outbox.clear()  # of becoming a member
    return made


def clock(world, days=5, owner=None, case=None):
    by = world.anna
    with acting(by):
        return cases.start_clock(
            by=by, case=case or world.case, kind=PlanClock.FOLLOW_UP, rule_id="plan.follow_up",
            subject_id=(case or world.case).pk, owner=owner or by, due_on=today() + timedelta(days=days),
        )  # fmt: skip


def ahead(clock, days=7):
    """The day of a reminder; the rule of follow-ups names seven days ahead, and one."""
    return clock.day - timedelta(days=days)


def sweep(days=0):
    """As the worker does it each minute, so many days from now."""
    with logged_in_as("worker"):
        if days:
            due.make_due(timezone.now() + timedelta(days=days))
            delivery.send_some(timezone.now() + timedelta(days=days))
        send_due_notices()


def rows():
    with connected("backup") as everything:
        return everything.execute(
            "SELECT subject_id, recipient_id, about_on, sent_at IS NOT NULL, tries FROM cases_notice ORDER BY about_on"
        ).fetchall()


def lease_runs_out():
    with connected("worker", autocommit=True) as worker:
        worker.execute("UPDATE cases_notice SET sending_at = sending_at - interval '6 minutes' WHERE sent_at IS NULL")


def sent_to(who):
    return [row[3] for row in rows() if row[1] == who.pk]
