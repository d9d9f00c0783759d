"""When a mail goes: one in the morning of a working day with everything in it; at once only what cannot wait."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from cases import operations as cases
from cases.clocks import KINDS
from cases.models import DeliveryChoice, Notice
from cases.notices import delivery, due, ready
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from plans.clocks import PlanClock
from tests.connections import connected, logged_in_as, nothing_told
from tests.reminding import clock, rows
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = ZoneInfo("Europe/Stockholm")


@pytest.fixture(autouse=True)
def as_shipped(settings):
    settings.MORNING_MAIL = time(7, 30)


@pytest.fixture
def world(transactional_db):
    made = World()
    made.case  # noqa: B018
    nothing_told()
    mail.outbox.clear()
    return made


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize("now, last", [
    ("2026-11-23 07:29:59", "2026-11-20 07:30"),  # Monday before half past seven: Friday's
    ("2026-11-23 07:30", "2026-11-23 07:30"),
    ("2026-11-21 12:00", "2026-11-20 07:30"),  # Saturday
    ("2026-12-26 12:00", "2026-12-23 07:30"),  # Christmas and its eve
    ("2027-03-29 09:00", "2027-03-25 07:30"),  # Easter Monday; the clocks went forward the day before
    ("2026-10-26 08:00", "2026-10-26 07:30"),  # the day after the clocks went back
    ("2026-06-19 10:00", "2026-06-18 07:30"),  # Midsummer's eve
])  # fmt: skip
def test_the_last_morning(now, last):
    assert ready.last_digest(moment(now)) == moment(last)
    assert ready.last_digest(moment(now).astimezone(UTC)) == moment(last)


def later(days=0, hour=None):
    """So many days from today, at an hour in Sweden."""
    return datetime.combine(today() + timedelta(days=days), hour or time(12), ZONE)


def workday_after(days):
    day = today() + timedelta(days=days)
    while ready.last_digest(datetime.combine(day, time(12), ZONE)).date() != day:
        day += timedelta(days=1)
    return day


def pass_at(at):
    with logged_in_as("worker"):
        due.make_due(at)
        while delivery.send_some(at):
            pass


def on_working_day(hour, after=1):
    return datetime.combine(workday_after(after), hour, ZONE)


def test_a_reminder_waits_for_the_morning_and_all_come_in_one(world):
    clock(world)
    clock(world, case=world.open_case(individual=world.person(name="Annan Person")))
    after = int(timezone.localtime().time() >= time(7, 30))  # at night the next morning is today's
    pass_at(on_working_day(time(7, 29), after))
    assert len(rows()) == 2 and mail.outbox == []
    pass_at(on_working_day(time(7, 30), after))
    assert [message.to for message in mail.outbox] == [[world.anna.user.email]]
    pass_at(on_working_day(time(12), after))
    assert len(mail.outbox) == 1


def test_a_worker_that_was_down_in_the_morning_still_sends_it(world):
    clock(world)
    pass_at(on_working_day(time(11, 15)))
    assert len(mail.outbox) == 1


def told_now(world, **more):
    with acting(world.anna):
        notice = Notice(
            authority_id=world.case.authority_id, about="clock", subject_id=world.case.pk, recipient=world.anna,
            recipient_authority_id=world.anna.authority_id, about_on=today(), **more,
        )  # fmt: skip
        notice.save(force_insert=True)
    return notice


@pytest.mark.parametrize("urgency", ["danger", "same_day"])
def test_what_is_urgent_goes_at_once(world, urgency):
    told_now(world, urgency=urgency)
    pass_at(later(1, time(3)))
    assert len(mail.outbox) == 1


def test_the_same_morning_has_the_same_message_id(world):
    """Sent in two parts, or once more after a worker died: the same mail to whoever reads it."""
    at = on_working_day(time(7, 30))
    told_now(world)
    pass_at(at)
    clock(world)
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_notice NO FORCE ROW LEVEL SECURITY")
        owner.execute("UPDATE cases_notice SET sent_at = NULL, sending_at = NULL")
        owner.execute("ALTER TABLE cases_notice FORCE ROW LEVEL SECURITY")
    pass_at(at)
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    pass_at(at + timedelta(days=10))
    assert len(mail.outbox) == 3 and mail.outbox[2].extra_headers["Message-ID"] != first


# What each person has chosen.


def choose(world, channel="mail", hours=(None, None), danger=True):
    with acting(world.anna):
        return cases.save_delivery(
            by=world.anna, channel=channel, quiet_from=hours[0], quiet_to=hours[1], danger_any_hour=danger
        )


def test_who_wants_only_what_is_urgent_gets_only_that(world):
    choose(world, channel="urgent")
    told_now(world)
    pass_at(on_working_day(time(8)))
    assert mail.outbox == [] and [row[3] for row in rows()] == [True], "shown in the product, and done with"
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_notice NO FORCE ROW LEVEL SECURITY")
        owner.execute("UPDATE cases_notice SET sent_at = NULL, sending_at = NULL, urgency = 'same_day'")
        owner.execute("ALTER TABLE cases_notice FORCE ROW LEVEL SECURITY")
    pass_at(on_working_day(time(8)))
    assert len(mail.outbox) == 1


NIGHT = (time(20), time(7, 45))


@pytest.mark.parametrize("urgency, danger, demanded, sent", [
    ("same_day", True, True, 0), ("danger", False, False, 0), ("danger", True, False, 1), ("danger", False, True, 1),
])  # fmt: skip
def test_quiet_hours(world, urgency, danger, demanded, sent):
    choose(world, hours=NIGHT, danger=danger)
    if demanded:
        with acting(world.adam):
            cases.save_demand(by=world.adam, danger_any_hour=True)
    told_now(world, urgency=urgency)
    for hour in (time(20), time(23, 59), time(0), time(7, 44)):
        pass_at(later(1, hour))
    assert len(mail.outbox) == sent
    pass_at(later(1, time(7, 45)))
    assert len(mail.outbox) == 1, "it waits, and is not lost"


def test_the_morning_mail_waits_for_the_end_of_quiet_hours(world):
    choose(world, hours=NIGHT)
    clock(world)
    pass_at(on_working_day(time(7, 30)))
    assert mail.outbox == []
    pass_at(on_working_day(time(7, 45)))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("hours", [(time(20), None), (None, time(7)), (time(9), time(10)), (time(22), time(9)),
                                   (time(16), time(7)), (time(7), time(7)), (time(7), time(18))])  # fmt: skip
def test_quiet_hours_lie_outside_the_working_day(world, hours):
    with pytest.raises(Refused):
        choose(world, hours=hours)
    with acting(world.anna):
        assert not DeliveryChoice.objects.exists()


def test_only_an_administrator_demands(world):
    for who in (world.anna, world.maud, world.sara):
        with acting(who), pytest.raises(NotAllowed):
            cases.save_demand(by=who, danger_any_hour=True)


def test_a_kind_says_whether_it_may_wait(world, monkeypatch):
    """Declared with the kind, asked of by the database: a clock of danger is told of at once."""
    with connected("owner", autocommit=True) as owner:
        before = owner.execute("SELECT pg_get_functiondef('wall.clock_at_once(text)'::regprocedure)").fetchone()[0]
        [after] = [said for said in _functions_with(monkeypatch, at_once="danger") if "clock_at_once" in said]
        owner.execute(after)
        try:
            clock(world)
            pass_at(later(1, time(3)))
            assert len(mail.outbox) == 1
        finally:
            owner.execute(before)


def _functions_with(monkeypatch, **said):
    from dataclasses import replace

    from cases.clocks import functions

    monkeypatch.setitem(KINDS, PlanClock.FOLLOW_UP, replace(KINDS[PlanClock.FOLLOW_UP], **said))
    return functions()
