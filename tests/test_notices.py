"""Reminders as the worker sends them: exactly one in the app, none lost, and nothing said in the mail."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.db import DataError, connection
from django.utils import timezone

from cases import operations as cases
from cases.models import ChildWorker, Notice
from cases.notices import delivery, due
from cases.tasks import send_due_notices
from children import operations as children
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import end_member
from plans.clocks import PlanClock
from teams import operations as teams
from tests.connections import connected, logged_in_as, nothing_told
from tests.visits import Visit, sees
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
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


def test_what_is_due_is_sent_once(world):
    due = clock(world)
    sweep()
    assert rows() == [(due.pk, world.anna.pk, ahead(due), True, 1)]
    assert [message.to for message in mail.outbox] == [[world.anna.user.email]]
    for _again in range(3):
        sweep()
    assert len(rows()) == len(mail.outbox) == 1


def test_what_is_not_due_waits(world):
    clock(world, days=30)
    sweep()
    assert rows() == [] and mail.outbox == []


def test_the_mail_says_nothing(world):
    clock(world)
    sweep()
    message = mail.outbox[0]
    whole = message.message().as_string() + message.body
    for secret in ("Maria", "Karlsson", world.case.number, str(world.case.pk), "Uppföljning", "plan", "exit", "Bollnäs",
                   str(world.case.individual_id), "prostitution", "Anna"):  # fmt: skip
        said = re.sub(r"Planering|planering@\S+", "", whole)
        assert secret.lower() not in said.replace(world.anna.user.email, "").lower(), secret
    assert message.subject == "Du har något att göra i Planering"


def test_several_at_once_are_one_mail(world):
    clock(world)
    other = world.open_case(individual=world.person(name="Annan Person"))
    clock(world, case=other)
    sweep()
    assert len(rows()) == 2 and all(row[3] for row in rows())
    assert len(mail.outbox) == 1


def test_a_moved_clock_reminds_anew(world):
    due = clock(world)
    sweep()
    later = due.due_on + timedelta(days=3)
    with acting(world.anna):
        cases.extend_clock(by=world.anna, case=world.case, clock=due, extended_to=later, ground="väntar på svar")
    sweep()
    assert len(rows()) == 1
    sweep(days=3)
    assert [(row[2], row[3]) for row in rows()] == [(ahead(due), True), (later - timedelta(days=7), True)]
    assert len(mail.outbox) == 2


def test_a_clock_moved_far_waits_again(world):
    due = clock(world)
    with acting(world.anna):
        cases.extend_clock(
            by=world.anna, case=world.case, clock=due, extended_to=today() + timedelta(days=60), ground="väntar"
        )
    sweep()
    assert rows() == []


def test_each_day_of_the_rule_reminds_once(world):
    """A consent for forty days: thirty days before it ends, and seven; and the day after, when nothing was done."""
    ends = today() + timedelta(days=40)
    world.waiver(world.region, "health", ends_on=ends)
    reminded = []
    for day in (0, 9, 10, 11, 32, 33, 34, 40, 45):
        for _again in range(2):
            sweep(day)
        reminded.append(len(rows()))
    assert reminded == [0, 0, 1, 1, 1, 2, 2, 2, 3]
    assert [row[2] for row in rows()] == [ends + timedelta(days=days) for days in (-30, -7, 1)]
    assert {row[1] for row in rows()} == {world.anna.pk}


def test_a_day_that_was_missed_is_caught_up_with_once(world):
    """No worker for a fortnight: one reminder, of the nearer day, and not two."""
    due = clock(world, days=20)
    sweep(days=19)
    assert [row[2] for row in rows()] == [ahead(due, 1)]


def test_whoever_it_is_handed_to_is_reminded_anew(world):
    due = clock(world)
    sweep()
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=world.case, membership=world.leo, kind="named", reason="tar över")
        cases.hand_clock(by=world.anna, case=world.case, clock=due, owner=world.leo)
    sweep()
    assert [row[1] for row in rows()].count(world.leo.pk) == 1 and sent_to(world.leo) == [True]


# Late for too long: somebody else is told.


def escalations():
    with connected("backup") as everything:
        return everything.execute(
            "SELECT subject_id, recipient_id, about_on FROM cases_notice WHERE about = 'escalation'"
        ).fetchall()


LATE = 7  # days, by the general rule


def test_what_is_late_for_too_long_is_told_once_a_day(world):
    almost, due = clock(world, days=1 - LATE), clock(world, days=-LATE, case=world.open_case(
        individual=world.person(name="Annan Person")))  # fmt: skip
    for _again in range(3):
        sweep()
    assert escalations() == [(due.pk, world.maud.pk, today())]
    assert [message.to for message in mail.outbox].count([world.maud.user.email]) == 1
    sweep(days=1)
    told = {(row[0], row[2]) for row in escalations()}
    assert told == {(due.pk, today()), (due.pk, today() + timedelta(days=1)), (almost.pk, today() + timedelta(days=1))}
    assert almost.escalate_days == LATE


def test_what_is_done_or_moved_is_not_escalated(world):
    done, moved = clock(world, days=-30), clock(world, days=-30, case=world.open_case(
        individual=world.person(name="Annan Person")))  # fmt: skip
    with acting(world.anna):
        cases.finish_clock(by=world.anna, case=world.case, clock=done)
        cases.extend_clock(
            by=world.anna, case=moved.case, clock=moved, extended_to=today() + timedelta(days=1), ground="sjuk"
        )
    sweep()
    assert escalations() == []


def test_a_guarded_persons_lateness_is_told_only_where_the_case_is_known(world):
    """Maud does not know that there is such a case. Anna has it, and is told again; once Maud has it too, she is."""
    guarded = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    due = clock(world, days=-LATE, case=guarded)
    sweep()
    assert escalations() == [(due.pk, world.anna.pk, today())]
    world.join(world.maud, case=guarded)
    sweep(days=1)
    assert {row[1] for row in escalations()} == {world.anna.pk, world.maud.pk}


def test_who_has_not_answered_whether_she_knows_the_person_is_told_nothing(world):
    """Leo is to stand in, and Maud, who leads, has been added too: until they have answered, Anna alone is told."""
    due = clock(world, days=-LATE)
    given = {"by": world.anna, "case": world.case}
    with acting(world.anna):
        teams.appoint_coordinator(**given, membership=world.anna)
        teams.appoint_coordinator(**given, membership=world.leo, kind="deputy")
        teams.invite_member(**given, membership=world.maud, function="stöd", reason="behövs")
    sweep()
    assert escalations() == [(due.pk, world.anna.pk, today())]
    assert not sees(Visit(world.maud).get("teams:unit"), "Jag har sett det")
    world.answers(world.leo)
    world.answers(world.maud)
    sweep(days=1)
    assert {row[1] for row in escalations()} == {world.anna.pk, world.leo.pk, world.maud.pk}
    assert sees(Visit(world.maud).get("teams:unit"), "Jag har sett det")


def test_who_stands_in_and_may_not_have_childrens_cases_is_told_nothing(world):
    """As long as Leo may, he is told; when the permission has ended its lateness goes to those who lead."""
    world.child_worker("anna", "leo")
    case = world.child_case()
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=case, membership=world.leo, kind="deputy", reason="ersätter")
    world.answers(world.leo, case)
    due = clock(world, days=-LATE, case=case)
    sweep()
    assert {row[1] for row in escalations() if row[0] == due.pk} == {world.leo.pk, world.maud.pk}
    with acting(world.adam):
        children.end_child_worker(by=world.adam, worker=ChildWorker.objects.get(membership=world.leo))
    sweep(days=1)
    tomorrow = today() + timedelta(days=1)
    assert {row[1] for row in escalations() if (row[0], row[2]) == (due.pk, tomorrow)} == {world.maud.pk}


def test_what_is_done_is_silent(world):
    due = clock(world)
    with acting(world.anna):
        cases.finish_clock(by=world.anna, case=world.case, clock=due)
    sweep()
    assert rows() == [] and mail.outbox == []


def has_left(world, *members):
    for member in members:
        with acting(world.adam):
            end_member(by=world.adam, membership=member, ends_on=today())
        with connected("owner", autocommit=True) as owner:  # the day after
            owner.execute("ALTER TABLE tenancy_membership NO FORCE ROW LEVEL SECURITY")
            owner.execute(
                "UPDATE tenancy_membership SET starts_on = starts_on - 9, ends_on = ends_on - 1 WHERE id = %s",
                [member.pk],
            )
            owner.execute("ALTER TABLE tenancy_membership FORCE ROW LEVEL SECURITY")


def sent_to(who):
    return [row[3] for row in rows() if row[1] == who.pk]


def test_the_manager_is_told_when_the_owner_has_left(world):
    due = clock(world, owner=world.leo)
    has_left(world, world.leo)
    for _minute in range(3):
        sweep()
    assert {row[:3] for row in rows()} == {(due.pk, who.pk, ahead(due)) for who in (world.leo, world.maud)}
    assert sent_to(world.leo) == sent_to(world.maud) == [True]
    assert [message.to for message in mail.outbox] == [[world.maud.user.email]]


def test_a_closed_account_is_somebody_who_has_left(world):
    clock(world, owner=world.leo)
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE tenancy_user NO FORCE ROW LEVEL SECURITY")
        owner.execute("UPDATE tenancy_user SET is_active = false WHERE id = %s", [world.leo.user_id])
    for _minute in range(2):
        sweep()
    assert [message.to for message in mail.outbox] == [[world.maud.user.email]]


def test_without_a_manager_it_waits_and_does_not_spin(world, caplog):
    clock(world, owner=world.leo)
    has_left(world, world.leo, world.maud)
    for _minute in range(3):
        sweep()
    assert (len(rows()), sent_to(world.leo), mail.outbox) == (1, [False], [])
    assert rows()[0][4] == 1, "claimed once in five minutes"
    [told] = [record for record in caplog.records if record.name == "cases.notices.delivery"]
    assert (told.levelname, told.count) == ("ERROR", 1)
    lease_runs_out()
    sweep()
    assert rows()[0][3:] == (False, 2)


def test_one_refused_address_stops_nobody_else(world, monkeypatch, caplog):
    clock(world, owner=world.leo)
    clock(world, case=world.open_case(individual=world.person(name="Annan Person")))
    send = delivery.send_neutral

    def refuses_leo(*, to, **more):
        if to == world.leo.user.email:
            raise SMTPRecipientsRefused({to: (550, b"unknown")})
        send(to=to, **more)

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "send_neutral", refuses_leo)
        sweep()
    assert (sent_to(world.anna), sent_to(world.leo)) == ([True], [False])
    assert not [record for record in caplog.records if world.leo.user.email in record.getMessage()]
    lease_runs_out()
    sweep()
    assert sent_to(world.leo) == [True]
    assert sorted(message.to[0] for message in mail.outbox) == sorted([world.anna.user.email, world.leo.user.email])


# Killed at every step.


class Killed(BaseException):
    """A worker that is gone: nothing after this runs."""


def killed(*_args, **_kwargs):
    raise Killed


def lease_runs_out():
    with connected("worker", autocommit=True) as worker:
        worker.execute("UPDATE cases_notice SET sending_at = sending_at - interval '6 minutes' WHERE sent_at IS NULL")


def test_killed_before_the_mail(world, monkeypatch):
    clock(world)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(delivery, "send_neutral", killed)
        sweep()
    sweep()
    assert mail.outbox == []  # somebody else's, as far as one can tell
    lease_runs_out()
    sweep()
    assert len(mail.outbox) == 1 and [row[3:] for row in rows()] == [(True, 2)]


def test_killed_between_the_mail_and_the_mark(world, monkeypatch):
    """The one window in which a mail goes twice: the same Message-ID, so that it is one to the reader."""
    clock(world)
    with monkeypatch.context() as patch, pytest.raises(DataError, match="division by zero"):
        patch.setattr(delivery, "SENT", "SELECT 1 / 0 WHERE %(ids)s IS NOT NULL")
        sweep()
    lease_runs_out()
    sweep()
    assert len(mail.outbox) == 2 and len(rows()) == 1
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second and first.startswith("<")


def test_killed_between_two_people(world, monkeypatch):
    clock(world)
    other = world.open_case(individual=world.person(name="Annan Person"))
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=other, membership=world.leo, kind="named", reason="ersätter")
    clock(world, case=other, owner=world.leo)
    sent, send = [], delivery.send_neutral

    def one_only(**kwargs):
        if sent:
            raise Killed
        sent.append(kwargs["to"])
        send(**kwargs)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(delivery, "send_neutral", one_only)
        sweep()
    lease_runs_out()
    sweep()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([world.anna.user.email, world.leo.user.email])


def test_a_mail_server_that_is_down_loses_nothing(world, monkeypatch):
    clock(world)

    def down(**kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "send_neutral", down)
        sweep()
    lease_runs_out()
    sweep()
    assert len(mail.outbox) == 1


def test_two_at_once_never_both_send(world):
    for number in range(6):
        case = world.open_case(individual=world.person(name=f"Person {'abcdef'[number]}"))
        clock(world, case=case)
    gate = threading.Barrier(4)

    def one():
        gate.wait()
        due.make_due()
        gate.wait()
        while delivery.send_some():
            pass
        connection.close()

    with logged_in_as("worker"), ThreadPoolExecutor(4) as threads:
        for future in [threads.submit(one) for _worker in range(4)]:
            future.result()
    assert len(rows()) == 6 and all(row[3:] == (True, 1) for row in rows())
    keys = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(keys) == len(set(keys))


def test_in_the_app_it_is_the_recipients_own(world):
    clock(world)
    sweep()
    for who, number in ((world.anna, 1), (world.leo, 0), (world.maud, 0), (world.cilla, 0)):
        with acting(who):
            assert Notice.objects.visible_to(who).count() == number
