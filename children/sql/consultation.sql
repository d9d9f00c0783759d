CREATE OR REPLACE FUNCTION wall.consultation_done(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_consultation c WHERE c.id = wanted AND c.done_on IS NOT NULL
                             AND wall.ours(c.authority_id)) $$;
