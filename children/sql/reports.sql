-- May this membership sign assessments today (SoL 25:1)?
CREATE OR REPLACE FUNCTION wall.is_qualified(member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_childworker w
                   WHERE w.membership_id = member AND w.authority_id = wall.authority() AND w.qualified
                     AND w.ended_at IS NULL AND w.starts_on <= wall.today()
                     AND (w.ends_on IS NULL OR w.ends_on >= wall.today()))
    $$;

-- Written in by me: I may set its clocks going also when I am in by an emergency.
CREATE OR REPLACE FUNCTION wall.my_report(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_concernreport r
                         WHERE r.id = wanted AND r.written_by_id = wall.membership()) $$;

-- What each clock waits for.
CREATE OR REPLACE FUNCTION wall.child_protected(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_protectionassessment a WHERE a.report_id = wanted
                             AND wall.ours(a.authority_id)) $$;

-- Decided upon after it was written in; or an investigation goes on, and then none is needed (SoL 20:2).
CREATE OR REPLACE FUNCTION wall.child_report_answered(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.children_concernreport r
        JOIN public.teams_decision d ON d.case_id = r.case_id AND d.created_at >= r.created_at
        WHERE r.id = wanted AND wall.ours(r.authority_id) AND d.state = 'decided' AND d.outcome IN ('granted', 'partly')
          AND d.kind IN ('investigation_open', 'investigation_not_open'))
      OR EXISTS (
        SELECT 1 FROM public.children_concernreport r
        JOIN public.children_investigation i ON i.case_id = r.case_id AND i.finished_on IS NULL
        WHERE r.id = wanted AND wall.ours(r.authority_id))
    $$;

CREATE OR REPLACE FUNCTION wall.child_investigated(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_investigation i
                         WHERE i.id = wanted AND i.finished_on IS NOT NULL) $$;

CREATE OR REPLACE FUNCTION wall.child_told(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_investigation i WHERE i.id = wanted AND i.told_on IS NOT NULL) $$;

CREATE OR REPLACE FUNCTION wall.child_feedback_given(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_concernreport r
                         WHERE r.id = wanted AND r.feedback_given_on IS NOT NULL) $$;

-- How far each may be moved: its strict day and as many days as have been decided since it began, for a set time each.
-- Nothing decided: nowhere.
CREATE OR REPLACE FUNCTION wall.child_opening_until(wanted uuid) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT k.due_on + sum(d.days)::integer FROM public.cases_clock k
    JOIN public.teams_decision d ON d.case_id = k.case_id AND d.kind = 'opening_extend' AND d.created_at >= k.created_at
        AND d.state = 'decided' AND d.outcome IN ('granted', 'partly')
    WHERE k.kind = 'child_opening' AND k.subject_id = wanted GROUP BY k.due_on
    $$;

CREATE OR REPLACE FUNCTION wall.child_investigation_until(wanted uuid) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT k.due_on + sum(d.days)::integer FROM public.cases_clock k
    JOIN public.teams_decision d ON d.case_id = k.case_id AND d.kind = 'investigation_extend'
        AND d.created_at >= k.created_at AND d.state = 'decided' AND d.outcome IN ('granted', 'partly')
    WHERE k.kind = 'child_investigation' AND k.subject_id = wanted GROUP BY k.due_on
    $$;

-- Which decision begins an investigation, and which may end one.
CREATE OR REPLACE FUNCTION wall.opens_investigation(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.teams_decision d
                   WHERE d.id = wanted AND d.state = 'decided' AND d.outcome IN ('granted', 'partly') AND d.target = 'child'
                     AND d.kind = 'investigation_open')
    $$;

CREATE OR REPLACE FUNCTION wall.ends_investigation(wanted uuid, since date) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.teams_decision d
                   WHERE d.id = wanted AND d.state = 'decided' AND d.decided_on >= since
                     AND d.kind NOT IN ('investigation_open', 'investigation_not_open', 'investigation_extend',
                                        'opening_extend'))
    $$;

-- Reports about the same child in cases that are not open to me: how many and the last day, and nothing of them.
CREATE OR REPLACE FUNCTION wall.reports_elsewhere(wanted uuid) RETURNS TABLE (number bigint, last_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT count(*), max((r.received_at AT TIME ZONE 'Europe/Stockholm')::date)
    FROM (SELECT wall.authority() AS authority, wall.open_cases() AS open, wall.blocked_cases() AS blocked OFFSET 0) me
    JOIN public.cases_case mine ON mine.id = wanted AND mine.id = ANY (me.open)
    JOIN public.cases_case c ON c.authority_id = me.authority AND NOT c.id = ANY (me.open)
        AND NOT c.id = ANY (me.blocked) AND c.individual_id = ANY (wall.same_people(ARRAY[mine.individual_id]))
    JOIN public.children_concernreport r ON r.case_id = c.id
    $$;
