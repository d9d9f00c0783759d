-- A matter of one of these kinds in which that step has been, and which has not ended.
CREATE OR REPLACE FUNCTION wall.court_stands(of_case uuid, kinds text[], step text) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.children_courtmatter m JOIN public.children_courtstep s ON s.matter_id = m.id
        WHERE m.case_id = of_case AND m.kind = ANY (kinds) AND s.kind = step
          AND NOT EXISTS (SELECT 1 FROM public.children_courtstep e WHERE e.matter_id = m.id
                          AND e.kind IN ('overturned', 'refused', 'denied', 'lapsed', 'ended')))
    $$;

-- A ground in law for coordination without consent is leant on only while there is something for it to stand on: a
-- decision of the board, of the court, or an investigation that runs.
CREATE OR REPLACE FUNCTION wall.lawful_ground(of_case uuid, ground text) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT CASE ground
        WHEN 'coordination.one_guardian' THEN wall.court_stands(of_case, ARRAY['one_guardian'], 'decided')
        WHEN 'coordination.care' THEN wall.court_stands(of_case, ARRAY['custody'], 'decided')
                                   OR wall.court_stands(of_case, ARRAY['care'], 'judged')
        WHEN 'coordination.investigation' THEN EXISTS (
            SELECT 1 FROM public.children_investigation i WHERE i.case_id = of_case AND i.finished_on IS NULL)
        WHEN 'coordination.own_measure' THEN EXISTS (
            SELECT 1 FROM wall.newest_answer(of_case, wall.asked_key(of_case, 'plan', NULL, ARRAY[]::text[]), NULL) n
            WHERE n.answer = 'yes')
        ELSE ground LIKE 'coordination.%' END
    $$;
