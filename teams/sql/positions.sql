-- The board's decisions in the cases that the acting membership has, in the order in which something last happened with
-- each: its place in the board's chain of traces. A place is taken at commit, one act at a time (wall.audit_link), so
-- nothing can come in later before what has been seen; ids of one act have the same place and are never parted.
CREATE OR REPLACE FUNCTION wall.decision_positions(after bigint, of_case uuid, most integer)
    RETURNS TABLE (decision_id uuid, place bigint) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH mine AS MATERIALIZED (
        SELECT d.id, d.case_id, d.earlier_id FROM public.teams_decision d
        WHERE d.authority_id = wall.authority() AND d.state = 'decided'
          AND d.case_id = ANY ((SELECT wall.held_cases())::uuid[]) AND (of_case IS NULL OR d.case_id = of_case)),
    touched AS (
        SELECT m.id, m.case_id, m.id AS by_id FROM mine m
        UNION ALL SELECT m.earlier_id, m.case_id, m.id FROM mine m WHERE m.earlier_id IS NOT NULL)
    SELECT t.id, max(l.seq)
    FROM touched t
    JOIN public.audit_auditevent e ON e.authority_id = wall.authority() AND e.case_id = t.case_id
        AND e.object_id = t.by_id AND e.action LIKE 'decision.%' AND e.action <> 'decision.viewed'
    JOIN public.audit_auditlink l ON l.event_id = e.id
    GROUP BY t.id HAVING max(l.seq) > after
    ORDER BY 2 FETCH FIRST (most) ROWS WITH TIES
    $$;
