"""Every table × statement × context, as every role that logs in. Each attempt is a transaction of its own and is
committed, so that what got through is still there when the tables are compared at the end."""

import hashlib
import random
from dataclasses import dataclass, field

import psycopg
from django.conf import settings
from psycopg.errors import InsufficientPrivilege
from psycopg.pq import ExecStatus

from tests.connections import connected, dsn_of
from tests.oracle import WALLED, Oracle, all_rows
from tests.rawsql.contexts import CONTEXTS, NOBODY, somebody_has_left, value_of
from tests.rawsql.statements import STATEMENTS
from tests.test_walls_writing import copy_of

RELATIONS = """
    SELECT c.oid::regclass::text, c.relkind, coalesce((SELECT a.attname FROM pg_index i JOIN pg_attribute a
           ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisprimary), 'id')
    FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm')
      AND c.relnamespace IN ('public'::regnamespace, 'wall'::regnamespace) ORDER BY 1
"""
SHUT = {"select, all", "table", "copy table out", "delete, all"}  # of tables without a wall: those that need no column
PLAIN_KINDS = {"never", "idle"}  # of tables that hold nobody's case: their rows have tests of their own
REFUSED_OTHERWISE = ("0A000",)  # COPY FROM under row security, a locked join: PostgreSQL does not do it for anybody


@dataclass(frozen=True)
class Cell:
    role: str
    table: str
    what: str
    context: str

    def __str__(self):
        return f"{self.role}: {self.what} of {self.table}, {self.context}"


@dataclass
class Table:
    name: str
    key: str
    label: str | None = None
    all: str = "'{}'::uuid[]"  # ids of Bollnäs, as SQL
    foreign: str = "'{}'::uuid[]"  # those of them that the strangers have not been given by the oracle's word
    record: list = field(default_factory=list)

    def sql(self, statement, role, context):
        ids = self.all if context in NOBODY else self.foreign
        return statement.sql.format(
            t=self.name, c="*" if role == "worker" else self.key, foreign=ids, key=self.key,
            id="uuid" if self.label else "text",
        )  # fmt: skip


class Battery:
    def __init__(self, world):
        self.world, self.rows = world, all_rows()
        world.ended = somebody_has_left(world)
        self.tables = {}
        with connected("owner") as owner:
            for name, _kind, key in owner.execute(RELATIONS):
                self.tables[name] = Table(name, key)
        for label, model in WALLED.items():
            self._fill(self.tables[model._meta.db_table], label)
        self.links, self.faults, self.tried = {}, [], 0

    def _fill(self, table, label):
        mine = [row for row in self.rows[label] if row["authority_id"] == self.world.bollnas.pk]
        given = self.given(label)
        table.label = label
        table.all = _array(row["id"] for row in mine)
        table.foreign = _array(row["id"] for row in mine if row["id"] not in given)
        table.record = copy_of(mine[0], label)[1]

    def given(self, label):
        """What the stranger may see after all, by the oracle's word."""
        return Oracle(self.rows, self.world.cilla).ids(label)

    def texts(self):
        """(table, column, a text of the other authority that is nowhere in one's own) of what stands in clear."""
        for table in self.tables.values():
            rows = self.rows.get(table.label, ())
            given, board = (self.given(table.label) if rows else (), self.world.bollnas.pk)
            for column in rows[0] if rows else ():
                seen = {row[column] for row in rows if row["id"] in given and isinstance(row[column], str)}
                theirs = [row[column] for row in rows if row["authority_id"] == board and isinstance(row[column], str)]
                yield from ((table.name, column, one) for one in [*filter(None, theirs)][:1] if one not in seen)

    def cells(self, roles=("app", "worker", "figures", "backup")):
        for role in roles:
            contexts = CONTEXTS if role == "app" else ("no context", "a stranger's own")
            for table in self.tables.values():
                for what, statement in STATEMENTS.items():
                    if self.makes_sense(role, table, what, statement):
                        yield from (
                            Cell(role, table.name, what, context)
                            for context in contexts
                            if context in NOBODY or not statement.blind
                        )

    def makes_sense(self, role, table, what, statement):
        if role == "backup" and statement.kind == "read" and "RETURNING" not in statement.sql:
            return table.label is not None and statement.sql.endswith("FOR UPDATE")  # to read everything is its work
        if table.label is None:
            plain = table.name in settings.PLAIN_TABLES
            return statement.kind in PLAIN_KINDS or (not plain and what in SHUT)
        if role == "worker" and WALLED[table.label].wall.worker and statement.kind in ("read", "write"):
            return what in ("delete", "delete, all")  # what it may read and write: tests/test_catalogue.py
        return not (role == "figures" and table.name.startswith("reporting_publi"))

    def run(self, cells):
        for cell in cells:
            self.tried += 1
            said = self.attempt(cell)
            if said is not None:
                self.faults.append(f"{cell}: {said}")
        return self

    def attempt(self, cell):
        """None when the wall held, else what came through."""
        link, table, statement = self.link(cell.role), self.tables[cell.table], STATEMENTS[cell.what]
        sql = table.sql(statement, cell.role, cell.context)
        try:
            value = value_of(cell.context, link, self.world)
            if value is not None:
                link.execute("SELECT set_config('app.ctx', %s, true)", [value])
            came = came_back(link, sql, table.record if statement.copied else None, statement)
            link.commit()
        except psycopg.Error as error:
            link.rollback()
            refused = isinstance(error, InsufficientPrivilege) or error.sqlstate in REFUSED_OTHERWISE
            return None if refused else f"{error.sqlstate} {error}"
        if statement.kind == "never":
            return "was not refused"
        return None if came == 0 or statement.kind == "idle" else f"{came} rows"

    def control(self, table):
        """What does come through at this table for one whom nothing holds back: the owner, while nothing is forced."""
        with connected("owner", cursor_factory=psycopg.ClientCursor) as owner:
            for what, statement in STATEMENTS.items():
                if not self.makes_sense("app", table, what, statement):
                    continue
                owner.execute(f"ALTER TABLE {table.name} NO FORCE ROW LEVEL SECURITY")
                sql = table.sql(statement, "owner", "no context")
                try:
                    came = came_back(owner, sql, table.record if statement.copied else None, statement)
                    came = came or statement.kind == "never"
                except psycopg.Error as error:  # past the wall, and stopped by a lock or a key
                    came = not isinstance(error, InsufficientPrivilege)
                owner.rollback()
                if came:
                    yield what

    def link(self, role):
        if role not in self.links:
            self.links[role] = psycopg.connect(**dsn_of(role), cursor_factory=psycopg.ClientCursor)
            if role == "backup":  # nothing but its privileges holds it back
                self.links[role].execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
                self.links[role].commit()
        return self.links[role]

    def close(self):
        for link in self.links.values():
            link.close()

    def sample(self, number, seed):
        """Of every role, statement and context, and as many tables as there is time for."""
        cells = list(self.cells())
        return random.Random(seed).sample(cells, min(number, len(cells)))  # noqa: S311  a sample, not a secret


def came_back(link, sql, record, statement):
    """Rows given or touched by the last statement that gave or touched any."""
    with link.cursor() as cursor:
        if statement.out:
            with cursor.copy(sql) as lines:
                return sum(1 for _line in lines)
        cursor.execute(sql, record)
        most = 0
        while True:
            given = cursor.pgresult.status == ExecStatus.TUPLES_OK
            if given or statement.kind == "write":
                most = max(most, cursor.rowcount)
            if not cursor.nextset():
                return most


def _array(ids):
    return f"ARRAY[{', '.join(repr(str(one)) for one in ids)}]::uuid[]"


CATALOGUE = """
    SELECT md5(string_agg(x, '|' ORDER BY x COLLATE "C")) FROM (
        SELECT format('%s %s %s %s %s', c.oid::regclass, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity)
            FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'wall'::regnamespace)
        UNION ALL SELECT format('%s %s %s', p.polrelid, p.polname, pg_get_expr(p.polqual, p.polrelid)) FROM pg_policy p
        UNION ALL SELECT format('%s %s', pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t
            WHERE NOT t.tgisinternal
        UNION ALL SELECT format('%s %s %s %s', p.oid::regprocedure, p.proowner, p.proacl, md5(p.prosrc)) FROM pg_proc p
            WHERE p.pronamespace IN ('public'::regnamespace, 'wall'::regnamespace)
        UNION ALL SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
        UNION ALL SELECT format('%s %s', r.rolname, r.rolconfig) FROM pg_roles r) everything (x)
"""


def fingerprint():
    """Every row of every table, and how the tables are guarded."""
    with connected("backup") as everything:
        found = {"": everything.execute(CATALOGUE).fetchone()[0]}
        for name, kind, _key in everything.execute(RELATIONS).fetchall():
            if kind in ("r", "p"):
                lines = everything.execute(f"SELECT t::text FROM {name} t ORDER BY 1")  # noqa: S608
                found[name] = hashlib.sha256("\n".join(line[0] for line in lines).encode()).hexdigest()
        return found
