-- The person in this case is, or may be, grown up today: by the day that is told in the case, and by no job.
CREATE OR REPLACE FUNCTION wall.of_age(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_comingofage g
                   JOIN public.cases_case c ON c.individual_id = g.individual_id
                   WHERE c.id = wanted AND g.replaced_at IS NULL AND g.earliest_on <= wall.today())
    $$;

-- A guardian consents for a child, in the child's programme, and not the day the child may be grown up.
CREATE OR REPLACE FUNCTION wall.guardians_consent(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted AND c.programme = 'child')
       AND NOT wall.of_age(wanted)
    $$;

-- An age that was not known is known, or told anew.
CREATE OR REPLACE FUNCTION wall.age_is_told(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_comingofage g WHERE g.id = wanted AND g.replaced_at IS NOT NULL) $$;
