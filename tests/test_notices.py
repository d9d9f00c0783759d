"""Reminders as the worker sends them: exactly one in the app, none lost, and nothing said in the mail."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DataError, connection

from cases import operations as cases
from cases.models import Notice
from cases.notices import delivery, due
from exitprogram.tenancy.acting import acting
from tests.connections import logged_in_as
from tests.reminding import ahead, clock, lease_runs_out, reminded, rows, sent_to, sweep
from tests.world import today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return reminded()


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


# Killed at every step.


class Killed(BaseException):
    """A worker that is gone: nothing after this runs."""


def killed(*_args, **_kwargs):
    raise Killed


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
