"""What somebody reads who has the tables, PostgreSQL's own log or its statistics, and none of our keys."""

import json
import uuid
from contextlib import suppress
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.signing import dumps
from django.db import Error, transaction
from psycopg import sql

from cases.models import Individual
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import BrowserSession
from tests.canaries.fields import where_each_is
from tests.canaries.sink import Control, Piece, sink
from tests.connections import connected, dsn_of
from tests.oracle import WALLED
from tests.visits import Visit

# The columns that are readable on purpose: name and language of people without protection, what somebody is in a team,
# and the board's own list of measures.
IN_THE_CLEAR = {
    "cases.Individual.name", "cases.Individual.alias", "cases.Individual.search_key", "cases.Individual.language",
    "teams.TeamMember.function", "teams.OutsideMember.function", "plans.CatalogueMeasure.title",
}  # fmt: skip


def tables():
    with connected("backup") as everything:
        found = everything.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'wall')")
        for schema, table in found.fetchall():
            name = sql.Identifier(schema, table)
            rows = everything.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t").format(name)).fetchall()
            yield f"{schema}.{table}", [row for (row,) in rows]


def readable(row):
    """Without what is sealed: that would only be noise, since its readers have the key anyhow."""
    return json.dumps(row, ensure_ascii=False)


@sink("tables")
def rows(stage):
    """Every table of every schema. Nothing of a protected person stands in any; of the others the columns we know."""
    _rows, _where, columns = where_each_is(stage.register)  # as they are by now: somebody may have been added since
    plain = frozenset().union(*(columns.get(column, set()) for column in IN_THE_CLEAR))
    with_cases = {f"public.{model._meta.db_table}" for model in WALLED.values()}
    for table, found in tables():
        may = plain if table in with_cases else frozenset()
        for row in found:
            yield Piece(table, readable(row), may)
    shown = next(iter(stage.columns["cases.Individual.name"] & stage.register.words.keys()))
    everything = [readable(row) for table, found in tables() if table == "public.cases_individual" for row in found]
    yield Control("".join(everything), shown)


@sink("protected people in tables")
def protected(stage):
    """The same once more, without one readable column to hide behind."""
    mine = set().union(*(stage.in_case(person.case) for person in stage.protected))
    others = frozenset({*stage.register.words, *stage.register.numbers} - mine)
    for table, found in tables():
        yield Piece(table, "\n".join(map(readable, found)), others)
    yield Control(json.dumps({"name": stage.protected[0].name}), stage.protected[0].alias and _word(stage))


def _word(stage):
    return stage.told(stage.protected[0].name).pop()


@sink("sessions")
def sessions(stage):
    """After searches for people who are here, who are not, and who are protected."""
    for who, person in ((stage.world.leo, stage.foreign[0]), (stage.world.cilla, stage.protected[0])):
        visit = Visit(who)
        for query in person.queries[:4]:
            visit.post("cases:search", q=query)
    for row in BrowserSession.objects.all():
        yield Piece("session", f"{row.session_key} {row.session_data}")
    person = stage.foreign[0]
    yield Control(dumps({"q": person.name * 30}, compress=True), stage.told(person.name).pop())


def log_of_postgres():
    return Path(settings.STATE_DIR) / "log" / "postgres.log"


@sink("PostgreSQL's log")
def postgres_log(stage):
    """Every kind of fault that quotes what it was given: in the statement, in a parameter, in a key, in a type."""
    began = log_of_postgres().stat().st_size
    for role in ("app", "worker", "backup", "figures", "owner"):
        for wrong in _faults(stage):
            with connected(role, autocommit=True) as raw:
                _try(raw, *wrong)
    yield Piece("postgres.log", _since(began))
    shown = next(iter(stage.register.words))
    began = log_of_postgres().stat().st_size
    # None of our roles may write to the log; that nobody has such a name is written by the server itself.
    with suppress(psycopg.OperationalError):
        psycopg.connect(**{**dsn_of("app"), "user": shown}).close()
    yield Control(_since(began), shown)


def _since(position):
    with log_of_postgres().open("rb") as log:
        log.seek(position)
        return log.read()


def _try(raw, statement, values=None):
    try:
        raw.execute(statement, values)
    except psycopg.Error:
        return
    raise AssertionError(f"that was to be refused: {statement}")


def _faults(stage):
    name, number = stage.foreign[0].name, stage.foreign[0].number
    for kind in ("int", "uuid", "date", "jsonb", "boolean", "inet", "timestamptz", "numeric", "regclass"):
        yield f"SELECT %s::{kind}", [name]
        yield f"SELECT '{name}'::{kind}", None
    yield f"SELEKT '{name}' {number}", None
    yield f'SELECT "{name}"', None
    yield f"SELECT * FROM {name.split()[1]}", None
    yield "SELECT 'a' ~ %s", [f"({name}"]
    yield "SELECT ARRAY[1]::int[] || %s::int[]", [f"{{{name}}}"]
    yield "SELECT to_date(%s, 'YYYY-MM-DD')", [name]
    yield "INSERT INTO cases_individual (id, name) VALUES (%s, %s)", [uuid.uuid4(), name]
    yield "INSERT INTO tenancy_user (id, email) VALUES (%s, %s)", [uuid.uuid4(), name]
    yield "UPDATE tenancy_user SET email = %s WHERE id IS NOT NULL RETURNING %s::int", [number, name]
    yield "DO $$ BEGIN RAISE EXCEPTION '%% %%', %s; END $$".replace("%s", f"'{name}', '{number}'"), None


@sink("unique, check and length in PostgreSQL's log")
def constraints(stage):
    """Through the product's own models: what a forgotten check in Python would write."""
    began = log_of_postgres().stat().st_size
    anna, name = stage.world.anna, stage.foreign[0].name
    refused = 0
    for fault in (
        lambda: Individual(authority_id=anna.authority_id, name=name * 20, created_by=anna).save(force_insert=True),
        lambda: Individual(pk=stage.world.just_added.pk, authority_id=anna.authority_id, name=name, created_by=anna)
        .save(force_insert=True),
        lambda: Individual(authority_id=stage.world.soderhamn.pk, name=name, created_by=anna).save(force_insert=True),
        lambda: get_user_model().objects.create(email=anna.user.email, name=name),
    ):  # fmt: skip
        try:
            with acting(anna), transaction.atomic():
                fault()
        except Error:
            refused += 1
    assert refused >= 3
    yield Piece("postgres.log", _since(began))
    yield Control(f"ERROR:  duplicate key value\nDETAIL:  Key (name)=({name}) already exists.", stage.told(name).pop())


@sink("planner statistics")
def statistics(stage):
    """ANALYZE keeps the commonest values of each column in the clear; ``pg_stats`` shows them to whoever may."""
    with connected("owner", autocommit=True) as owner:
        owner.execute("ANALYZE")
    for role in ("app", "worker", "figures"):
        with connected(role) as raw:
            yield Piece(f"pg_stats as {role}", raw.execute("SELECT array_agg(s::text) FROM pg_stats s").fetchone()[0])
    with connected("backup") as raw:
        seen = raw.execute("SELECT array_agg(s::text) FROM pg_stats s").fetchone()[0]
    protected = set().union(*(stage.in_case(person.case) for person in stage.protected))
    others = frozenset({*stage.register.words, *stage.register.numbers} - protected)
    yield Piece("pg_stats past every wall: protected people", seen, others)
    yield Control(seen, next(iter(stage.told(seen))))


@sink("activity")
def activity(stage):
    """While somebody's statement with a name in it is running, or was the last that ran."""
    name = stage.foreign[0].name
    with connected("app", autocommit=True) as busy, connected("owner", autocommit=True) as owner:
        busy.execute(f"SELECT '{name}'")
        for role in ("app", "worker", "figures", "backup", "owner"):
            with connected(role) as raw:
                query = "SELECT array_agg(a::text) FROM pg_stat_activity a WHERE pid <> pg_backend_pid()"
                yield Piece(f"pg_stat_activity as {role}", raw.execute(query).fetchone()[0])
        owner.execute(f"SELECT '{name}'")
        with connected("owner") as raw:
            seen = raw.execute("SELECT array_agg(a::text) FROM pg_stat_activity a").fetchone()[0]
        yield Control(seen, stage.told(name).pop())
