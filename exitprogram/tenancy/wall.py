"""The database wall, built from one declaration per model.

Each model that holds an authority's rows says in ``wall = Wall(…)`` who may do what with a row; ``raise_walls``
turns all of them into privileges, row-level security (ENABLE and FORCE), composite foreign keys and locks. It runs
at the end of every ``migrate``, drops what an earlier run made and makes it anew, so the database cannot drift from
the declarations. A table without a declaration gets no privilege at all.
"""

from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

OWN = "authority_id = (SELECT wall.authority())"
SYSTEM = "(SELECT wall.system())"
OPEN_CASE = "case_id IN (SELECT unnest((SELECT wall.open_cases())))"
HELD_CASE = OPEN_CASE.replace("open_cases", "held_cases")


@dataclass(frozen=True)
class Wall:
    """Conditions are SQL over the row. Every one of them is joined with *the authority is mine*, except ``share``.

    read: need to know within the authority. insert, update: like ``read`` when not given.
    share: opens rows of *another* authority (team × consent × day), and ``share_update`` lets it write them.
    delete: rows that may vanish before they mean anything; by default none.
    app, worker: privileges of the web and the worker role. append_only: nobody changes or deletes a row.
    locked: a condition on OLD under which no column may change, except those named in ``still_free``.
    fixed: columns that never change once the row is there, whoever writes; ``id`` and ``authority_id`` always.
    mine: columns that name who did it: whoever sets one, names herself.
    once, only_earlier: columns that are set once; days that, once set, only move to an earlier one.
    never: a condition on OLD and NEW under which no update goes through.
    in_emergency: may be written by one who has the case for an hour in an emergency. Everything else she only reads.
    secret_statistics: columns of which PostgreSQL keeps none, since the planner's estimates are there for all to ask.
    """

    read: str = "true"
    insert: str = ""
    update: str = ""
    delete: str = ""
    share: str = ""
    share_update: str = ""
    share_insert: str = ""
    app: str = "SELECT, INSERT, UPDATE"
    worker: str = ""
    worker_columns: str = ""
    append_only: bool = False
    locked: str = ""
    still_free: tuple = ()
    fixed: tuple = ()
    mine: tuple = ()
    once: tuple = ()
    only_earlier: tuple = ()
    never: str = ""
    in_emergency: bool = False
    secret_statistics: tuple = ()
    own: str = OWN


def walled_models():
    return [model for model in apps.get_models() if getattr(model, "wall", None) is not None]


def raise_walls():
    """(Re)build the wall. The connection is the owner's. Idempotent; about a second."""
    with connection.cursor() as cursor:
        cursor.execute(_ground())
        cursor.execute("SELECT format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database())")
        cursor.execute(cursor.fetchone()[0])
        _store_key(cursor)
        for path in _sql_files():
            cursor.execute(path.read_text())
        for model in walled_models():
            for statement in getattr(model, "wall_functions", tuple)():
                cursor.execute(statement)
        for model in walled_models():
            for statement in statements(model):
                cursor.execute(statement)
        cursor.execute(FUNCTIONS_TO_WALL)
        for path in _sql_files("sql/after"):
            cursor.execute(path.read_text())
        for statement in _plain_grants():
            cursor.execute(statement)


def _ground():
    own = Path(__file__).parent / "sql"
    names = ("wall.sql", "factors.sql", "demonstration.sql", "agreements.sql", "entrance.sql")
    return "".join((own / name).read_text() for name in names)


def _sql_files(folder="sql"):
    """The walls' own functions of each room: ``sql/*.sql`` of every app, from the ground up. What is in ``sql/after``
    comes when tables, keys and policies stand."""
    own = Path(__file__).parent
    for config in apps.get_app_configs():
        room = Path(config.path)
        if room.is_relative_to(settings.BASE_DIR) and room != own:
            yield from sorted((room / folder).glob("*.sql"))


def _store_key(cursor):
    """Number 1 is the newest; ``wall.me`` takes what any of them has signed, so that one can be exchanged without a
    moment in which nobody gets in. Whatever else is made with a key is made with number 1."""
    for number, key in enumerate(settings.CONTEXT_KEYS, 1):
        padded = key.ljust(64, b"\0")
        cursor.execute(
            "INSERT INTO wall.key VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE"
            " SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [number, bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)],
        )
    cursor.execute("DELETE FROM wall.key WHERE id > %s", [len(settings.CONTEXT_KEYS)])


def statements(model):
    """The SQL that walls one model's table."""
    wall, table, sealed = model.wall, model._meta.db_table, sealed_columns(model)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    if wall.secret_statistics:  # first: a column that a trigger or a policy names cannot get its type anew
        yield from (f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in ("locked", "kept", "fixed"))
        yield from (f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("r", "i", "u", "d", "worker"))
        yield from (_without_statistics(table, column) for column in wall.secret_statistics)
    yield from _privileges(wall, table, sealed)
    yield from _policies(wall, table, sealed)
    yield from _keys(model, table)
    yield from _locks(wall, table, sealed)


def sealed_columns(model):
    """Columns of encrypted text. What they say is locked by the key; the seal itself is made anew by ``rotate_keys``,
    also in rows that nobody may change. Only the house's own upkeep may, and only these columns."""
    return [field.column for field in model._meta.concrete_fields if getattr(field, "sealed_column", False)]


def _privileges(wall, table, sealed):
    for role in ("exit_app", "exit_worker"):
        yield f"REVOKE ALL ON {table} FROM {role}"
    if wall.app:
        yield f"GRANT {wall.app}{', DELETE' if wall.delete else ''} ON {table} TO exit_app"
    if wall.append_only and sealed:
        yield f"GRANT UPDATE ({', '.join(sealed)}) ON {table} TO exit_app"
    if wall.worker:
        columns = f" ({wall.worker_columns})" if wall.worker_columns else ""
        grants = ", ".join(f"{word.strip()}{columns}" for word in wall.worker.split(","))
        yield f"GRANT {grants} ON {table} TO exit_worker"
    yield f"GRANT SELECT ON {table} TO exit_wall"


def _policies(wall, table, sealed):
    yield from (f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("r", "i", "u", "d", "worker"))
    read = f"({wall.own} AND ({SYSTEM} OR ({wall.read})))"
    named = "".join(f" AND ({SYSTEM} OR {_mine_or_nobody(column)})" for column in wall.mine)
    insert = f"({wall.own} AND ({_written(wall, wall.insert or wall.read)}){named})"
    update = f"({wall.own} AND ({SYSTEM} OR ({_written(wall, wall.update or wall.read)})))"
    reads = f"{read} OR ({wall.share})" if wall.share else read
    inserts = f"{insert} OR ({wall.share_insert})" if wall.share_insert else insert
    updates = f"{update} OR ({wall.share_update})" if wall.share_update else update
    yield f"CREATE POLICY r ON {table} FOR SELECT TO exit_app USING ({reads})"
    yield f"CREATE POLICY i ON {table} FOR INSERT TO exit_app WITH CHECK ({inserts})"
    if not wall.append_only:
        yield f"CREATE POLICY u ON {table} FOR UPDATE TO exit_app USING ({updates}) WITH CHECK ({updates})"
    elif sealed:
        renewed = f"{wall.own} AND {SYSTEM}"
        yield f"CREATE POLICY u ON {table} FOR UPDATE TO exit_app USING ({renewed}) WITH CHECK ({renewed})"
    if wall.delete:
        delete = _written(wall, wall.delete)
        yield f"CREATE POLICY d ON {table} FOR DELETE TO exit_app USING ({wall.own} AND ({delete}))"
    if wall.worker:
        # The worker serves every authority; what it may see is limited by its column privileges instead.
        yield f"CREATE POLICY worker ON {table} TO exit_worker USING (true) WITH CHECK (true)"


def _written(wall, condition):
    """What is written takes more than an hour's emergency: the same condition over the cases one *holds*. Where an
    emergency is enough, a reading for some days is not."""
    if wall.in_emergency:
        return condition.replace("wall.open_cases()", "wall.working_cases()")
    return condition.replace("wall.open_cases()", "wall.held_cases()").replace(
        "wall.open_individuals()", "wall.held_individuals()"
    )


def tenant_keys(model):
    """(field, column of the authority half) for each foreign key from this walled table to another."""
    for field in model._meta.local_concrete_fields:
        target = getattr(field, "related_model", None)
        if field.is_relation and getattr(target, "wall", None) is not None:
            yield field, getattr(field, "authority_column", "authority_id")


def _keys(model, table):
    """Foreign keys ignore row security, so the authority is part of each: no row can point into another's house, and
    between rows of a case, none into another case. Asked at once, not at the end: what is undone has not been seen."""
    yield _unless_there(table, f"{table}_own", "UNIQUE (authority_id, id)")
    for field, half in tenant_keys(model):
        parent = field.related_model._meta.db_table
        same_case = _of_a_case(model) and _of_a_case(field.related_model)
        case, name = ("case_id, ", "case") if same_case else ("", "own")
        # The parent may come later in this run: make sure its key is there first.
        yield _unless_there(parent, f"{parent}_{name}", f"UNIQUE (authority_id, {case}id)")
        key = f"{table}_{field.column}_{name}_now"
        reference = f"FOREIGN KEY ({half}, {case}{field.column}) REFERENCES {parent} (authority_id, {case}id)"
        yield _unless_there(table, key[:63], reference)
        yield f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {f'{table}_{field.column}_own'[:63]}"


def _of_a_case(model):
    return any(field.name == "case" for field in model._meta.concrete_fields)


def _unless_there(table, name, definition):
    return f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}' AND conrelid = '{table}'::regclass) THEN
            ALTER TABLE {table} ADD CONSTRAINT {name} {definition};
        END IF;
    END $$"""  # noqa: S608  names of our own tables, no input


def _without_statistics(table, column):
    """Those already gathered go when the column gets its own type once more: no other way is open to the owner."""
    return f"""DO $$ DECLARE kind text; BEGIN
        SELECT format_type(atttypid, atttypmod) INTO kind FROM pg_attribute
            WHERE attrelid = '{table}'::regclass AND attname = '{column}' AND attstattarget IS DISTINCT FROM 0;
        IF FOUND THEN
            EXECUTE format('ALTER TABLE {table} ALTER COLUMN {column} TYPE %s', kind);
            ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0;
        END IF;
    END $$"""  # noqa: S608  names of our own tables, no input


def _locks(wall, table, sealed):
    yield f"DROP TRIGGER IF EXISTS locked ON {table}"
    yield f"DROP TRIGGER IF EXISTS kept ON {table}"
    yield f"DROP TRIGGER IF EXISTS fixed ON {table}"
    yield (
        f"CREATE TRIGGER fixed BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN ({' OR '.join(_refused(wall, sealed))}) EXECUTE FUNCTION wall.refuse()"
    )
    locked = "true" if wall.append_only else wall.locked
    if locked:
        changed = _changed(wall.still_free)
        if sealed:
            changed += f" AND NOT (wall.system() AND NOT {_changed((*wall.still_free, *sealed))})"
        yield (
            f"CREATE TRIGGER locked BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (({locked}) AND {'true' if wall.append_only and not sealed else changed})"
            " EXECUTE FUNCTION wall.refuse()"
        )
        yield (
            f"CREATE TRIGGER kept BEFORE DELETE ON {table} FOR EACH ROW WHEN ({locked}) EXECUTE FUNCTION wall.refuse()"
        )


def _mine_or_nobody(column):
    return f"{column} IS NULL OR {column} = (SELECT wall.membership())"


def _refused(wall, sealed):
    """Conditions on OLD and NEW, each of which alone stops an update."""
    for column in dict.fromkeys(("id", "authority_id", *wall.fixed)):
        unsealed = " AND NOT wall.system()" if column in sealed else ""
        yield f"(OLD.{column} IS DISTINCT FROM NEW.{column}{unsealed})"
    for column in wall.once:
        yield f"(OLD.{column} IS NOT NULL AND OLD.{column} IS DISTINCT FROM NEW.{column})"
    for column in wall.only_earlier:
        yield f"(OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} > OLD.{column}))"
    for column in wall.mine:
        yield (
            f"(OLD.{column} IS DISTINCT FROM NEW.{column} AND NEW.{column} IS NOT NULL"
            f" AND NEW.{column} IS DISTINCT FROM wall.membership() AND NOT wall.system())"
        )
    if wall.never:
        yield f"({wall.never})"


def _changed(free):
    without = "".join(f" - '{column}'" for column in free)
    return f"(to_jsonb(OLD){without} IS DISTINCT FROM to_jsonb(NEW){without})"


# Every definer function belongs to exit_wall. The web may call them all but those of the audit's chain and the worker's
# own (``worker_…``: ids and nothing else, over every authority). Beside them the worker may ask what day it is: several
# of the others give names.
FUNCTIONS_TO_WALL = """
DO $$ DECLARE f regprocedure; BEGIN
    GRANT USAGE, CREATE ON SCHEMA wall TO exit_wall;
    GRANT USAGE ON SCHEMA public TO exit_wall;
    GRANT SELECT ON wall.key TO exit_wall;
    FOR f IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'wall' AND p.prosecdef LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO exit_wall', f);
    END LOOP;
    FOR f IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'wall' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, exit_app, exit_worker, exit_figures', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO exit_wall, exit_owner', f);
        IF f::text LIKE 'wall.worker_%' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO exit_worker', f);
        ELSIF f::text LIKE 'wall.figures_%' THEN  -- counts before they are protected
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO exit_figures', f);
        ELSIF f::text NOT LIKE 'wall.audit_%' AND f::text NOT LIKE 'wall.counting_%'
              AND f::text NOT LIKE 'wall.restored_%' THEN  -- the owner's own, after a restore
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO exit_app', f);
        END IF;
    END LOOP;
    GRANT EXECUTE ON FUNCTION wall.today() TO exit_worker;
END $$
"""


def _plain_grants():
    """Tables without an authority's rows: reference data, sign-in, sessions. Named one by one; the rest get nothing."""
    for table, privileges in settings.PLAIN_TABLES.items():
        yield f"REVOKE ALL ON {table} FROM exit_app, exit_worker, exit_figures"
        for role, words in privileges.items():
            yield f"GRANT {words} ON {table} TO {role}"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO exit_app, exit_worker"
