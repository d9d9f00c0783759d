-- Nothing is added to a list that somebody has signed.
CREATE OR REPLACE FUNCTION wall.list_unsigned(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_disposallist l
                         WHERE l.id = wanted AND l.authority_id = wall.authority()
                           AND l.signed_first_at IS NULL AND l.dropped_at IS NULL AND l.carried_out_at IS NULL) $$;

-- Every foreign key of the house that ends in a row with an id: (table, its column, the table it points to). What
-- hangs on a case is found here and not in a list, so that a new table cannot be forgotten.
CREATE OR REPLACE FUNCTION wall.keys_between() RETURNS TABLE (child regclass, col name, parent regclass)
    LANGUAGE sql STABLE SET search_path = pg_catalog
    AS $$
    SELECT DISTINCT k.conrelid::regclass, a.attname, k.confrelid::regclass
    FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[cardinality(k.conkey)]
    JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[cardinality(k.confkey)]
    WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND p.attname = 'id'
      AND EXISTS (SELECT 1 FROM pg_attribute o WHERE o.attrelid = k.conrelid AND o.attname = 'authority_id')
    $$;

-- The tables that may hold something of a case or a person, through any number of keys.
CREATE OR REPLACE FUNCTION wall.hanging() RETURNS TABLE (tab regclass)
    LANGUAGE sql STABLE SET search_path = pg_catalog
    AS $$
    WITH RECURSIVE keys AS MATERIALIZED (SELECT * FROM wall.keys_between()),
    found (tab) AS (
        SELECT unnest(ARRAY['public.cases_case'::regclass, 'public.cases_individual'::regclass])
        UNION SELECT k.child FROM found f JOIN keys k ON k.parent = f.tab)
    SELECT tab FROM found
    $$;

-- The last day on which anything was written in each of these cases: a note, a plan, a decision, a paper, the closing.
-- Who may read it and what stops its destruction are about the file and not in it.
CREATE OR REPLACE FUNCTION wall.last_days(wanted uuid[]) RETURNS TABLE (case_id uuid, last_on date)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
DECLARE parts text;
BEGIN
    SELECT string_agg(format(
        'SELECT %I, (max(created_at) AT TIME ZONE ''Europe/Stockholm'')::date FROM %s WHERE %I = ANY ($1) GROUP BY 1',
        k.col, k.child, k.col), ' UNION ALL ')
    INTO parts FROM wall.keys_between() k
    WHERE k.parent = 'public.cases_case'::regclass
      AND k.child NOT IN ('public.cases_accessgrant'::regclass, 'public.cases_retentionmark'::regclass,
                          'public.cases_disposalitem'::regclass, 'public.cases_archiveexport'::regclass);
    RETURN QUERY EXECUTE format($sql$
        SELECT id, max(day) FROM (
            SELECT c.id, c.closed_on FROM public.cases_case c WHERE c.id = ANY ($1)
            UNION ALL
            SELECT n.case_id, (max(n.signed_at) AT TIME ZONE 'Europe/Stockholm')::date FROM public.cases_casenote n
                WHERE n.case_id = ANY ($1) GROUP BY 1
            UNION ALL %s) days(id, day)
        GROUP BY id $sql$, parts)
        USING ARRAY(SELECT c.id FROM public.cases_case c WHERE c.id = ANY (wanted) AND c.authority_id = wall.authority());
END $$;

-- Does the file hold what a region's people have written as theirs (a section they have signed)?
CREATE OR REPLACE FUNCTION wall.from_health_care(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    RETURN EXISTS (SELECT 1 FROM public.plans_section s JOIN public.tenancy_authority a ON a.id = s.principal_id
                   WHERE s.case_id = wanted AND s.authority_id = wall.authority() AND s.state = 'signed' AND a.kind = 'health_authority');
END $$;

-- What the rules need to know of every closed case, for those who prepare its destruction: numbers and days, no person.
-- The day of birth and the numbers lie sealed here too; they are opened in Python, for the question and not for a page.
DROP FUNCTION IF EXISTS wall.retention_facts();
CREATE FUNCTION wall.retention_facts()
    RETURNS TABLE (case_id uuid, number text, programme text, closed_on date, last_on date, person uuid,
                   person_ids uuid[], births bytea[], number_ids uuid[], number_values bytea[], marks text[],
                   from_health_care boolean, other_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH closed AS (
        SELECT c.*, wall.same_people(ARRAY[c.individual_id]) AS people FROM public.cases_case c
        WHERE c.authority_id = wall.authority() AND c.closed_on IS NOT NULL
          AND NOT c.id = ANY (wall.blocked_cases())
          AND wall.role() IN ('unit_manager', 'administrator'))
    SELECT c.id, c.number, c.programme, c.closed_on, d.last_on, i.first, i.ids, i.births, p.ids, p.texts,
           (SELECT coalesce(array_agg(DISTINCT m.kind), '{}') FROM public.cases_retentionmark m
             WHERE m.case_id = c.id AND m.ended_at IS NULL),
           wall.from_health_care(c.id),
           EXISTS (SELECT 1 FROM public.cases_case o WHERE o.individual_id = ANY (c.people) AND o.closed_on IS NULL)
    FROM closed c
    CROSS JOIN LATERAL (
        SELECT (array_agg(x.id ORDER BY x.id))[1] AS first, array_agg(x.id ORDER BY x.id) AS ids,
               array_agg(x.sealed_birth_date ORDER BY x.id) AS births
        FROM public.cases_individual x WHERE x.id = ANY (c.people)) i
    CROSS JOIN LATERAL (
        SELECT array_agg(x.id ORDER BY x.id) AS ids, array_agg(x.value ORDER BY x.id) AS texts
        FROM public.cases_personidentifier x
        WHERE x.individual_id = ANY (c.people) AND x.kind IN ('personal', 'coordination')) p
    JOIN wall.last_days((SELECT array_agg(id) FROM closed)) d ON d.case_id = c.id
    ORDER BY d.last_on, c.number
    $$;

-- Whom these cases are about, with every row that is the same person (merged).
CREATE OR REPLACE FUNCTION wall.people_of_cases(listed uuid[]) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.same_people((SELECT array_agg(DISTINCT c.individual_id) FROM public.cases_case c
                                   WHERE c.id = ANY (listed) AND c.authority_id = wall.authority())) $$;

-- Is the list what its signatures say, and may each of its cases go today? A sentence when not.
CREATE OR REPLACE FUNCTION wall.disposal_fault(wanted uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    l public.cases_disposallist;
    listed uuid[];
BEGIN
    SELECT * INTO l FROM public.cases_disposallist x WHERE x.id = wanted AND x.authority_id = wall.authority();
    IF NOT FOUND OR wall.role() NOT IN ('unit_manager', 'administrator') THEN RETURN 'Listan finns inte.'; END IF;
    IF l.carried_out_at IS NOT NULL OR l.dropped_at IS NOT NULL THEN RETURN 'Listan är redan avslutad.'; END IF;
    IF (SELECT count(DISTINCT m.user_id) FROM public.tenancy_membership m
        WHERE m.id IN (l.signed_first_by_id, l.signed_second_by_id) AND m.authority_id = l.authority_id
          AND m.role IN ('unit_manager', 'administrator')) <> 2 THEN
        RETURN 'Listan ska vara signerad av två olika personer.';
    END IF;
    SELECT array_agg(target_id) INTO listed FROM public.cases_disposalitem WHERE list_id = l.id;
    IF coalesce(cardinality(listed), 0) <> l.cases THEN RETURN 'Listan är inte hel.'; END IF;
    IF EXISTS (SELECT 1 FROM public.cases_disposalitem x JOIN public.cases_case c ON c.id = x.target_id
               LEFT JOIN wall.last_days(listed) d ON d.case_id = c.id
               WHERE x.list_id = l.id
                 AND (c.authority_id <> l.authority_id OR c.closed_on IS NULL OR d.last_on IS DISTINCT FROM x.last_on
                      OR x.destroy_from > wall.today()
                      -- The shortest time that any rule has. A law with a shorter one is a change here too.
                      OR x.destroy_from < d.last_on + interval '5 years')) THEN
        RETURN 'Något i ett ärende har ändrats eller är inte gammalt nog.';
    END IF;
    IF EXISTS (SELECT 1 FROM public.cases_retentionmark m
               WHERE m.case_id = ANY (listed) AND m.ended_at IS NULL AND m.kind IN ('hold', 'placed')) THEN
        RETURN 'Ett ärende är spärrat eller ska bevaras.';
    END IF;
    IF EXISTS (SELECT 1 FROM public.cases_case o
               WHERE o.id <> ALL (listed) AND o.individual_id = ANY (wall.people_of_cases(listed))) THEN
        RETURN 'Andra uppgifter om samma person finns kvar.';
    END IF;
    RETURN NULL;
END $$;

-- The one function that destroys. Two signatures and every day are asked again here, then the person's key goes, and
-- with it every file; then all rows of the case and the person, found through the foreign keys. A row of somebody
-- else's that still points at one of them stops it all. Gives the names of the files that are now rubbish.
CREATE OR REPLACE FUNCTION wall.dispose(wanted uuid)
    RETURNS TABLE (cases integer, people integer, files text[]) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    fault text;
    house uuid := wall.authority();
    listed uuid[];
    persons uuid[];
    names text[];
BEGIN
    PERFORM 1 FROM public.cases_disposallist l WHERE l.id = wanted AND l.authority_id = house FOR UPDATE;
    SELECT array_agg(i.target_id) INTO listed FROM public.cases_disposalitem i WHERE i.list_id = wanted;
    PERFORM 1 FROM public.cases_case c WHERE c.id = ANY (listed) AND c.authority_id = house ORDER BY c.id FOR UPDATE;
    fault := wall.disposal_fault(wanted);
    IF fault IS NOT NULL THEN RAISE EXCEPTION '%', fault USING ERRCODE = 'restrict_violation'; END IF;
    persons := wall.people_of_cases(listed);
    names := wall.destroy_whole(house, listed, persons);
    RETURN QUERY SELECT cardinality(listed), cardinality(persons), names;
END $$;

-- After a restore from a backup that is older than a destruction: what was destroyed goes again, by its ids out of the
-- ledger that is kept outside. Only the owner may call it, and only while the restored database is shut.
CREATE OR REPLACE FUNCTION wall.restored_dispose(house uuid, wanted uuid[])
    RETURNS TABLE (cases integer, files text[]) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    is_shut boolean := false;
    listed uuid[];
    names text[] := '{}';
BEGIN
    IF to_regclass('restored.mark') IS NOT NULL THEN
        EXECUTE 'SELECT EXISTS (SELECT 1 FROM restored.mark WHERE opened_at IS NULL)' INTO is_shut;
    END IF;
    IF NOT is_shut THEN RAISE EXCEPTION 'Databasen är öppen.' USING ERRCODE = 'restrict_violation'; END IF;
    SELECT array_agg(c.id) INTO listed FROM public.cases_case c WHERE c.id = ANY (wanted) AND c.authority_id = house;
    IF listed IS NOT NULL THEN
        names := wall.destroy_whole(house, listed, wall.same_people(
            (SELECT array_agg(DISTINCT c.individual_id) FROM public.cases_case c WHERE c.id = ANY (listed))));
        INSERT INTO public.audit_auditevent
            (id, authority_id, created_at, action, object_type, object_id, case_id, ground, details, request_id)
            SELECT gen_random_uuid(), house, now(), 'case.disposed_again', 'cases.case', c, c, '', '{}', ''
            FROM unnest(listed) c;
    END IF;
    RETURN QUERY SELECT coalesce(cardinality(listed), 0), names;
END $$;

-- A step of the two above, with their rights: the person's key first, then every row. Gives the files' names.
CREATE OR REPLACE FUNCTION wall.destroy_whole(house uuid, listed uuid[], persons uuid[]) RETURNS text[]
    LANGUAGE plpgsql SET search_path = pg_catalog
    AS $$
DECLARE
    names text[];
    gone uuid[];
BEGIN
    SELECT coalesce(array_agg(f.stored_name::text), '{}') INTO names FROM (
        SELECT d.stored_name FROM public.cases_document d WHERE d.case_id = ANY (listed)
        UNION ALL SELECT k.stored_name FROM public.cases_keptcopy k WHERE k.case_id = ANY (listed)
        UNION ALL SELECT e.stored_name FROM public.cases_archiveexport e
            WHERE e.case_id = ANY (listed) AND e.stored_name <> '') f;
    DELETE FROM public.cases_personkey k WHERE k.individual_id = ANY (persons);
    gone := wall.hangs_on(listed || persons, listed, persons);
    DELETE FROM public.cases_notice n WHERE n.authority_id = house AND n.subject_id = ANY (gone);
    DELETE FROM public.tenancy_submission s WHERE s.authority_id = house
        AND EXISTS (SELECT 1 FROM unnest(listed) c WHERE s.went_to LIKE '%' || c || '%');
    PERFORM wall.destroy_rows(gone, house, listed, persons);
    RETURN names;
END $$;

-- The ids of all rows that hang on these, through any number of keys; never a row of another case or person.
CREATE OR REPLACE FUNCTION wall.hangs_on(seeds uuid[], listed uuid[], persons uuid[]) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog
    AS $$
DECLARE
    gone uuid[] := seeds;
    newest uuid[] := seeds;
    more uuid[];
    question text;
BEGIN
    SELECT string_agg(format('SELECT id FROM %s WHERE %I = ANY ($1)%s%s', k.child, k.col,
        CASE WHEN wall.has_column(k.child, 'case_id') THEN ' AND case_id = ANY ($2)' ELSE '' END,
        CASE WHEN wall.has_column(k.child, 'individual_id') THEN ' AND individual_id = ANY ($3)' ELSE '' END),
        ' UNION ')
    INTO question FROM wall.keys_between() k
    WHERE k.parent IN (SELECT tab FROM wall.hanging())
      AND k.child NOT IN ('public.cases_case'::regclass, 'public.cases_individual'::regclass);
    LOOP
        EXECUTE format('SELECT array_agg(id) FROM (%s) q WHERE id <> ALL ($4)', question)
            INTO more USING newest, listed, persons, gone;
        EXIT WHEN more IS NULL;
        gone := gone || more;
        newest := more;
    END LOOP;
    RETURN gone;
END $$;

CREATE OR REPLACE FUNCTION wall.has_column(tab regclass, col text) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM pg_attribute a
                         WHERE a.attrelid = tab AND a.attname = col AND a.attnum > 0 AND NOT a.attisdropped) $$;

-- Table by table, those first that nothing points to any more; stops when nothing moves. Whoever inserts a row chooses
-- its id, and could borrow that of a row in another table: what goes is of the house, the case and the person as well.
DROP FUNCTION IF EXISTS wall.destroy_rows(uuid[]);
CREATE OR REPLACE FUNCTION wall.destroy_rows(gone uuid[], house uuid, listed uuid[], persons uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
DECLARE
    waiting regclass[] := (SELECT array_agg(tab) FROM wall.hanging());
    later regclass[];
    t regclass;
BEGIN
    WHILE cardinality(waiting) > 0 LOOP
        later := '{}';
        FOREACH t IN ARRAY waiting LOOP
            BEGIN
                EXECUTE format('DELETE FROM %s WHERE id = ANY ($1) AND authority_id = $2%s%s%s', t,
                    CASE WHEN wall.has_column(t, 'case_id') THEN ' AND case_id = ANY ($3)' ELSE '' END,
                    CASE WHEN wall.has_column(t, 'individual_id') THEN ' AND individual_id = ANY ($4)' ELSE '' END,
                    CASE t WHEN 'public.cases_case'::regclass THEN ' AND id = ANY ($3)'
                           WHEN 'public.cases_individual'::regclass THEN ' AND id = ANY ($4)'
                           WHEN 'public.cases_accessgrant'::regclass THEN ' AND content_object_id = ANY ($3)'
                           WHEN 'public.cases_disposalitem'::regclass THEN ' AND target_id = ANY ($3)'
                           WHEN 'public.cases_personmerge'::regclass
                               THEN ' AND (kept_id = ANY ($4) OR merged_id = ANY ($4))'
                           ELSE '' END) USING gone, house, listed, persons;
            EXCEPTION WHEN foreign_key_violation THEN
                later := later || t;
            END;
        END LOOP;
        IF cardinality(later) = cardinality(waiting) THEN
            RAISE EXCEPTION 'Något pekar fortfarande på det som skulle gallras (%).', later
                USING ERRCODE = 'restrict_violation';
        END IF;
        waiting := later;
    END LOOP;
END $$;
