-- The unit's load, a line for each who handles or coordinates: numbers, no case. What weighs: each case one, a child's one
-- more, one that she coordinates one more, one without an agreed plan one more. A protected person's cases are in the
-- figures of those who may open them, as in ``wall.unit_cases()``.
CREATE OR REPLACE FUNCTION wall.unit_load() RETURNS TABLE (
        member_id uuid, cases bigint, children bigint, coordinated bigint, unplanned bigint, no_coordinator bigint,
        no_day bigint, late bigint, drafts bigint, weight bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH counted AS (
        SELECT c.id, c.worker_id, c.programme,
               EXISTS (SELECT 1 FROM public.plans_planversion v JOIN public.plans_coordinatedplan p ON p.id = v.plan_id
                       WHERE v.case_id = c.id AND v.state = 'agreed' AND p.ended_on IS NULL) AS agreed,
               EXISTS (SELECT 1 FROM public.cases_clock k
                       WHERE k.case_id = c.id AND k.kind = 'follow_up' AND k.done_at IS NULL) AS has_day,
               (SELECT a.membership_id FROM public.teams_coordinatorappointment a
                 WHERE a.case_id = c.id AND a.kind = 'coordinator' AND a.starts_on <= wall.today()
                   AND (a.ends_on IS NULL OR a.ends_on >= wall.today()) LIMIT 1) AS coordinator_id
        FROM public.cases_case c JOIN public.cases_individual i ON i.id = c.individual_id
        WHERE wall.role() = 'unit_manager' AND c.authority_id = wall.authority() AND c.closed_on IS NULL
          AND NOT c.id = ANY (wall.blocked_cases()) AND (NOT i.guarded OR c.id = ANY (wall.open_cases()))),
    members AS (SELECT c.worker_id AS id FROM counted c UNION SELECT c.coordinator_id FROM counted c)
    SELECT m.id, w.cases, w.children, h.coordinated, w.unplanned, w.no_coordinator, w.no_day, k.late, k.drafts,
           w.cases + w.children + w.unplanned + h.coordinated
    FROM members m
    CROSS JOIN LATERAL (
        SELECT count(*) AS cases, count(*) FILTER (WHERE c.programme = 'child') AS children,
               count(*) FILTER (WHERE NOT c.agreed) AS unplanned,
               count(*) FILTER (WHERE c.coordinator_id IS NULL) AS no_coordinator,
               count(*) FILTER (WHERE c.agreed AND NOT c.has_day) AS no_day
        FROM counted c WHERE c.worker_id = m.id) w
    CROSS JOIN LATERAL (SELECT count(*) AS coordinated FROM counted c WHERE c.coordinator_id = m.id) h
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE coalesce(k.extended_to, k.due_on) < wall.today() AND k.kind <> 'note_draft') AS late,
               count(*) FILTER (WHERE k.kind = 'note_draft') AS drafts
        FROM public.cases_clock k JOIN counted c ON c.id = k.case_id
        WHERE k.owner_id = m.id AND k.done_at IS NULL) k
    WHERE m.id IS NOT NULL
    $$;

-- Granted and, on a day, not carried out within so many months, or interrupted for as long (SoL 34:1): what a board's list
-- needs, no case and no person. ``since`` is the decision's day or the interruption's.
CREATE OR REPLACE FUNCTION wall.unexecuted(on_day date, kinds text[], within_months integer) RETURNS TABLE (
        number text, kind text, decided_on date, since date, reported_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT d.number::text, d.kind::text, d.decided_on, coalesce(s.day, d.decided_on),
           (SELECT max(r.day) FROM public.teams_decisionstep r
             WHERE r.decision_id = d.id AND r.kind = 'reported' AND r.day <= on_day)
    FROM public.teams_decision d
    LEFT JOIN LATERAL (
        SELECT s.kind, s.day FROM public.teams_decisionstep s
        WHERE s.decision_id = d.id AND s.kind IN ('carried_out', 'not_wanted', 'interrupted') AND s.day <= on_day
        ORDER BY s.day DESC, s.created_at DESC, s.id DESC LIMIT 1) s ON true
    WHERE d.authority_id = wall.authority() AND wall.role() IN ('unit_manager', 'administrator')
      AND d.state = 'decided' AND d.outcome IN ('granted', 'partly') AND d.kind = ANY (kinds)
      AND (s.kind IS NULL OR s.kind = 'interrupted')
      AND (coalesce(s.day, d.decided_on) + make_interval(months => within_months))::date <= on_day
      AND NOT EXISTS (SELECT 1 FROM public.teams_decision n
                      WHERE n.earlier_id = d.id AND n.state = 'decided' AND n.decided_on <= on_day
                        AND n.relation IN ('change', 'worse', 'obvious', 'circumstances'))
    ORDER BY 4, 1
    $$;
