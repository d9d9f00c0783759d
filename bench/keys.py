"""Foreign keys and indexes put aside while many rows are copied, and put back as they were. A key that is put back is
checked for all rows at once, by one join, where one row at a time would be asked about for each."""

from contextlib import contextmanager

WORTH_IT = 5_000  # cases: below that, putting back takes longer than it saves

KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY (%s::regclass[]) ORDER BY conrelid::regclass::text, conname
"""
INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique AND NOT i.indisexclusion
    ORDER BY 1
"""


@contextmanager
def put_aside(cursor, tables):
    keys = cursor.execute(KEYS, [tables]).fetchall()
    indexes = cursor.execute(INDEXES, [tables]).fetchall()
    for table, name, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
