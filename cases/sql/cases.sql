CREATE OR REPLACE FUNCTION wall.open_individuals() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.same_people(coalesce(array_agg(DISTINCT c.individual_id), '{}'))
    FROM public.cases_case c WHERE c.id = ANY (wall.open_cases())
    $$;

-- Added by me, and no case yet, nor to anybody she is put together with: the minutes between «ny person» and «öppna
-- ärende».
CREATE OR REPLACE FUNCTION wall.newly_added(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_individual i
                   WHERE i.id = person AND i.created_by_id = wall.membership())
       AND NOT EXISTS (SELECT 1 FROM public.cases_case c
                       WHERE c.individual_id = ANY (wall.same_people(ARRAY[person])))
    $$;

-- Who may open a case to somebody: one who holds it (not by an emergency), the one who has just made it, or the unit's manager; of a
-- protected person not even she, who cannot see that the case is there.
CREATE OR REPLACE FUNCTION wall.may_grant(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wanted = ANY (wall.held_cases())
        OR EXISTS (SELECT 1 FROM public.cases_case c
                   WHERE c.id = wanted AND c.authority_id = wall.authority()
                     AND NOT c.id = ANY (wall.blocked_cases()) AND NOT c.id = ANY (wall.open_cases())
                     AND ((wall.role() = 'unit_manager'
                           AND EXISTS (SELECT 1 FROM public.cases_individual i
                                       WHERE i.id = c.individual_id AND NOT i.guarded))
                          OR (c.created_by_id = wall.membership()
                              AND NOT EXISTS (SELECT 1 FROM public.cases_accessgrant g
                                              WHERE g.content_object_id = wanted))))
    $$;

-- Whoever has a case until a day opens it to nobody beyond that day, herself included; the manager may.
CREATE OR REPLACE FUNCTION wall.no_longer_than_own(wanted uuid, last_on date) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT wall.role() = 'unit_manager' OR NOT wanted = ANY (wall.held_cases()) OR EXISTS (
        SELECT 1 FROM public.cases_accessgrant g
        WHERE g.content_object_id = wanted AND g.membership_id = wall.membership() AND g.kind NOT IN ('emergency', 'reading')
          AND g.ended_at IS NULL AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
          AND (g.ends_on IS NULL OR g.ends_on >= last_on)
          AND NOT wall.asks(g.kind, g.granted_by_id, g.membership_id, g.content_object_id))
    $$;

-- Withdrawn stays withdrawn: the model's own declaration says so now.
DROP TRIGGER IF EXISTS withdrawn ON public.cases_consent;

-- The definer functions read these two beside the walled tables.
GRANT SELECT ON public.tenancy_user, public.tenancy_authority TO exit_wall;
