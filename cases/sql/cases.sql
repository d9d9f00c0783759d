-- Cases open to the acting membership today. The end of a grant is observed here, by the database's own clock.
CREATE OR REPLACE FUNCTION wall.open_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT g.content_object_id), '{}')
    FROM (SELECT wall.membership() AS id) me
    JOIN public.cases_accessgrant g ON g.membership_id = me.id
    WHERE g.ended_at IS NULL
      AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
    $$;

CREATE OR REPLACE FUNCTION wall.open_individuals() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT c.individual_id), '{}')
    FROM public.cases_case c WHERE c.id = ANY (wall.open_cases())
    $$;

-- Added by me, and no case yet: the minutes between «ny person» and «öppna ärende».
CREATE OR REPLACE FUNCTION wall.newly_added(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.individual_id = person)
       AND EXISTS (SELECT 1 FROM public.cases_individual i
                   WHERE i.id = person AND i.created_by_id = wall.membership())
    $$;

-- Who may open a case to somebody: one it is open to, the one who has just made it, or the unit's manager; of a
-- protected person not even she, who cannot see that the case is there.
CREATE OR REPLACE FUNCTION wall.may_grant(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wanted = ANY (wall.open_cases())
        OR EXISTS (SELECT 1 FROM public.cases_case c
                   WHERE c.id = wanted AND c.authority_id = wall.authority()
                     AND ((wall.role() = 'unit_manager'
                           AND EXISTS (SELECT 1 FROM public.cases_individual i
                                       WHERE i.id = c.individual_id AND NOT i.guarded))
                          OR (c.created_by_id = wall.membership()
                              AND NOT EXISTS (SELECT 1 FROM public.cases_accessgrant g
                                              WHERE g.content_object_id = wanted))))
    $$;

-- The forced search before anybody is added. Only name, number or case number go in (SoLPUF 15 §), and what comes out
-- about a case that is not open to the searcher is enough to ask the right colleague: no more. A protected person is
-- found by those who already have the case and by nobody else.
CREATE OR REPLACE FUNCTION wall.find_people(folded text, fingerprints bytea[], case_number text)
    RETURNS TABLE (individual_id uuid, case_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT i.id, c.id, coalesce(c.id = ANY (mine.cases), false)
    FROM (SELECT wall.authority() AS authority, wall.role() AS role, wall.open_cases() AS cases) mine
    JOIN public.cases_individual i ON i.authority_id = mine.authority
    LEFT JOIN public.cases_case c ON c.individual_id = i.id AND c.authority_id = i.authority_id
    WHERE mine.role IN ('social_worker', 'unit_manager')
      AND (NOT i.guarded OR c.id = ANY (mine.cases))
      AND ((folded <> '' AND i.search_key LIKE '%' || folded || '%')
        OR (case_number <> '' AND c.number = case_number)
        OR (cardinality(fingerprints) > 0 AND EXISTS (
                SELECT 1 FROM public.cases_personidentifier p
                WHERE p.individual_id = i.id AND p.fingerprint = ANY (fingerprints))))
    ORDER BY i.search_key, c.opened_on DESC NULLS LAST, i.id
    LIMIT 50
    $$;

-- What a searcher may know of a case that is not open to it: name, number, whom to ask.
CREATE OR REPLACE FUNCTION wall.whom_to_ask(wanted uuid[])
    RETURNS TABLE (case_id uuid, name text, number text, worker text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, coalesce(nullif(i.name, ''), i.alias), c.number, u.name
    FROM public.cases_case c
    JOIN public.cases_individual i ON i.id = c.individual_id
    JOIN public.tenancy_membership m ON m.id = c.worker_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE c.id = ANY (wanted) AND c.authority_id = wall.authority() AND NOT i.guarded
      AND wall.role() IN ('social_worker', 'unit_manager')
    $$;

-- Withdrawn stays withdrawn: the model's own declaration says so now.
DROP TRIGGER IF EXISTS withdrawn ON public.cases_consent;

-- The definer functions read these two beside the walled tables.
GRANT SELECT ON public.tenancy_user, public.tenancy_authority TO exit_wall;
