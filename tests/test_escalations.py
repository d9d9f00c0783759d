"""What is late for too long, and whose owner has left, is told to somebody else: to whom, and to nobody besides."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail

from cases import operations as cases
from cases.notices import delivery
from children import operations as children
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import end_member
from teams import operations as teams
from tests.connections import connected
from tests.reminding import LATE, ahead, clock, lease_runs_out, reminded, rows, sent_to, sweep
from tests.visits import Visit, sees
from tests.world import today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return reminded()


def escalations():
    with connected("backup") as everything:
        return everything.execute(
            "SELECT subject_id, recipient_id, about_on FROM cases_notice WHERE about = 'escalation'"
        ).fetchall()


def told_widely(clock, day):
    with connected("owner") as owner:
        return {pk for (pk,) in owner.execute("SELECT * FROM wall.told_widely(%s, %s)", [clock.pk, day])}


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
    """As long as Leo may, he is told; the day after the permission's last one the case is still granted to him, and its
    lateness goes to those who lead, and so does the reminder of a day that hangs on several."""
    world.child_worker("anna")
    with acting(world.adam):
        children.give_child_worker(by=world.adam, membership=world.leo, qualified=False, ends_on=today())
    case = world.child_case()
    with acting(world.anna):
        for kind in ("deputy", "coordinator"):
            cases.grant_access(by=world.anna, case=case, membership=world.leo, kind=kind, reason="ersätter")
    world.answers(world.leo, case)
    due = clock(world, days=-LATE, case=case)
    tomorrow = today() + timedelta(days=1)
    assert [world.leo.pk in told_widely(due, day) for day in (today(), tomorrow)] == [True, False]
    sweep()
    assert {row[1] for row in escalations() if row[0] == due.pk} == {world.leo.pk, world.maud.pk}
    sweep(days=1)
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
