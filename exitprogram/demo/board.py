"""The boards of the demonstration: a proposal for a new delegation scheme, meetings, and what they were told."""

from datetime import timedelta
from functools import partial

from exitprogram.demo import texts
from exitprogram.demo.clock import workday
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from teams import operations as teams
from teams.delegation import sample
from teams.models import BoardMeeting

HELD, CLOSED, REPORTED, AHEAD, URGENT, DRAFTED = 40, 46, 39, 12, 25, 2  # days ago; AHEAD in days to come


def steps(cast):
    """``(day, act)`` among the stories, so that each list holds what had been decided by then."""
    for code in (row["code"] for row in texts.authorities() if row["kind"] == Authority.Kind.SOCIAL_BOARD):
        by = cast.administrator(code)
        held = workday(cast.today - timedelta(days=HELD))
        yield cast.today - timedelta(days=CLOSED), partial(_close, by, held)
        yield held + timedelta(days=HELD - REPORTED), partial(_report, by, held)
        yield cast.today - timedelta(days=URGENT), partial(_urgent, by, cast.today - timedelta(days=URGENT))
        ahead = workday(cast.today + timedelta(days=AHEAD))
        yield cast.today - timedelta(days=DRAFTED), partial(_prepare, by, ahead)


def _close(by, held):
    with acting(by):
        teams.close_list(by=by, meeting=teams.register_meeting(by=by, held_on=held))


def _report(by, held):
    with acting(by):
        meeting = BoardMeeting.objects.get(held_on=held)
        teams.report_list(by=by, meeting=meeting, minute=f"SN § 71/{held.year}")


def _urgent(by, day):
    with acting(by):
        teams.record_urgent(
            by=by, decided_on=day, kind="addiction_custody", law="13 § LVM", decided_by="Ordföranden Karin Hedlund",
            reference=f"O{day.year}-4", outcome="granted",
        )  # fmt: skip


def _prepare(by, ahead):
    """The next meeting, and the scheme that it will be asked to adopt."""
    with acting(by):
        teams.register_meeting(by=by, held_on=ahead)
        teams.replace_rows(by=by, rows=sample())
