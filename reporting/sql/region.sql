-- What a regional coordinator may follow: counts, never below five, and where the boards have agreed to it how far each
-- plan has come, without a name or a number. Nothing here opens a case, and protected people are in none of it.

-- Board, programme and level by the agreements in force today in which the acting authority has the oversight.
CREATE OR REPLACE FUNCTION wall.overseen() RETURNS TABLE (authority_id uuid, programme text, level text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT b.other_id, p.code::text, max(a.oversight)  -- 'flow' goes before 'figures'
    FROM (SELECT wall.authority() AS authority, wall.role() AS role OFFSET 0) me
    CROSS JOIN wall.bonds() b
    JOIN public.tenancy_cooperationagreement a ON a.id = b.agreement_id AND a.overseer_id = me.authority
    CROSS JOIN LATERAL unnest(a.programmes) p (code)
    WHERE me.role = 'regional_coordinator' AND a.oversight IN ('figures', 'flow')
    GROUP BY 1, 2
    $$;

-- One row for each open case that may be counted: its step, since when, and what it lacks. A step of the others, without
-- rights of its own: whoever else asks gets the rows that are open to her, and no way to ask (sql/after).
CREATE OR REPLACE FUNCTION wall.flow() RETURNS TABLE (
        authority_id uuid, level text, case_id uuid, opened_on date, step text, since date, no_coordinator boolean,
        no_day boolean, late boolean, waits boolean)
    LANGUAGE sql STABLE SET search_path = pg_catalog
    AS $$
    WITH today AS (SELECT wall.today() AS day),
    counted AS (
        SELECT c.id, c.authority_id, c.opened_on, o.level
        FROM wall.overseen() o
        JOIN public.cases_case c ON c.authority_id = o.authority_id AND c.programme = o.programme AND c.closed_on IS NULL
        JOIN public.cases_individual i ON i.id = c.individual_id AND NOT i.guarded
        WHERE NOT c.id = ANY (wall.blocked_cases())),
    versions AS (
        SELECT v.case_id, max(v.agreed_at) FILTER (WHERE v.state = 'agreed') AS agreed_at,
               max(v.created_at) FILTER (WHERE v.state = 'draft') AS drafted_at,
               max(v.created_at) FILTER (WHERE v.state = 'out') AS out_at
        FROM counted k
        JOIN public.plans_coordinatedplan p ON p.case_id = k.id AND p.ended_on IS NULL
        JOIN public.plans_planversion v ON v.plan_id = p.id AND v.state IN ('draft', 'out', 'agreed')
        GROUP BY 1),
    asked AS (
        SELECT s.case_id, min(s.created_at) AS first,
               bool_or(s.state IN ('requested', 'writing')) AS waits
        FROM counted k
        JOIN public.plans_section s ON s.case_id = k.id
        JOIN public.plans_planversion v ON v.id = s.version_id AND v.state IN ('draft', 'out')
        GROUP BY 1),
    consents AS (
        SELECT n.case_id, max(n.taken_on) AS taken_on
        FROM counted k
        JOIN public.cases_consent n ON n.case_id = k.id AND n.kind = 'plan' AND n.withdrawn_at IS NULL
        CROSS JOIN today
        WHERE n.ends_on IS NULL OR n.ends_on >= today.day
        GROUP BY 1),
    days AS (
        SELECT w.case_id, min(coalesce(w.extended_to, w.due_on)) AS day
        FROM counted k JOIN public.cases_clock w ON w.case_id = k.id AND w.kind = 'follow_up' AND w.done_at IS NULL
        GROUP BY 1),
    held AS (
        SELECT DISTINCT h.case_id
        FROM counted k JOIN public.teams_coordinatorappointment h ON h.case_id = k.id AND h.kind = 'coordinator'
        CROSS JOIN today
        WHERE h.starts_on <= today.day AND (h.ends_on IS NULL OR h.ends_on >= today.day))
    SELECT k.authority_id, k.level, k.id, k.opened_on,
           CASE WHEN v.agreed_at IS NOT NULL THEN 'agreed' WHEN v.out_at IS NOT NULL THEN 'out'
                WHEN v.drafted_at IS NOT NULL THEN 'draft' WHEN n.taken_on IS NOT NULL THEN 'start' ELSE 'consent' END,
           coalesce((coalesce(v.agreed_at, CASE WHEN v.out_at IS NOT NULL THEN a.first END, v.out_at, v.drafted_at)
                     AT TIME ZONE 'Europe/Stockholm')::date, n.taken_on, k.opened_on),
           h.case_id IS NULL, v.agreed_at IS NOT NULL AND d.day IS NULL, coalesce(d.day < today.day, false),
           coalesce(a.waits, false)
    FROM counted k
    CROSS JOIN today
    LEFT JOIN versions v ON v.case_id = k.id
    LEFT JOIN asked a ON a.case_id = k.id
    LEFT JOIN consents n ON n.case_id = k.id
    LEFT JOIN days d ON d.case_id = k.id
    LEFT JOIN held h ON h.case_id = k.id
    $$;

-- The fewest people that a board lets be shown as a number; five when it has said nothing.
CREATE OR REPLACE FUNCTION wall.least_shown(board uuid) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce((SELECT t.least FROM public.reporting_threshold t WHERE t.authority_id = board), 5) $$;

-- A number that may be shown of a part of a whole: '' when fewer than the board's least, '5+' when the rest of the whole
-- would be fewer and could be counted from it, else the number. Decided here, so that a small one never leaves the database.
CREATE OR REPLACE FUNCTION wall.shown(part bigint, whole bigint, few integer) RETURNS text LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog
    AS $$ SELECT CASE WHEN part < few THEN '' WHEN whole - part < few THEN few || '+' ELSE part::text END $$;

-- A line for each board: what may be shown of it, and the median days in each step where the board's least
-- or more stand, and as many elsewhere.
CREATE OR REPLACE FUNCTION wall.region_boards() RETURNS TABLE (
        authority_id uuid, level text, few integer, plans text, age integer, no_coordinator text, no_day text, late text, waits text,
        medians jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH boards AS (
        SELECT o.authority_id, max(o.level) AS level, wall.least_shown(o.authority_id) AS few
        FROM wall.overseen() o GROUP BY 1),
    flow AS (SELECT f.*, wall.today() - f.since AS waited, wall.today() - f.opened_on AS age FROM wall.flow() f),
    counted AS (
        SELECT f.authority_id, count(*) AS plans, percentile_disc(0.5) WITHIN GROUP (ORDER BY f.age) AS age,
               count(*) FILTER (WHERE f.no_coordinator) AS no_coordinator, count(*) FILTER (WHERE f.no_day) AS no_day,
               count(*) FILTER (WHERE f.late) AS late, count(*) FILTER (WHERE f.waits) AS waits
        FROM flow f GROUP BY 1),
    steps AS (
        SELECT s.authority_id, jsonb_object_agg(s.step, s.median) AS medians
        FROM (SELECT f.authority_id, f.step, count(*) AS many,
                     percentile_disc(0.5) WITHIN GROUP (ORDER BY f.waited) AS median FROM flow f GROUP BY 1, 2) s
        JOIN counted c ON c.authority_id = s.authority_id
        JOIN boards b ON b.authority_id = s.authority_id
        WHERE s.many >= b.few AND c.plans - s.many >= b.few
        GROUP BY 1)
    SELECT b.authority_id, b.level, b.few, wall.shown(coalesce(c.plans, 0), NULL, b.few),
           CASE WHEN c.plans >= b.few THEN c.age END,
           wall.shown(coalesce(c.no_coordinator, 0), c.plans, b.few),
           wall.shown(coalesce(c.no_day, 0), c.plans, b.few), wall.shown(coalesce(c.late, 0), c.plans, b.few),
           wall.shown(coalesce(c.waits, 0), c.plans, b.few),
           coalesce(s.medians, '{}')
    FROM boards b
    LEFT JOIN counted c ON c.authority_id = b.authority_id
    LEFT JOIN steps s ON s.authority_id = b.authority_id
    $$;
