"""A restored database is shut: the roles that answer may not connect until what was destroyed after the backup has been
destroyed again. A row in a schema of the owner's says so; ``roles.sql`` asks it, and ``destroy_again`` ends it."""

CLOSE = """
    CREATE SCHEMA IF NOT EXISTS restored;
    CREATE TABLE IF NOT EXISTS restored.mark (made_at timestamptz NOT NULL, opened_at timestamptz);
    GRANT USAGE ON SCHEMA restored TO exit_wall;
    GRANT SELECT ON restored.mark TO exit_wall
"""
OUT = """
    DO $$ BEGIN
        EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM exit_app, exit_worker, exit_figures', current_database());
    END $$
"""
IN = OUT.replace("REVOKE", "GRANT").replace("FROM", "TO")


def close(cursor, made_at):
    cursor.execute(CLOSE)
    cursor.execute("INSERT INTO restored.mark (made_at) VALUES (%s)", [made_at])
    cursor.execute(OUT)


def open_again(cursor):
    cursor.execute("UPDATE restored.mark SET opened_at = now() WHERE opened_at IS NULL")
    cursor.execute(IN)


def waits_since(cursor):
    """The moment of the backup that this database was restored from, while it is shut; None otherwise."""
    cursor.execute("SELECT to_regclass('restored.mark') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return None
    cursor.execute("SELECT max(made_at) FROM restored.mark WHERE opened_at IS NULL")
    return cursor.fetchone()[0]
