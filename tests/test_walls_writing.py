"""Writing through the database wall alone: raw SQL, as people who have nothing to do with the rows."""

import json
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from exitprogram.tenancy.acting import acting
from tests.connections import connected
from tests.oracle import WALLED, all_rows

LABELS = sorted(WALLED)
SECOND_KINDS = {"cases.AccessGrant", "teams.TeamMember"}


@pytest.fixture(scope="module")
def rows(standing):
    return all_rows()


class Undo(Exception):
    pass


def tried(who, *statements):
    """Rows affected by the last statement, or the error's class. Everything is undone."""
    try:
        with acting(who), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(*statement) if isinstance(statement, tuple) else cursor.execute(statement)
            affected = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            raise Undo
    except Undo:
        return affected
    except (ProgrammingError, IntegrityError) as error:
        return type(error.__cause__)


def table(label):
    return WALLED[label]._meta.db_table


def of_bollnas(standing, rows, label):
    # Not what has been given to Cilla to answer.
    mine = [row for row in rows[label] if row["authority_id"] == standing.bollnas.pk]
    return [row["id"] for row in mine if row.get("given_to_id") != standing.cilla.pk]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("verb", ["UPDATE {} SET created_at = created_at", "DELETE FROM {}"])
def test_somebody_elses_rows_cannot_be_changed(standing, rows, label, verb):
    ids = of_bollnas(standing, rows, label)
    result = tried(standing.cilla, (verb.format(table(label)) + " WHERE id = ANY (%s)", [ids]))
    assert result in (0, InsufficientPrivilege)


@pytest.mark.parametrize("label", LABELS)
def test_a_blind_update_touches_nothing(standing, label):
    """No column is read, so that only the policy for writing decides. Nils owns no row that he may write."""
    assert tried(standing.nils, f"UPDATE {table(label)} SET created_at = now()") in (0, InsufficientPrivilege)


def copy_of(row, label, **other):
    record = json.dumps({**row, "id": uuid4(), **other}, default=_plain)
    return (
        f"INSERT INTO {table(label)} SELECT (jsonb_populate_record(NULL::{table(label)}, %s)).*",
        [record],
    )


def _plain(value):
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize("label", LABELS)
def test_a_row_cannot_be_put_into_another_authority(standing, rows, label):
    row = next(row for row in rows[label] if row["authority_id"] == standing.bollnas.pk)
    assert tried(standing.cilla, copy_of(row, label)) is InsufficientPrivilege


@pytest.mark.parametrize("label", ["cases.Disclosure", "plans.Goal", "plans.Measure", "plans.Meeting"])
def test_the_same_row_by_the_one_who_may(standing, rows, label):
    """The positive control of the test above: it is the wall that refused, not a broken statement."""
    agreed = {row["id"] for row in rows["plans.PlanVersion"] if row["state"] == "agreed"}
    mine = (row for row in rows[label] if row["authority_id"] == standing.bollnas.pk)
    row = next(row for row in mine if row.get("version_id") not in agreed)
    more = {"copy_number": 99} if label == "cases.Disclosure" else {}
    more |= {"thread": uuid4()} if label in ("plans.Goal", "plans.Measure") else {}  # once in a version
    assert tried(standing.anna, copy_of(row, label, **more)) == 1


@pytest.mark.parametrize("label", LABELS)
def test_rows_vanish_only_where_declared(standing, label):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('exit_app', %s, 'DELETE'), has_table_privilege('exit_worker', %s, 'DELETE')",
            [table(label)] * 2,
        )
        assert cursor.fetchone() == (bool(WALLED[label].wall.delete), False)


def test_foreign_and_unknown_parents_look_the_same(standing):
    """A foreign key that could see past the wall would tell whether an id exists elsewhere."""
    said = set()
    for worker in (standing.anna.pk, uuid4()):
        with pytest.raises(IntegrityError) as error, acting(standing.cilla), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET worker_id = %s WHERE id = %s", [worker, standing.elsewhere.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        said.add(str(error.value).replace(str(worker), "x"))
    assert len(said) == 1


LOCKED = {
    "cases.CaseNote": "signed_at IS NOT NULL",
    "teams.Decision": "state = 'decided'",
    "plans.PlanVersion": "state = 'agreed'",
    "plans.Section": "state = 'signed'",
}


@pytest.mark.parametrize("label", sorted(LOCKED))
def test_signed_is_locked(standing, label):
    """By the one who wrote it, in raw SQL."""
    who = standing.sara if label == "plans.Section" else standing.anna
    statement = f"UPDATE {table(label)} SET created_at = now() WHERE {LOCKED[label]}"
    assert tried(who, statement) is RestrictViolation


@pytest.mark.parametrize("label", ["plans.Goal", "plans.Measure"])
def test_an_agreed_plans_parts_are_locked(standing, label):
    parts = "version_id IN (SELECT id FROM plans_planversion WHERE state = 'agreed')"
    assert tried(standing.anna, f"UPDATE {table(label)} SET area = 'legal' WHERE {parts}") is RestrictViolation
    assert tried(standing.anna, f"DELETE FROM {table(label)} WHERE {parts}") == 0


SILENT = {
    "a clock's strict day": ("anna", "UPDATE cases_clock SET due_on = '2099-01-01'"),
    "a withdrawal": (
        "anna",
        "UPDATE cases_consent SET withdrawn_at = now(), withdrawn_by_id = wall.membership()",
        "UPDATE cases_consent SET withdrawn_at = NULL, withdrawn_by_id = NULL",
    ),
    "a guest's own last day": ("sara", "UPDATE teams_teammember SET ends_on = '2099-01-01'"),
    "a guest's own function": ("sara", "UPDATE teams_teammember SET function = 'chef'"),
}


@pytest.mark.parametrize("what", sorted(SILENT))
def test_what_nobody_may_move(standing, what):
    name, *statements = SILENT[what]
    assert tried(getattr(standing, name), *statements) is RestrictViolation


def test_a_signed_note_cannot_be_put_in_anothers_mouth(standing, rows):
    note = next(row for row in rows["cases.CaseNote"] if row["signed_at"] and row["author_id"] == standing.anna.pk)
    assert tried(standing.maud, copy_of(note, "cases.CaseNote")) is InsufficientPrivilege
    assert tried(standing.anna, copy_of(note, "cases.CaseNote")) == 1


def test_a_trace_can_be_left_only_where_one_was_called(standing, rows):
    """Sara writes in Bollnäs's log about the case she was called to; nowhere else, and in nobody else's name."""
    event = next(row for row in rows["audit.AuditEvent"] if row["membership_id"] == standing.sara.pk and row["case_id"])
    label = "audit.AuditEvent"
    event = {**event, "details": {}}
    assert tried(standing.sara, copy_of(event, label)) == 1
    for wrong in (
        {"authority_id": standing.soderhamn.pk},
        {"case_id": standing.elsewhere.pk},
        {"membership_id": standing.nils.pk, "user_id": standing.nils.user_id},
        {"user_id": standing.nils.user_id},
    ):
        assert tried(standing.sara, copy_of(event, label, **wrong)) is InsufficientPrivilege, wrong


@pytest.mark.parametrize(
    "statement",
    ["TRUNCATE cases_case", "CREATE TABLE t ()", "CREATE TEMP TABLE t ()",
     "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
     "DROP POLICY r ON cases_case", "SET ROLE exit_owner", "SET SESSION AUTHORIZATION exit_owner",
     "COPY cases_case TO PROGRAM 'true'", "SELECT * FROM wall.key", "SELECT pg_read_file('/etc/passwd')",
     "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DELETE FROM cases_case",
     "SELECT * FROM audit_auditlink", "UPDATE audit_audithead SET seq = 0"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["app", "worker"])
def test_what_the_roles_can_never_do(standing, role, statement):
    with connected(role) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_the_undoing_undoes(standing):
    """The harness: nothing of what these tests tried is left."""
    with transaction.atomic(), acting(standing.anna), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_clock WHERE due_on > '2090-01-01'")
        assert cursor.fetchone() == (0,)
