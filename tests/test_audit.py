"""The log: no trace, no act; nothing in it can be changed, and what is changed behind its back is found."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases import operations as cases
from cases.models import Consent
from exitprogram.audit.models import AuditEvent
from exitprogram.audit.operations import record
from exitprogram.tenancy.acting import acting
from tests.connections import connected, logged_in_as
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db):
    world = World()
    world.case  # noqa: B018  made when asked for
    return world


@pytest.fixture
def forger():
    """The owner with every trigger and policy out of the way: somebody who has taken over the database."""
    with connected("owner", autocommit=True) as owner:
        for table in ("auditevent", "auditlink", "audithead"):
            owner.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE audit_{table} DISABLE ROW LEVEL SECURITY")
        yield owner
        owner.execute("ALTER TABLE audit_auditevent ENABLE ROW LEVEL SECURITY")
        for table in ("auditevent", "auditlink", "audithead"):
            owner.execute(f"ALTER TABLE audit_{table} ENABLE TRIGGER USER")


def faults(authority):
    with connected("owner") as owner:
        return [row[0] for row in owner.execute("SELECT fault FROM wall.audit_faults(%s)", [authority.pk])]


def chain(authority):
    with connected("backup") as everything:
        return everything.execute(
            "SELECT l.seq, l.event_id FROM audit_auditlink l WHERE authority_id = %s ORDER BY seq", [authority.pk]
        ).fetchall()


def test_every_event_gets_its_place(committed):
    links = chain(committed.bollnas)
    assert [seq for seq, _event in links] == list(range(1, len(links) + 1)) and len(links) >= 6
    assert faults(committed.bollnas) == faults(committed.soderhamn) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditevent SET action = 'x'", "DELETE FROM audit_auditevent", "TRUNCATE audit_auditevent",
     "SELECT * FROM audit_auditlink", "UPDATE audit_auditlink SET seq = 0", "DELETE FROM audit_audithead",
     "SELECT wall.audit_faults(gen_random_uuid())"],
)  # fmt: skip
def test_the_web_may_not(committed, statement):
    with connected("app") as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditlink"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET authority_id = gen_random_uuid()", "DELETE FROM {}"])
def test_not_even_the_owner_may(committed, table, verb):
    with connected("owner") as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")  # undone with the transaction
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(verb.format(table))


EDITS = {
    "created_at": "created_at + interval '1 microsecond'", "user_id": "gen_random_uuid()", "membership_id": "NULL",
    "membership_authority_id": "NULL", "action": "action || ' '", "object_type": "'x'",
    "object_id": "gen_random_uuid()", "case_id": "NULL", "ground": "'team'", "details": "'{\"a\": 1}'",
    "request_id": "'x'", "id": "gen_random_uuid()",
}  # fmt: skip


def test_every_column_is_part_of_the_chain():
    assert set(EDITS) | {"authority_id"} == {field.column for field in AuditEvent._meta.concrete_fields}


def test_each_edit_is_found_and_nothing_else(committed, forger):
    target = chain(committed.bollnas)[-1][1]
    for column, value in EDITS.items():
        with forger.transaction(force_rollback=True):
            forger.execute("SET CONSTRAINTS ALL DEFERRED")
            changed = forger.execute(f"UPDATE audit_auditevent SET {column} = {value} WHERE id = %s", [target])
            assert changed.rowcount == 1
            found = forger.execute("SELECT fault FROM wall.audit_faults(%s)", [committed.bollnas.pk]).fetchall()
            assert found, column
    assert faults(committed.bollnas) == []


TAMPERING = {
    "an event taken away": "DELETE FROM audit_auditevent WHERE id = (SELECT event_id FROM {links} AND seq = 3)",
    "an event and its link": "WITH gone AS (DELETE FROM {links} AND seq = 3 RETURNING event_id)"
    " DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM gone)",
    "the newest cut off": "WITH gone AS (DELETE FROM {links} AND seq = (SELECT max(seq) FROM {links})"
    " RETURNING event_id) DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM gone)",
    "the first cut off": "WITH gone AS (DELETE FROM {links} AND seq = 1 RETURNING event_id)"
    " DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM gone)",
    "two swapped": "UPDATE audit_auditlink a SET event_id = b.event_id FROM audit_auditlink b"
    " WHERE a.authority_id = {own} AND b.authority_id = {own} AND (a.seq, b.seq) IN ((2, 3), (3, 2))",
    "the head wound back": "UPDATE audit_audithead SET seq = seq - 1 WHERE authority_id = {own}",
    "the head gone": "DELETE FROM audit_audithead WHERE authority_id = {own}",
    "a hash changed": "UPDATE audit_auditlink SET hash = sha256(hash) WHERE authority_id = {own} AND seq = 2",
    "an event slipped in": "INSERT INTO audit_auditevent SELECT gen_random_uuid(), e.created_at, e.user_id, e.action,"
    " e.object_type, e.object_id, e.case_id, e.ground, e.details, e.request_id, e.authority_id, e.membership_id,"
    " e.membership_authority_id FROM audit_auditevent e WHERE e.authority_id = {own} LIMIT 1",
}


@pytest.mark.parametrize("what", sorted(TAMPERING))
def test_tampering_is_found(committed, forger, what):
    own = f"'{committed.bollnas.pk}'"
    statement = TAMPERING[what].format(own=own, links=f"audit_auditlink WHERE authority_id = {own}")
    with forger.transaction(force_rollback=True):
        # One column of a primary key cannot be swapped row by row while it is watched.
        forger.execute("ALTER TABLE audit_auditlink DROP CONSTRAINT audit_auditlink_pkey")
        assert forger.execute(statement).rowcount >= 1
        found = forger.execute("SELECT fault FROM wall.audit_faults(%s)", [committed.bollnas.pk]).fetchall()
        assert found
        assert forger.execute("SELECT fault FROM wall.audit_faults(%s)", [committed.soderhamn.pk]).fetchall() == []
    assert faults(committed.bollnas) == []


def test_the_command_says_so(committed, forger, capsys):
    with logged_in_as("app"):
        call_command("verify_audit")
    assert capsys.readouterr().out.startswith("Loggen är hel: ")
    event = chain(committed.bollnas)[1][1]
    forger.execute("UPDATE audit_auditevent SET action = 'nothing.happened' WHERE id = %s", [event])
    with logged_in_as("app"), pytest.raises(CommandError, match="1 fel i loggen"):
        call_command("verify_audit")
    assert str(event) in capsys.readouterr().out


WRITERS, EACH = 4, 25


def test_many_at_once_never_fork(committed):
    before = len(chain(committed.bollnas))
    gate = threading.Barrier(WRITERS)

    def write(number):
        gate.wait()
        for turn in range(EACH):
            with acting(committed.anna):
                record(by=committed.anna, action="test.written", obj=committed.anna, number=number, turn=turn)
        connection.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    links = chain(committed.bollnas)
    assert [seq for seq, _event in links] == list(range(1, before + WRITERS * EACH + 1))
    assert faults(committed.bollnas) == []


def test_without_a_trace_no_act(committed, monkeypatch):
    def broken(**kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("cases.operations.consents.record", broken)
    with pytest.raises(ZeroDivisionError):
        committed.consent()
    with acting(committed.anna):
        assert Consent.objects.visible_to(committed.anna).count() == 0
    monkeypatch.undo()
    committed.consent()
    with acting(committed.anna):
        assert Consent.objects.visible_to(committed.anna).count() == 1


def test_without_an_act_no_trace(committed):
    before = len(chain(committed.bollnas))
    with pytest.raises(ZeroDivisionError), acting(committed.anna):
        cases.record_consent(by=committed.anna, case=committed.case, form="oral", taken_on=today())
        raise ZeroDivisionError
    assert len(chain(committed.bollnas)) == before


def test_the_trace_is_in_the_chain_of_the_rows(committed):
    """An outsider's act is logged where the case is, in her own name."""
    before = len(chain(committed.bollnas)), len(chain(committed.region))
    committed.waiver(committed.region, "health")
    committed.join(committed.sara)
    assert len(chain(committed.region)) == before[1]
    with acting(committed.anna):
        event = AuditEvent.objects.about_case(committed.case).filter(action="team.joined").get()
    assert (event.membership_id, event.user_id) == (committed.sara.pk, committed.sara.user_id)
    assert event.authority_id == committed.bollnas.pk


def test_nobody_writes_in_anothers_name(committed):
    """Bulk or one by one: the database compares the actor with who acts."""
    with pytest.raises(Exception, match="row-level security"), acting(committed.anna):
        AuditEvent.objects.create(
            authority_id=committed.bollnas.pk, user_id=committed.leo.user_id, membership=committed.leo,
            membership_authority_id=committed.bollnas.pk, action="x", object_type="x", object_id=uuid4(),
        )  # fmt: skip


def test_details_hold_no_texts(committed):
    """What is said of what was done: ids, days, counts and code words. No value of a sealed or a personal column."""
    committed.person(name="Kanarie Fågel", alias="Pippi")
    committed.consent()
    with connected("backup") as everything:
        log = str(everything.execute("SELECT array_agg(e::text) FROM audit_auditevent e").fetchone())
    assert "person.added" in log
    for secret in ("Kanarie", "Fågel", "Pippi", "Maria", "Karlsson", "prostitution"):
        assert secret not in log
