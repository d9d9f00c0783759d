"""A month of readings that is over, and the sample of it that a manager has begun to judge."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import LogQuestion, LogReport, LogReview
from tests.connections import connected
from tests.world import today


def last_month():
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


def moment(day=10, hour=10, month=None):
    """A weekday's hour of last month: the tenth, or the first weekday after it."""
    found = (month or last_month()).replace(day=day)
    while found.weekday() > 4:
        found += timedelta(days=1)
    return timezone.make_aware(datetime.combine(found, time(hour)))


def read(by, case, at=None, action="case.viewed.notes", ground="worker"):
    """As the page would have written it down, at another time."""
    with acting(by):
        return AuditEvent.objects.create(
            authority_id=case.authority_id, user_id=by.user_id, membership=by, membership_authority_id=by.authority_id,
            action=action, object_type="cases.case", object_id=case.pk, case_id=case.pk, ground=ground,
            created_at=at or moment(),
        )  # fmt: skip


def as_if(table, what, *values):
    """What nobody may change is so, in a committed world: a row that has been there for long."""
    with connected("owner", autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        owner.execute(f"UPDATE {table} SET {what}", values)  # noqa: S608  words of the tests' own
        owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def begun(manager):
    with acting(manager):
        return teams.begin_log_review(by=manager, month=last_month())


def everything(world):
    for manager, worker, case in ((world.maud, world.anna, world.case), (world.nora, world.cilla, world.elsewhere)):
        _asked_and_reported(manager, worker, case)
        read(worker, case)
        read(worker, case, moment(12, 23))
        read(worker, case, moment(14), action="case.viewed.plan")
        review = begun(manager)
        with acting(manager):
            first, second, _last = review.samples.all()
            teams.judge_sample(by=manager, sample=first, judgement="ok")
            teams.judge_sample(by=manager, sample=second, judgement="report", note="Kanariefrågan")


def _asked_and_reported(manager, worker, case):
    """The month before that: signed, with one asked about and one reported."""
    month = (last_month() - timedelta(days=1)).replace(day=1)
    for day in (5, 15):
        read(worker, case, moment(day, month=month))
    with acting(manager):
        review = teams.begin_log_review(by=manager, month=month)
        for sample, judgement in zip(review.samples.all(), ("ask", "report"), strict=True):
            teams.judge_sample(by=manager, sample=sample, judgement=judgement, note="Kanariefrågan")
        teams.sign_log_review(by=manager, review=review)


def signed(manager, judgement, note="Varför?"):
    """Last month's sample, all of it judged so, and signed."""
    review = begun(manager)
    with acting(manager):
        for sample in review.samples.all():
            teams.judge_sample(by=manager, sample=sample, judgement=judgement, note=note)
        return teams.sign_log_review(by=manager, review=review)


def keys_of(leader):
    with acting(leader):
        review = LogReview.objects.mine(leader).get(signed_at=None)
        found = {"log_review": review.pk, "log_sample": review.samples.first().pk}
        found["log_question"] = LogQuestion.objects.reviewed_by(leader).get().pk
        return found | {"log_report": LogReport.objects.visible_to(leader).get().pk}
