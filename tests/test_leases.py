"""Claims that end by themselves, and the number under which each was made: whoever wakes too late changes nothing."""

from datetime import timedelta

import psycopg
import pytest
from django.core import mail

from cases.notices import delivery, due
from tests.connections import connected, logged_in_as, nothing_told
from tests.reminding import clock, lease_runs_out, rows, sweep
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    made = World()
    nothing_told()
    clock(made)
    mail.outbox.clear()
    return made


def state():
    with connected("backup") as everything:
        return everything.execute("SELECT tries, sent_at IS NOT NULL FROM cases_notice ORDER BY id").fetchall()


def paused(patch, *, at, meanwhile):
    """The worker stands still right before ``at``, and the rest of the world goes on."""
    real = getattr(delivery, at)

    def wakes_later(*given, **more):
        patch.setattr(delivery, at, real)
        meanwhile()
        return real(*given, **more)

    patch.setattr(delivery, at, wakes_later)


def another_worker():
    lease_runs_out()
    delivery.send_some()


def test_paused_before_the_mail_it_does_not_send(world, monkeypatch):
    with logged_in_as("worker"):
        due.make_due()
        paused(monkeypatch, at="_send", meanwhile=another_worker)
        delivery.send_some()
    assert len(mail.outbox) == 1 and state() == [(2, True)]


def test_paused_while_the_lease_ran_out_it_does_not_send(world, monkeypatch):
    """Nobody has taken over yet, and somebody may at any moment."""
    with logged_in_as("worker"):
        due.make_due()
        paused(monkeypatch, at="_send", meanwhile=lease_runs_out)
        delivery.send_some()
        assert mail.outbox == [] and state() == [(1, False)]
        delivery.send_some()
    assert len(mail.outbox) == 1 and state() == [(2, True)]


def test_paused_inside_the_mail_it_does_not_mark(world, monkeypatch):
    """Its own mail goes out too late: one more copy with the same Message-ID. The row belongs to the other one, who
    has not been answered yet."""

    said = []

    def claimed_by_another():
        lease_runs_out()
        delivery._claim()

    with logged_in_as("worker"):
        due.make_due()
        paused(monkeypatch, at="send_neutral", meanwhile=claimed_by_another)
        monkeypatch.setattr(delivery.LOG, "warning", lambda sentence, **_more: said.append(sentence))
        delivery.send_some()
        assert state() == [(2, False)]
        assert said == ["notices taken over while they were sent"]
        another_worker()
    assert state() == [(3, True)]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


def test_paused_before_handing_on_it_does_not_hand_on(world):
    with logged_in_as("worker"):
        due.make_due()
        claimed, _addresses = delivery._claim()
        lease_runs_out()
        delivery._claim()
        delivery._hand_on(claimed)
    assert state() == [(2, False)]


def test_without_the_number_the_late_one_would_mark(world, monkeypatch):
    """The guard itself: the same pause, and a sender that does not ask whose it is."""
    monkeypatch.setattr(delivery, "SENT", delivery.SENT.replace("AND n.tries = mine.token", ""))

    def claimed_by_another():
        lease_runs_out()
        delivery._claim()

    with logged_in_as("worker"):
        due.make_due()
        paused(monkeypatch, at="send_neutral", meanwhile=claimed_by_another)
        delivery.send_some()
    assert state() == [(2, True)]


@pytest.mark.parametrize("hours, claimed", [(-1, 1), (0, 0), (1, 1)])
def test_a_claim_is_believed_only_around_now(world, hours, claimed):
    """An hour old: its worker is gone. From an hour ahead: the server's clock has been set back."""
    with logged_in_as("worker"):
        due.make_due()
        delivery._claim()
        with connected("worker", autocommit=True) as worker:
            worker.execute("UPDATE cases_notice SET sending_at = sending_at + %s", [timedelta(hours=hours)])
        assert len(delivery._claim()[0]) == claimed


def test_what_is_sent_again_with_something_new_is_the_same_mail(world, monkeypatch):
    """Accepted, not marked, and then one more thing to say to the same person."""
    with logged_in_as("worker"):
        due.make_due()
        monkeypatch.setattr(delivery, "_under", lambda claims: {**real(claims), "tokens": [0] * len(claims)})
        with monkeypatch.context() as patch:
            patch.setattr(delivery, "_held", lambda claims: claims)
            delivery.send_some()
        monkeypatch.undo()
    clock(world, case=world.open_case(individual=world.person(name="Annan Person")))
    lease_runs_out()
    sweep()
    assert len(mail.outbox) == 2 and all(row[3] for row in rows())
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


real = delivery._under


def test_the_worker_reads_no_name_note_or_address_of_a_person(world):
    """Every table and column there is, asked for as the worker: what is not on its list is refused by PostgreSQL."""
    with connected("owner") as owner:
        columns = owner.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name ~ '^(cases|teams|plans|children)_' AND table_name <> 'cases_notice'"
        ).fetchall()
    readable = set()
    with connected("worker", autocommit=True) as worker:
        for table, column in columns:
            try:
                worker.execute(psycopg.sql.SQL("SELECT {} FROM {} LIMIT 1").format(
                    psycopg.sql.Identifier(column), psycopg.sql.Identifier(table)))  # fmt: skip
                readable.add((table, column))
            except psycopg.errors.InsufficientPrivilege:
                pass
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute("SELECT name FROM tenancy_user")
    assert len(columns) > 500
    tables = {"cases_clock", "cases_acknowledgement", "cases_deliverychoice", "cases_deliverydemand"}
    assert {table for table, _column in readable} == tables
    assert not {column for _table, column in readable} & {
        "case_id",
        "extension_ground",
        "subject_id",
        "kind",
        "seen_by_id",
    }
