"""The wall as PostgreSQL itself describes it; and each kind of hole, planted on purpose and found."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.wall import raise_walls, walled_models
from tests.catalogue import HOLES, TABLES
from tests.connections import connected, logged_in_as

PARAMETERS = {
    "plain": list(settings.PLAIN_TABLES),
    # Tables with an authority column that no role but the wall's own functions may touch.
    "closed": ["audit_auditlink", "audit_audithead"],
}
CLOSED = {f"{table}" for table in PARAMETERS["closed"]}


@pytest.fixture
def owner(django_db_setup):
    """The owner, in a transaction that is never committed."""
    with connected("owner") as raw:
        yield raw
        raw.rollback()


def holes(owner, what):
    return {row[0] for row in owner.execute(HOLES[what], PARAMETERS)}


def expected(what):
    """The audit's chain is closed to everybody, so it needs no policy; its keys are numbers of the chain."""
    if what == "a policy that asks nobody":
        return {"tenancy_user.r"}  # colleagues' names are needed everywhere; writing one asks who acts
    return CLOSED if what in ("a table without forced row security", "a table without policies") else set()


@pytest.mark.parametrize("what", sorted(HOLES))
def test_the_wall_has_no(owner, what):
    assert holes(owner, what) == expected(what)


def test_every_declared_model_is_asked_about(owner):
    found = {row[1] for row in owner.execute(TABLES, PARAMETERS)}
    assert found == {model._meta.db_table for model in walled_models()} | CLOSED


THROWAWAY = (
    "CREATE TABLE planted (id uuid PRIMARY KEY, authority_id uuid NOT NULL, other uuid, UNIQUE (authority_id, id))",
    "ALTER TABLE planted ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE planted FORCE ROW LEVEL SECURITY",
    "CREATE POLICY r ON planted FOR SELECT TO exit_app USING (authority_id = (SELECT wall.authority()))",
    "CREATE POLICY i ON planted FOR INSERT TO exit_app WITH CHECK (authority_id = (SELECT wall.authority()))",
)
PLANTED = {
    "a table without forced row security": ["ALTER TABLE planted NO FORCE ROW LEVEL SECURITY"],
    "a table without policies": ["DROP POLICY i ON planted"],
    "a policy that asks nobody": ["CREATE POLICY all_of_it ON planted FOR SELECT TO exit_app USING (true)"],
    "a policy for somebody else": ["CREATE POLICY anybody ON planted USING (authority_id = wall.authority())"],
    "a privilege past the wall": ["GRANT TRUNCATE ON planted TO exit_app"],
    "a right to create": ["GRANT CREATE ON SCHEMA public TO exit_app"],
    "a key without the authority": ["ALTER TABLE planted ADD FOREIGN KEY (other) REFERENCES cases_case (id)"],
    "a unique across authorities": ["ALTER TABLE planted ADD UNIQUE (other)"],
    "a definer function out of place": [
        "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
    ],
    "a function for everybody": ["CREATE FUNCTION wall.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    "a view past the wall": ["CREATE VIEW seen AS SELECT * FROM cases_case", "GRANT SELECT ON seen TO exit_app"],
    "an open table": ["CREATE TABLE loose (id int)", "GRANT SELECT (id) ON loose TO exit_worker"],
}
# Only a superuser can plant these; the questions are the same that found nothing above.
NOT_PLANTED = {
    "something owned", "a role with powers", "a role that others can watch",
    "a comparison of text that is asked before the policy",
}  # fmt: skip


def test_every_kind_of_hole_is_planted():
    assert set(PLANTED) | NOT_PLANTED == set(HOLES)


@pytest.mark.parametrize("what", sorted(PLANTED))
def test_finds(owner, what):
    for statement in THROWAWAY:
        owner.execute(statement)
    assert holes(owner, what) == expected(what)  # the throw-away table itself is whole
    for statement in PLANTED[what]:
        owner.execute(statement)
    assert holes(owner, what) > expected(what)


MORE_PLANTED = {
    "a cascading key": (
        "a key without the authority",
        "ALTER TABLE planted ADD FOREIGN KEY (authority_id, other) REFERENCES cases_case (authority_id, id)"
        " ON DELETE CASCADE",
    ),
    "a materialised view": ("a view past the wall", "CREATE MATERIALIZED VIEW stored AS SELECT * FROM cases_case"),
    "a definer with a loose path": (
        "a definer function out of place",
        "CREATE FUNCTION wall.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ),
    "the chain opened": ("an open table", "GRANT SELECT ON audit_auditlink TO exit_app"),
    "the key opened": ("an open table", "GRANT SELECT ON wall.key TO exit_worker"),
    "row security off": ("a table without forced row security", "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY"),
}


@pytest.mark.parametrize("name", sorted(MORE_PLANTED))
def test_finds_also(owner, name):
    what, statement = MORE_PLANTED[name]
    for part in (*THROWAWAY, statement):
        owner.execute(part)
    if "MATERIALIZED" in statement:
        owner.execute("GRANT SELECT ON stored TO exit_app")
    assert holes(owner, what) > expected(what)


# The worker: what it may read, column by column, and that none of it says anything about anybody.

WORKER = {
    "cases_clock": {"id", "authority_id", "owner_id", "warn_days", "escalate_days", "again_days", "due_on",
                    "extended_to", "done_at"},
    "cases_notice": {"id", "authority_id", "created_at", "about", "subject_id", "recipient_id",
                     "recipient_authority_id", "about_on", "sending_at", "sent_at", "tries",
                     "urgency", "ready_at"},
    "cases_acknowledgement": {"id", "authority_id", "clock_id", "of_day", "created_at"},
    "cases_deliverychoice": {"membership_id", "authority_id", "channel", "quiet_from", "quiet_to",
                             "danger_any_hour"},
    "cases_deliverydemand": {"authority_id", "danger_any_hour"},
    "tenancy_membership": {"id", "authority_id", "user_id", "role", "starts_on", "ends_on"},
}  # fmt: skip
READABLE = """
    SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege('exit_worker', c.oid, a.attnum, 'SELECT')
"""


def test_the_worker_reads_ids_and_days(owner):
    found = {}
    for table, column in owner.execute(READABLE):
        found.setdefault(table, set()).add(column)
    plain = set(settings.PLAIN_TABLES)
    assert {table: columns for table, columns in found.items() if table not in plain} == WORKER
    assert found["tenancy_user"] == {"id", "email", "is_active"}
    sealed = {(m._meta.db_table, f.column) for m in walled_models() for f in m._meta.fields if _is_sealed(f)}
    assert not sealed & {(table, column) for table, columns in found.items() for column in columns}


def _is_sealed(field):
    return isinstance(field, EncryptedText)


def test_the_worker_asks_only_what_day_it_is_and_whom_to_tell(owner):
    """Several of the wall's functions give names; the worker may call none of them. Its own give ids, and the web may
    not call those."""
    rows = owner.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'wall'::regnamespace"
        " AND has_function_privilege('exit_worker', p.oid, 'EXECUTE')"
    )
    asked = {row[0] for row in rows}
    papers = {"wall.worker_waiting(uuid[])", "wall.worker_scanned(uuid,boolean)"}  # tests/test_documents.py
    assert asked == papers | {
        "wall.today()",
        "wall.worker_tell(timestamp with time zone,integer)",
        "wall.worker_keep(timestamp with time zone)",
        "wall.worker_watched(date)",
        "wall.worker_heads()",  # where each chain of the log stands: hashes
    }
    given = owner.execute("SELECT proargtypes::text, proallargtypes::regtype[]::text[] FROM pg_proc"
                          " WHERE oid = 'wall.worker_tell(timestamptz, integer)'::regprocedure").fetchone()  # fmt: skip
    assert given[1] == ["timestamp with time zone", "integer", "bigint", "bigint"]
    with connected("app") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SELECT * FROM wall.worker_tell(now(), 1)")


@pytest.mark.parametrize("role", ["app", "worker"])
def test_a_session_cannot_make_itself_watched_or_endless(django_db_setup, role):
    with connected(role) as raw:
        assert raw.execute("SHOW track_activities").fetchone() == ("off",)
        assert raw.execute("SHOW statement_timeout").fetchone() == ("30s",)
        assert raw.execute("SHOW search_path").fetchone() == ("public, pg_temp",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute("SET track_activities = on")


@pytest.mark.parametrize(
    "statement",
    ["SELECT name FROM cases_individual", "SELECT fact FROM cases_casenote", "SELECT * FROM cases_case",
     "SELECT name FROM tenancy_user", "SELECT password FROM tenancy_user", "SELECT extension_ground FROM cases_clock",
     "SELECT * FROM cases_clock", "SELECT case_id FROM cases_clock", "SELECT title FROM tenancy_membership",
     "SELECT * FROM plans_goal", "SELECT * FROM audit_auditevent", "DELETE FROM cases_notice",
     "UPDATE cases_clock SET due_on = due_on", "SELECT * FROM wall.whom_to_ask('{}')",
     "SELECT * FROM wall.find_people('{a}', '{}', '{}', '')", "SELECT * FROM tenancy_browsersession"],
)  # fmt: skip
def test_the_worker_reads_no_person(django_db_setup, statement):
    with connected("worker") as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_the_wall_is_raised_again_over_itself(django_db_setup, django_db_blocker):
    """As before every new version, over tables with their policies and triggers; and is the same afterwards."""
    with django_db_blocker.unblock(), logged_in_as("owner"), transaction.atomic(), connection.cursor() as cursor:
        before = _shape_of(cursor)
        raise_walls()
        assert _shape_of(cursor) == before


def _shape_of(cursor):
    cursor.execute(SHAPE)
    return cursor.fetchall()


SHAPE = """
    SELECT 'policy', polrelid::regclass::text, polname::text, pg_get_expr(polqual, polrelid),
           pg_get_expr(polwithcheck, polrelid) FROM pg_policy
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid), '' FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT 'function', oid::regprocedure::text, proowner::regrole::text, md5(prosrc),
        (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(proacl) a)::text
        FROM pg_proc WHERE pronamespace = 'wall'::regnamespace
    UNION ALL SELECT 'table', oid::regclass::text, relowner::regrole::text, relforcerowsecurity::text,
        (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(relacl) a)::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    ORDER BY 1, 2, 3, 4, 5
"""
