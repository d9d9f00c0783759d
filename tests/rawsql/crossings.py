"""Ways past a table's own policies: keys into another's house, the wall's functions, injected SQL. Each is tried with
something that exists in another authority and with something that exists nowhere; the two must not differ."""

import itertools
from uuid import uuid4

import psycopg

from exitprogram.tenancy.acting import signed
from exitprogram.tenancy.wall import tenant_keys
from tests.oracle import WALLED
from tests.test_wall_context import PARTS, SHAPES, TOKENS, identity


def keys():
    """(label, column, the parent's label) of every key from one walled table to another. One that names the parent's
    authority beside it (``recipient``, ``member_authority``) is meant to lead there."""
    for label, model in WALLED.items():
        for field in (field for field, half in tenant_keys(model) if half == "authority_id"):
            yield label, field.column, field.related_model._meta.label


def pointed(owner, rows, key, own, foreign):
    """What is said when a row of one's own is pointed at another's row, and at none: policies and locks are out of the
    way, so that it is the key that answers."""
    label, column, parent = key
    table = WALLED[label]._meta.db_table
    mine = next(row for row in rows[label] if row["authority_id"] == own)
    theirs = next(row for row in rows[parent] if row["authority_id"] == foreign)
    update = f"UPDATE {table} SET {column} = %s WHERE id = %s"  # noqa: S608
    return [_said(owner, table, update, target, mine["id"]) for target in (theirs["id"], uuid4())]


def _said(owner, table, update, target, row):
    out_of_the_way = ["NO FORCE ROW LEVEL SECURITY", "DISABLE TRIGGER USER"]
    try:
        while True:
            try:
                for what in out_of_the_way:
                    owner.execute(f"ALTER TABLE {table} {what}")
                owner.execute(update, [target, row])
                return "went through"
            except psycopg.errors.CheckViolation as error:  # asked before the key is
                out_of_the_way.append(f"DROP CONSTRAINT {error.diag.constraint_name}")
                owner.rollback()
    except psycopg.Error as error:
        return f"{type(error).__name__} {error}".replace(str(target), "x")
    finally:
        owner.rollback()


FUNCTIONS = """
    SELECT p.proname, p.proretset, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t)
    FROM pg_proc p WHERE p.pronamespace = 'wall'::regnamespace AND p.prorettype <> 'trigger'::regtype
      AND has_function_privilege('exit_app', p.oid, 'EXECUTE') ORDER BY 1, 3
"""
# What an argument that is no id may be. The ids are the other authority's, or nobody's.
PLAIN = {
    "text": ("'Maria'", "''"), "text[]": ("ARRAY['Maria']",), "date": ("wall.today()", "'2020-01-01'::date"),
    "integer": ("1",), "smallint": ("1::smallint",), "bigint": ("1::bigint",), "boolean": ("true", "false"),
    "bytea": ("'\\x00'::bytea",), "jsonb": ("'{}'::jsonb",), "timestamp with time zone": ("now()",),
}  # fmt: skip
WRITTEN = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int FROM pg_stat_xact_user_tables"


def calls(owner):
    """(name, SQL with one place for each id) of every function of the wall that the web may call with somebody's id."""
    for name, many, kinds in owner.execute(FUNCTIONS).fetchall():
        if not any(kind in ("uuid", "uuid[]") for kind in kinds):
            continue
        choices = [_choices(kind) for kind in kinds]
        for given in itertools.islice(itertools.product(*choices), 8):
            yield name, f"SELECT {'*' if many else 'x::text'} FROM wall.{name}({', '.join(given)}) x"


def _choices(kind):
    if kind == "uuid":
        return ("{id}::uuid",)
    if kind == "uuid[]":
        return ("ARRAY[{id}]::uuid[]",)
    return PLAIN.get(kind, (f"NULL::{kind}",))


def asked(link, token, sql, target):
    """What the function says, and how many rows it wrote; the id itself taken out of the answer."""
    link.execute("SELECT set_config('app.ctx', %s, true)", [token])
    try:
        said = str(link.execute(sql.format(id=f"'{target}'")).fetchall())
        return said.replace(str(target), "x"), link.execute(WRITTEN).fetchone()[0]
    except psycopg.Error as error:
        return f"{type(error).__name__} {error}".replace(str(target), "x"), 0
    finally:
        link.rollback()


def targets(rows, foreign):
    """One id of every kind in the other authority."""
    for label in sorted(rows):
        yield label, next(row for row in rows[label] if row["authority_id"] == foreign)["id"]


def injected(link, world, table):
    """(shape, token, what came of it) for every shape and token at one table: the statement of ours that has the hole
    asks for the table's own rows, as Cilla."""
    own = signed(identity(world.cilla), pid=link.info.backend_pid)
    like = f"SELECT id::text, authority_id::text FROM {table} WHERE id::text LIKE '%{{}}%' ORDER BY id"  # noqa: S608
    for shape, kind in itertools.product(SHAPES, TOKENS):
        hole = PARTS.get(shape, SHAPES[shape]).replace("cases_case", table)
        hole = hole.replace("c.number", "c.id::text").replace("number", "id::text")
        sql = like.format(hole) if shape in PARTS else hole
        link.execute("SELECT set_config('app.ctx', %s, true)", [own])
        cursor = psycopg.ClientCursor(link)
        found = set()
        try:
            cursor.execute(sql.replace("{token}", TOKENS[kind](own, world)))
            while True:
                if cursor.description:
                    found |= {row[0] for row in cursor.fetchall() if len(row) == 2}
                if not cursor.nextset():
                    break
            found |= {row[0] for row in link.execute(f"SELECT id::text FROM {table}")}  # noqa: S608
        finally:
            link.rollback()
        yield shape, kind, found
