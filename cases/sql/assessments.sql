-- Still a draft: the rows that hang on an assessment may change as long as it may itself.
CREATE OR REPLACE FUNCTION wall.assessment_open(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_assessment a WHERE a.id = wanted AND a.signed_at IS NULL
                             AND wall.ours(a.authority_id)) $$;
