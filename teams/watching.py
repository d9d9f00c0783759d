"""The clocks of a decision: what was granted is watched until it is carried out, an appeal until it is sent on."""

from datetime import timedelta

from cases.operations import finish_about, start_clock
from cases.residence import months_later
from exitprogram.law.rules import rule
from teams.clocks import DecisionClock
from teams.course import CHANGES, Course
from teams.models import Decision


def told_day(decided_on):
    return decided_on + timedelta(days=rule("decision.told", on=decided_on).values["days"])


def unexecuted_day(since_on):
    return months_later(since_on, rule("decision.unexecuted", on=since_on).values["months"])


def forward_day(received_on):
    return received_on + timedelta(days=rule("decision.forward", on=received_on).values["days"])


def watch_telling(by, decision):
    """The party is told as soon as may be (FL 33 §); so many days, and whoever prepared it is reminded."""
    return start_clock(
        by=by, case=decision.case_ref, kind=DecisionClock.TELL, rule_id="decision.told", subject_id=decision.pk,
        owner=decision.proposed_by, due_on=told_day(decision.decided_on),
    )  # fmt: skip


def watch(by, decision, subject, since):
    """Three months until what was granted is reported as not carried out (SoL 34:1). Its owner is who prepared it."""
    return start_clock(
        by=by, case=decision.case_ref, kind=DecisionClock.UNEXECUTED, rule_id="decision.unexecuted",
        subject_id=subject.pk, owner=decision.proposed_by, due_on=unexecuted_day(since),
    )  # fmt: skip


def end_watch(by, case, course):
    """Whichever of its watches goes: from the decision itself, from the last report, from an interruption."""
    for subject in (course.decision, *course.steps):
        finish_about(by=by, case=case, kind=DecisionClock.UNEXECUTED, subject=subject)


def settle(by, decision):
    """The clocks of the decision that this one meets."""
    course, case = Course.of(decision.earlier), decision.case_ref
    if course.appealed and decision.relation != Decision.Relation.CORRECTION:
        finish_about(by=by, case=case, kind=DecisionClock.APPEAL, subject=course.appealed)
    if decision.relation in CHANGES:
        end_watch(by, case, course)
        finish_about(by=by, case=case, kind=DecisionClock.TELL, subject=decision.earlier)
