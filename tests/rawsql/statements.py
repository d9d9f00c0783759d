"""What somebody with a raw connection may try at a table. ``{t}`` is the table, ``{c}`` what is asked of it,
``{foreign}`` the ids of another authority's rows, ``{one}`` one of them."""

from dataclasses import dataclass

WHERE = " WHERE id = ANY ({foreign})"


@dataclass(frozen=True)
class Statement:
    sql: str
    kind: str  # read: no row; write: no row touched; never: refused; idle: whatever it says, nothing is changed by it
    blind: bool = False  # no row named: of a stranger only her own would be touched
    copied: bool = False  # takes a row of the other authority, with a new id
    out: bool = False  # COPY … TO STDOUT


def read(sql, **more):
    return Statement(sql, "read", **more)


def write(sql, **more):
    return Statement(sql, "write", **more)


def never(sql):
    return Statement(sql, "never")


COPIED = "INSERT INTO {t} SELECT (jsonb_populate_record(NULL::{t}, %s)).*"
STATEMENTS = {
    "select": read("SELECT {c} FROM {t}" + WHERE),
    "select, all": read("SELECT {c} FROM {t}", blind=True),
    "count": read("SELECT count(*) FROM (SELECT {c} FROM {t}" + WHERE + ") x HAVING count(*) > 0"),
    "exists": read("SELECT 1 WHERE EXISTS (SELECT {c} FROM {t}" + WHERE + ")"),
    "join": read("SELECT x.* FROM (SELECT {c} FROM {t}" + WHERE + ") x CROSS JOIN generate_series(1, 2)"),
    "aggregate": read("SELECT x FROM (SELECT max(y::text) x FROM (SELECT {c} FROM {t}" + WHERE + ") y) z"
                      " WHERE x IS NOT NULL"),
    "in an error": read("SELECT (y::text)::int FROM (SELECT {c} FROM {t}" + WHERE + ") y"),
    "for update": read("SELECT {c} FROM {t}" + WHERE + " FOR UPDATE"),
    "table": read("TABLE {t}", blind=True),
    "tid": read("SELECT {c} FROM {t} WHERE ctid = '(0,1)'", blind=True),
    "only": read("SELECT {c} FROM ONLY {t} TABLESAMPLE SYSTEM (100)", blind=True),
    "cursor": read("DECLARE c CURSOR FOR SELECT {c} FROM {t}" + WHERE + "; FETCH ALL FROM c"),
    "held cursor": read("DECLARE h CURSOR WITH HOLD FOR SELECT {c} FROM {t}" + WHERE + "; FETCH ALL FROM h; CLOSE h"),
    "prepared": read("DEALLOCATE ALL; PREPARE p AS SELECT {c} FROM {t}" + WHERE + "; EXECUTE p"),
    "query_to_xml": read("SELECT 1 WHERE query_to_xml($q$SELECT {c} FROM {t}" + WHERE
                         + "$q$, false, false, '')::text ~ '<row>'"),
    "copy out": read("COPY (SELECT {c} FROM {t}" + WHERE + ") TO STDOUT", out=True),
    "copy table out": read("COPY {t} TO STDOUT", out=True, blind=True),
    "update": write("UPDATE {t} SET created_at = created_at" + WHERE),
    "update, all": write("UPDATE {t} SET created_at = now()", blind=True),
    "update, told": read("UPDATE {t} SET created_at = now()" + WHERE + " RETURNING id"),
    "update from": write("UPDATE {t} x SET created_at = now() FROM unnest({foreign}) f(id) WHERE x.id = f.id"),
    "take over": write("UPDATE {t} SET authority_id = wall.authority()" + WHERE),
    "delete": write("DELETE FROM {t}" + WHERE),
    "delete, all": write("DELETE FROM {t}", blind=True),
    "delete, told": read("DELETE FROM {t}" + WHERE + " RETURNING {c}"),
    "insert": write(COPIED, copied=True),
    "insert, told": read(COPIED + " RETURNING id", copied=True),
    "insert, quiet": write(COPIED + " ON CONFLICT DO NOTHING", copied=True),
    "insert or change": write(COPIED + " ON CONFLICT (id) DO UPDATE SET created_at = now()", copied=True),
    "insert what is there": write("INSERT INTO {t} SELECT * FROM {t}" + WHERE),
    "merge away": write("MERGE INTO {t} x USING (SELECT unnest({foreign}) id) f ON x.id = f.id"
                        " WHEN MATCHED THEN DELETE"),
    "merge over": write("MERGE INTO {t} x USING (SELECT unnest({foreign}) id) f ON x.id = f.id"
                        " WHEN MATCHED THEN UPDATE SET created_at = now()"),
    "truncate": never("TRUNCATE {t}"),
    "truncate all": never("TRUNCATE {t} RESTART IDENTITY CASCADE"),
    "copy to a program": never("COPY {t} TO PROGRAM 'cat'"),
    "copy to a file": never("COPY {t} TO '/tmp/exitprogram-out'"),
    "copy from a file": never("COPY {t} FROM '/etc/passwd'"),
    "row security off": never("ALTER TABLE {t} DISABLE ROW LEVEL SECURITY"),
    "not forced": never("ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY"),
    "owner": never("ALTER TABLE {t} OWNER TO CURRENT_USER"),
    "triggers off": never("ALTER TABLE {t} DISABLE TRIGGER USER"),
    "column added": never("ALTER TABLE {t} ADD COLUMN planted int"),
    "renamed": never("ALTER TABLE {t} RENAME TO planted"),
    "moved": never("ALTER TABLE {t} SET SCHEMA wall"),
    "dropped": never("DROP TABLE {t} CASCADE"),
    "policy made": never("CREATE POLICY planted ON {t} USING (true)"),
    "trigger made": never("CREATE TRIGGER planted BEFORE INSERT ON {t} FOR EACH ROW"
                          " EXECUTE FUNCTION suppress_redundant_updates_trigger()"),
    "rule made": never("CREATE RULE planted AS ON INSERT TO {t} DO ALSO NOTHING"),
    "index made": never("CREATE INDEX planted ON {t} ((1))"),
    "statistics made": never("CREATE STATISTICS planted ON (1), (2) FROM {t}"),
    "key to it": never("CREATE TABLE public.planted (x {id} REFERENCES {t} ({key}))"),
    "view of it": never("CREATE VIEW public.planted AS SELECT 1 AS x FROM {t}"),
    "temporary copy": never("CREATE TEMP TABLE planted AS SELECT 1 AS x FROM {t}"),
    "temporary table": never("CREATE TEMP TABLE planted (LIKE {t})"),
    "shadowed": never("CREATE FUNCTION public.planted({t}) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    "comment": never("COMMENT ON TABLE {t} IS 'planted'"),
    "given": Statement("GRANT SELECT ON {t} TO exit_worker", "idle"),
    "taken": Statement("REVOKE ALL ON {t} FROM exit_worker", "idle"),
    "analyzed": Statement("ANALYZE {t}", "idle"),
    "locked": Statement("LOCK TABLE {t} IN ACCESS EXCLUSIVE MODE", "idle"),
}  # fmt: skip
