"""What is in the database, so that two of them can be compared: rows and a checksum of each table and authority."""

TABLES = """
    SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'authority_id'
                              AND NOT a.attisdropped)
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
SUMS = """
    SELECT coalesce({whose}::text, '-'), count(*),
           encode(sha256(string_agg(sha256(convert_to(t::text, 'UTF8')), ''::bytea
                                    ORDER BY sha256(convert_to(t::text, 'UTF8')))), 'hex')
    FROM public."{table}" t GROUP BY 1
"""


def of(line):
    """{table: {authority or "-": [rows, checksum]}}, by a connection that no row security binds."""
    with line.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = ISO")
        cursor.execute(TABLES)
        found = {}
        for table, has_authority in cursor.fetchall():
            cursor.execute(SUMS.format(table=table, whose="t.authority_id" if has_authority else "NULL"))
            found[table] = {whose: [rows, checksum] for whose, rows, checksum in cursor.fetchall()}
    return found


def differences(one, other):
    """«table, authority» of everything that is not the same in both."""
    pairs = {(table, whose) for found in (one, other) for table, rows in found.items() for whose in rows}
    return sorted(
        f"{table}, {whose}" for table, whose in pairs
        if one.get(table, {}).get(whose) != other.get(table, {}).get(whose)
    )  # fmt: skip


def authorities(found):
    return {whose for rows in found.values() for whose in rows if whose != "-"}
