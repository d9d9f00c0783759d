"""Questions to PostgreSQL's own catalogue. Each gives the holes it finds: an empty list is a whole wall."""

# Every table with an authority column, wherever it came from; a model's declaration is not asked.
TABLES = """
    SELECT c.oid, c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      AND a.attname = 'authority_id' AND NOT a.attisdropped AND c.relname <> ALL (%(plain)s)
"""
NOT_FORCED = f"""
    SELECT t.name FROM ({TABLES}) t(oid, name) JOIN pg_class c USING (oid)
    WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""
WITHOUT_POLICY = f"""
    SELECT t.name FROM ({TABLES}) t(oid, name)
    WHERE NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd = 'r')
       OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd = 'a')
"""
# A policy for the web that does not ask who acts. The worker's are limited by its columns instead.
POLICY_ASKS_NOBODY = """
    SELECT p.polrelid::regclass || '.' || p.polname FROM pg_policy p
    WHERE (p.polroles = '{0}' OR 'exit_app'::regrole = ANY (p.polroles))
      AND (coalesce(pg_get_expr(p.polqual, p.polrelid), 'wall.') NOT LIKE '%%wall.%%'
        OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'wall.') NOT LIKE '%%wall.%%')
"""
POLICY_FOR_OTHERS = """
    SELECT p.polrelid::regclass || '.' || p.polname FROM pg_policy p
    WHERE NOT p.polroles <@ ARRAY['exit_app'::regrole::oid, 'exit_worker'::regrole::oid]
      AND NOT (p.polroles = ARRAY['exit_figures'::regrole::oid]
               AND p.polrelid::regclass::text IN ('reporting_publication', 'reporting_publishedcell',
                                                 'reporting_keptcosts'))
"""
# TRUNCATE, REFERENCES, TRIGGER walk past row security. Asked of every table, walled or not.
PRIVILEGES_PAST_THE_WALL = """
    SELECT c.oid::regclass || ' ' || role || ' ' || word
    FROM pg_class c CROSS JOIN unnest(ARRAY['exit_app', 'exit_worker']) role
    CROSS JOIN unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) word
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace IN ('public'::regnamespace, 'wall'::regnamespace)
      AND has_table_privilege(role, c.oid, word)
"""
OWNED = """
    SELECT r.rolname || ' owns ' || c.oid::regclass FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolname IN ('exit_app', 'exit_worker', 'exit_backup', 'exit_figures')
    UNION ALL
    SELECT r.rolname || ' owns ' || p.oid::regprocedure FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
    WHERE r.rolname IN ('exit_app', 'exit_worker', 'exit_backup', 'exit_figures')
"""
ROLE_FLAGS = """
    SELECT rolname FROM pg_roles WHERE rolname IN ('exit_app', 'exit_worker')
      AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)
    UNION ALL
    SELECT m.rolname || ' is ' || g.rolname FROM pg_auth_members am
    JOIN pg_roles m ON m.oid = am.member JOIN pg_roles g ON g.oid = am.roleid
    WHERE m.rolname IN ('exit_app', 'exit_worker')
"""
MAY_CREATE = """
    SELECT role || ' ' || word FROM unnest(ARRAY['exit_app', 'exit_worker']) role, unnest(ARRAY['public', 'wall']) s,
    LATERAL (SELECT s || ' create' WHERE has_schema_privilege(role, s, 'CREATE')) w(word)
    UNION ALL
    SELECT role || ' ' || word FROM unnest(ARRAY['exit_app', 'exit_worker']) role,
    unnest(ARRAY['CREATE', 'TEMP']) word WHERE has_database_privilege(role, current_database(), word)
"""
# Between walled tables, a key without the authority in both halves is a way to point into another's house.
SINGLE_KEYS = f"""
    WITH walled (oid, name) AS ({TABLES})
    SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
    WHERE k.contype = 'f' AND k.conrelid IN (SELECT oid FROM walled) AND k.confrelid IN (SELECT oid FROM walled)
      AND NOT (
        (cardinality(k.conkey) = 2
         -- between rows of a case, the case is the middle part
         OR (cardinality(k.conkey) = 3
             AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[2])
                 = 'case_id'
             AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[2])
                 = 'case_id'))
        AND NOT k.condeferrable
        AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[1])
            = 'authority_id'
        AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])
            ~ '(authority_id|^other_id|^principal_id|^recipient_id|^employer_id)$'
        AND k.confdeltype IN ('a', 'r') AND k.convalidated)
"""
# «Already registered» must never be heard across the wall.
UNIQUE_ACROSS = f"""
    SELECT t.name || '.' || i.indexrelid::regclass FROM ({TABLES}) t(oid, name) JOIN pg_index i ON i.indrelid = t.oid
    WHERE (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'authority_id'
                      AND a.attnum = ANY (i.indkey::int2[]))
"""
DEFINERS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
    WHERE p.prosecdef AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND (p.pronamespace <> 'wall'::regnamespace OR r.rolname <> 'exit_wall'
           OR NOT coalesce('search_path=pg_catalog' = ANY (p.proconfig), false))
"""
PUBLIC_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'wall'::regnamespace
      AND (p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) x WHERE x.grantee = 0)
           OR NOT coalesce('search_path=pg_catalog' = ANY (p.proconfig), false))
"""
VIEWS = """
    SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN ('public'::regnamespace, 'wall'::regnamespace)
      AND (has_any_column_privilege('exit_app', c.oid, 'SELECT')
           OR has_any_column_privilege('exit_worker', c.oid, 'SELECT'))
      AND (c.relkind = 'm' OR NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))
"""
OPEN_TABLES = f"""
    SELECT c.oid::regclass || ' ' || role || ' ' || word
    FROM pg_class c CROSS JOIN unnest(ARRAY['exit_app', 'exit_worker']) role
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) word
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ('public'::regnamespace, 'wall'::regnamespace)
      AND c.oid NOT IN (SELECT oid FROM ({TABLES}) t(oid, name) WHERE t.name <> ALL (%(closed)s))
      AND c.relname <> ALL (%(plain)s)
      AND has_any_column_privilege(role, c.oid, word)
"""
# Sessions of one role can read each other's statements, values included, unless the superuser has said no.
WATCHED = """
    SELECT name FROM unnest(ARRAY['exit_app', 'exit_worker']) name
    WHERE NOT EXISTS (SELECT 1 FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
                      WHERE r.rolname = name AND 'track_activities=off' = ANY (s.setconfig))
"""
# Such a function is asked of a row before its policy is.
ASKED_FIRST = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE proleakproof AND ('text'::regtype = ANY (proargtypes) OR 'bpchar'::regtype = ANY (proargtypes))
"""
HOLES = {
    "a comparison of text that is asked before the policy": ASKED_FIRST,
    "a table without forced row security": NOT_FORCED,
    "a table without policies": WITHOUT_POLICY,
    "a policy that asks nobody": POLICY_ASKS_NOBODY,
    "a policy for somebody else": POLICY_FOR_OTHERS,
    "a privilege past the wall": PRIVILEGES_PAST_THE_WALL,
    "something owned": OWNED,
    "a role with powers": ROLE_FLAGS,
    "a right to create": MAY_CREATE,
    "a key without the authority": SINGLE_KEYS,
    "a unique across authorities": UNIQUE_ACROSS,
    "a definer function out of place": DEFINERS,
    "a function for everybody": PUBLIC_FUNCTIONS,
    "a view past the wall": VIEWS,
    "an open table": OPEN_TABLES,
    "a role that others can watch": WATCHED,
}
