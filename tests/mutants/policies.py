"""Each policy of the database's wall taken away, and made to say yes to everybody, one at a time. What must then go red
are the questions that the suite asks of every table: who sees what (``tests/test_walls.py``) and who may write what
(``tests/test_walls_writing.py``)."""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from django.db import connection, transaction
from psycopg.errors import InsufficientPrivilege

from exitprogram.tenancy.acting import acting, acting_as_system
from tests.connections import connected
from tests.oracle import WALLED, Oracle, all_rows
from tests.test_walls import ACTORS, unfiltered
from tests.test_walls_writing import copy_of, of_bollnas, tried

POLICIES = """
    SELECT polrelid::regclass::text, polname, polcmd, pg_get_expr(polqual, polrelid),
           pg_get_expr(polwithcheck, polrelid), array_to_string(ARRAY(SELECT rolname FROM pg_roles
           WHERE oid = ANY (polroles)), ', ')
    FROM pg_policy ORDER BY 1, 2
"""
COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}


@dataclass(frozen=True)
class Policy:
    table: str
    name: str
    command: str
    using: str | None
    check: str | None
    roles: str

    def made(self, using, check):
        using = f" USING ({using})" if using else ""
        check = f" WITH CHECK ({check})" if check else ""
        return f"CREATE POLICY {self.name} ON {self.table} FOR {COMMANDS[self.command]} TO {self.roles}{using}{check}"

    def mutants(self):
        """One that says yes to everybody by design is only taken away."""
        yield Mutant(self, "taken away", None)
        if {self.using, self.check} - {None, "true"}:
            yield Mutant(self, "yes to everybody", self.made(self.using and "true", self.check and "true"))

    def __str__(self):
        return f"policy {self.name} of {self.table}"


@dataclass(frozen=True)
class Mutant:
    policy: Policy
    what: str
    other: str | None  # the policy that stands there instead

    def __str__(self):
        return f"{self.policy}, {self.what}"


# Of one person or one role alone and with no row in the furnished world: their own tests ask, not these.
ASKED_ELSEWHERE = {
    "tenancy_passkey": "tests/test_factors.py", "tenancy_codeapp": "tests/test_factors.py",
    "tenancy_recoverycode": "tests/test_factors.py", "tenancy_identitylink": "tests/test_identity.py",
    "reporting_keptcosts": "tests/test_costs.py",
}  # fmt: skip


def policies():
    with connected("owner") as owner:
        every = [Policy(*row) for row in owner.execute(POLICIES)]
    return [policy for policy in every if policy.table not in ASKED_ELSEWHERE]


@contextmanager
def untriggered(table):
    with connected("owner", autocommit=True) as owner:
        connection.close()
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            connection.close()
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def without_effect(policy):
    """The role has not the privilege, so the policy has nobody to let in: a net under a door that is not there."""
    word = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}.get(policy.command)
    if word is None or "," in policy.roles:
        return False
    asks = "has_table_privilege" if word == "DELETE" else "has_any_column_privilege"
    with connected("owner") as owner:
        return not owner.execute(f"SELECT {asks}(%s, %s, %s)", [policy.roles, policy.table, word]).fetchone()[0]


OLD = {"jobs_job": "expires_on = '2020-01-01'", "tokens_apirequest": "created_at = '2020-01-01'"}
WRITABLE = """
    SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
      AND has_column_privilege('exit_app', attrelid, attnum, 'UPDATE') ORDER BY attnum
"""


@contextmanager
def instead(policy, other):
    with connected("owner", autocommit=True) as owner:
        owner.execute(f"DROP POLICY {policy.name} ON {policy.table}")
        if other:
            owner.execute(other)
        try:
            yield
        finally:
            owner.execute(f"DROP POLICY IF EXISTS {policy.name} ON {policy.table}")
            owner.execute(policy.made(policy.using, policy.check))


class Questions:
    """What is asked of a table, with the answers of the whole wall beside it."""

    def __init__(self, world, acts):
        self.world, self.rows, self.acts, self.columns = world, all_rows(), acts, {}
        self.labels = {model._meta.db_table: label for label, model in WALLED.items()}
        self.oracles = {name: Oracle(self.rows, getattr(world, name)) for name in ACTORS}
        self.seen = {name: {label: oracle.ids(label) for label in WALLED} for name, oracle in self.oracles.items()}
        for name, oracle in self.oracles.items():
            self.seen[name]["tenancy.Membership"] |= oracle.colleagues()
        self.let_in, self.before = {}, {}
        with connected("owner", autocommit=True) as owner:  # something that upkeep has to throw away
            for table, old in OLD.items():
                owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                owner.execute(f"UPDATE {table} SET {old}")  # noqa: S608
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
                owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

    def red(self, policy):
        """What has gone red, or None."""
        connection.close()
        asked = {"r": self.reading, "a": self.adding, "w": self.changing, "d": self.removing}
        if policy.table not in self.labels:
            return self.plain(policy)
        if policy.roles == "exit_worker":
            return self.working(policy)
        return asked[policy.command](self.labels[policy.table])

    def reading(self, label):
        if unfiltered(label):
            return "nobody sees rows"
        for name in ACTORS:
            with acting(getattr(self.world, name)):
                if unfiltered(label) != self.seen[name][label]:
                    return f"{name} sees other rows than she should"
        return None

    def adding(self, label):
        row = next(row for row in self.rows[label] if row["authority_id"] == self.world.bollnas.pk)
        if tried(self.world.cilla, copy_of(row, label)) is not InsufficientPrivilege:
            return "a row is put into another authority"
        with untriggered(WALLED[label]._meta.db_table):
            if tried(self.world.cilla, copy_of(row, label)) is not InsufficientPrivilege:
                return "a row is put into another authority, but for a trigger"
        return self._still(label, "INSERT", self._adds)

    def changing(self, label):
        blind = f"UPDATE {WALLED[label]._meta.db_table} SET {self._column(label)} = NULL"  # noqa: S608
        if self._nobody(blind):
            return "nobody changes rows"
        ids = of_bollnas(self.world, self.rows, label)
        if tried(self.world.nils, blind) not in (0, InsufficientPrivilege):
            return "a blind update touches rows"
        if tried(self.world.cilla, (f"{blind} WHERE id = ANY (%s)", [ids])) not in (0, InsufficientPrivilege):
            return "somebody else's rows are changed"
        return self._still(label, "UPDATE", self._changes)

    def _column(self, label):
        """One that the web may write."""
        if label not in self.columns:
            with connected("owner") as owner:
                found = owner.execute(WRITABLE, [WALLED[label]._meta.db_table]).fetchall()
            names = [row[0] for row in found]
            self.columns[label] = "created_at" if "created_at" in names else names[0]
        return self.columns[label]

    def removing(self, label):
        if self._nobody(f"DELETE FROM {WALLED[label]._meta.db_table}"):  # noqa: S608
            return "nobody deletes rows"
        return self._still(label, "DELETE", self._removes)

    def _still(self, label, what, asks):
        """The positive control: whoever got through while the wall was whole does so still."""
        if (what, label) not in self.let_in:
            self.let_in[what, label] = next((one for one in self._people() if asks(label, one)), None)
        one = self.let_in[what, label]
        if one is not None and not asks(label, one):
            return f"{one} can do no more what she may: {what}"
        return self.acts.do_not(what, WALLED[label])

    def _people(self):
        return [*ACTORS, "the upkeep"]

    def _as(self, name):
        return acting_as_system(self.world.bollnas) if name == "the upkeep" else acting(getattr(self.world, name))

    def _adds(self, label, name):
        who = None if name == "the upkeep" else getattr(self.world, name)
        house = self.world.bollnas.pk if who is None else who.authority_id
        own = [row for row in self.rows[label] if row["authority_id"] == house][:12]
        return any(self._passes(name, *copy_of(row, label)) for row in own)

    def _changes(self, label, name):
        return self._passes(name, f"UPDATE {WALLED[label]._meta.db_table} SET {self._column(label)} = NULL")  # noqa: S608

    def _removes(self, label, name):
        return self._passes(name, f"DELETE FROM {WALLED[label]._meta.db_table}")  # noqa: S608

    def _passes(self, name, *statement):
        """Past the policies: what a lock or a key says comes after."""
        try:
            with transaction.atomic(), self._as(name), connection.cursor() as cursor:
                cursor.execute(*statement)
                touched = cursor.rowcount
                transaction.set_rollback(True)
                return touched > 0
        except Exception as error:  # noqa: BLE001  a lock, a key, a check: everything but the wall's own no
            return not isinstance(error.__cause__, InsufficientPrivilege)

    def _nobody(self, sql):
        with connected("app") as link:
            try:
                return link.execute(sql).rowcount
            except InsufficientPrivilege:
                return 0
            except psycopg.Error:
                return 1
            finally:
                link.rollback()

    def working(self, policy):
        with connected("worker") as link:
            columns = link.execute(
                "SELECT column_name FROM information_schema.column_privileges"
                " WHERE table_name = %s AND grantee = 'exit_worker' AND privilege_type = 'SELECT'",
                [policy.table],
            ).fetchall()
            seen = link.execute(f"SELECT count(*), {columns[0][0]} FROM {policy.table} GROUP BY 2").fetchall()  # noqa: S608
        return None if seen else "the worker finds nothing to do"

    def plain(self, policy):
        """Accounts and published figures have no oracle: whatever anybody sees or may do there has changed."""
        now = dict(self._facts(policy.table))
        before = self.before.setdefault(policy.table, now)
        changed = next((what for what in now if now[what] != before[what]), None)
        return changed and f"{changed}: {before[changed]} → {now[changed]}"

    def _facts(self, table):
        with connected("backup") as everything:
            row = everything.execute(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1").fetchone()[0]  # noqa: S608
        copied = f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s)).*"  # noqa: S608
        new = json.dumps({**row, "id": str(uuid4()), "email": f"{uuid4()}@a.example"})
        for name in ("nobody", *ACTORS):
            for verb, *statement in (
                ("sees", f"SELECT 1 FROM {table}"), ("adds", copied, [new]),  # noqa: S608
                ("changes", f"UPDATE {table} SET id = id"),  # noqa: S608
            ):  # fmt: skip
                yield f"{name} {verb}", self._came(name, statement)
        with connected("figures") as figures:
            for verb, statement in (("sees", [f"SELECT 1 FROM {table}"]), ("adds", [copied, [new]])):  # noqa: S608
                try:
                    yield f"figures {verb}", figures.execute(*statement).rowcount
                except psycopg.Error as error:
                    yield f"figures {verb}", type(error).__name__
                figures.rollback()

    def _came(self, name, statement):
        as_one = transaction.atomic() if name == "nobody" else self._as(name)
        try:
            with transaction.atomic(), as_one, connection.cursor() as cursor:
                cursor.execute(*statement)
                came = cursor.rowcount
                transaction.set_rollback(True)
                return came
        except Exception as error:  # noqa: BLE001
            return type(error.__cause__).__name__
