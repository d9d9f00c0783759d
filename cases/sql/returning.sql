-- Whether the return still stands on this consent today: not stopped, not withdrawn, not run out.
CREATE OR REPLACE FUNCTION wall.return_stands(plan uuid, consent uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.cases_returnconsent c
        JOIN public.cases_returnplan p ON p.id = c.return_plan_id
        WHERE c.id = consent AND p.id = plan AND c.authority_id = wall.authority()
          AND p.stopped_on IS NULL AND c.withdrawn_at IS NULL
          AND c.taken_on <= wall.today() AND (c.ends_on IS NULL OR c.ends_on >= wall.today()))
    $$;
