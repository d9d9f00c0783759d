-- May I answer: somebody has opened this case to me, it waits for my answer, and it is not shut to me anyway.
CREATE OR REPLACE FUNCTION wall.is_asked(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT NOT wanted = ANY (wall.blocked_cases()) AND wall.fits_child(wanted, wall.membership()) AND EXISTS (
        SELECT 1 FROM public.cases_accessgrant g
        WHERE g.content_object_id = wanted AND g.membership_id = wall.membership() AND g.ended_at IS NULL
          AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
          AND wall.asks(g.kind, g.granted_by_id, g.membership_id, g.content_object_id))
    $$;

-- The questions that wait for me, in cases that nothing else opens: whom it is about and who added me, and no more. A
-- protected person's name is not even in the question: whoever added her says it.
CREATE OR REPLACE FUNCTION wall.questions()
    RETURNS TABLE (case_id uuid, name text, asked_by_id uuid, kind text, since date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH me AS MATERIALIZED (SELECT wall.membership() AS id),
    given AS MATERIALIZED (  -- few or none of a thousand: only of these is more asked
        SELECT DISTINCT a.content_object_id AS case_id
        FROM me JOIN public.cases_accessgrant a ON a.membership_id = me.id
        WHERE a.ended_at IS NULL AND a.granted_by_id <> a.membership_id
          AND a.kind IN ('worker', 'coordinator', 'deputy', 'team')),
    opened AS MATERIALIZED (SELECT wall.open_cases() AS cases)
    SELECT DISTINCT ON (g.content_object_id) g.content_object_id, CASE WHEN i.guarded THEN '' ELSE i.name END,
           g.granted_by_id, g.kind::text, g.starts_on
    FROM me CROSS JOIN given
    JOIN opened ON NOT given.case_id = ANY (opened.cases)
    JOIN public.cases_accessgrant g ON g.membership_id = me.id AND g.content_object_id = given.case_id
    JOIN public.cases_case c ON c.id = g.content_object_id
    JOIN public.cases_individual i ON i.id = c.individual_id
    WHERE g.ended_at IS NULL AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
      AND wall.is_asked(g.content_object_id)
    ORDER BY g.content_object_id, g.created_at DESC, g.id
    $$;
