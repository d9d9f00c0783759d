-- What opens a part of a case to another authority today: a waiver of secrecy by the individual, or a ground in law. The
-- one telling of it in the database; everything that shares asks here. By itself it opens nothing: called from the web it
-- sees the rows that the web may see.
CREATE OR REPLACE FUNCTION wall.covers(cases uuid[])
    RETURNS TABLE (case_id uuid, recipient_id uuid, area text, ends_on date)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog
    AS $$
    SELECT w.case_id, w.recipient_id, unnest(w.areas), w.ends_on
    FROM public.cases_consent w
    WHERE w.case_id = ANY (cases) AND w.kind = 'waiver' AND w.withdrawn_at IS NULL
      AND (w.given_by = 'self' OR NOT wall.of_age(w.case_id))
      AND w.starts_on <= wall.today() AND (w.ends_on IS NULL OR w.ends_on >= wall.today())
    UNION ALL
    SELECT e.case_id, e.recipient_id, unnest(e.areas), e.ends_on
    FROM public.cases_secrecyexception e
    WHERE e.case_id = ANY (cases) AND e.ended_at IS NULL
      AND e.starts_on <= wall.today() AND e.ends_on >= wall.today()
    $$;
