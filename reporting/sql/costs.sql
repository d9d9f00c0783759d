-- What the agreed plans of a board cost in a closed half-year, a line for each person and kind of cost: for exit_figures,
-- which puts together what too few stand behind and keeps what is shown (``reporting/costs/keeping.py``); the web asks for
-- no line. ``person`` is a number of this question's own. As the plan says that was agreed last before the half-year's end.
-- A month that has begun is a whole month, so that no krona is counted in two half-years or in two phases. People with
-- protected data are in none of it, nor is anybody whom one of those who lead or administer the board may not know of: all
-- of them see the same picture, and there is no other to subtract from it. Rows that are one person are one.
-- Only whole half-years that are over can be asked for: two looks at a running one would tell what came in between.
DROP FUNCTION IF EXISTS wall.board_costs(text, integer, integer), wall.board_cost_months(text, integer, integer),
    wall.costing_measures(text, date), wall.costing_cases(text, date);
CREATE OR REPLACE FUNCTION wall.half_year(of_year integer, of_half integer) RETURNS TABLE (first date, last date)
    LANGUAGE sql STABLE SET search_path = pg_catalog
    AS $$
    SELECT h.first, (h.first + interval '6 months')::date - 1
    FROM (SELECT make_date(of_year, CASE of_half WHEN 1 THEN 1 WHEN 2 THEN 7 END, 1) AS first) h
    WHERE (h.first + interval '6 months')::date + 14 < wall.today() + 1
    $$;

-- People whom somebody who leads or administers the board is shut out from, all rows of each.
CREATE OR REPLACE FUNCTION wall.counting_shut_off(of_board uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH shut AS (
        SELECT coalesce(g.kept_id, c.individual_id) AS person
        FROM public.cases_accessblock b
        JOIN public.cases_case c ON c.id = b.case_id
        JOIN public.tenancy_membership m ON m.user_id = b.user_id AND m.authority_id = of_board
            AND m.role IN ('unit_manager', 'administrator') AND m.starts_on <= wall.today()
            AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
        LEFT JOIN public.cases_personmerge g ON g.merged_id = c.individual_id AND g.undone_at IS NULL
        WHERE b.ended_at IS NULL)
    SELECT coalesce(array_agg(x.id), '{}')
    FROM (SELECT s.person AS id FROM shut s
          UNION SELECT g.merged_id FROM public.cases_personmerge g JOIN shut s ON s.person = g.kept_id
              AND g.undone_at IS NULL) x
    $$;

-- Boards that have a plan that was ever agreed.
CREATE OR REPLACE FUNCTION wall.figures_cost_boards() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT DISTINCT v.authority_id FROM public.plans_planversion v WHERE v.agreed_at IS NOT NULL $$;

-- The cases that count, the month in which the first plan was agreed, and the last day that can cost anything.
CREATE OR REPLACE FUNCTION wall.counting_cost_cases(of_board uuid, of_programme text, until date) RETURNS TABLE (
        case_id uuid, individual_id uuid, began date, last date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, coalesce((SELECT g.kept_id FROM public.cases_personmerge g
                           WHERE g.merged_id = c.individual_id AND g.undone_at IS NULL), c.individual_id),
           date_trunc('month', min(v.agreed_at AT TIME ZONE 'Europe/Stockholm'))::date,
           least(c.closed_on, until, max(coalesce(p.ended_on, until)))
    FROM public.cases_case c
    JOIN public.cases_individual i ON i.id = c.individual_id AND NOT i.guarded
    JOIN public.plans_coordinatedplan p ON p.case_id = c.id
    JOIN public.plans_planversion v ON v.plan_id = p.id
    WHERE c.authority_id = of_board AND NOT c.individual_id = ANY (SELECT unnest(wall.counting_shut_off(of_board)))
      AND c.programme = of_programme AND (v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date <= until
      AND NOT EXISTS (SELECT 1 FROM public.cases_closure e
                      WHERE e.case_id = c.id AND e.reopened_on IS NULL AND e.kind = 'mistake')
    GROUP BY c.id
    $$;

-- Each measure once, as the newest agreed version has it, with its first and last day. One that the next version left out
-- ended the day that version was agreed.
CREATE OR REPLACE FUNCTION wall.counting_cost_measures(of_board uuid, of_programme text, until date) RETURNS TABLE (
        measure_id uuid, individual_id uuid, began date, area text, principal text, payer text, rhythm text, cost bigint,
        hours numeric, first date, last date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH versions AS (
        SELECT k.*, v.id, p.ended_on, v.agreed_at, (v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date AS agreed_on,
               lead((v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date)
                   OVER (PARTITION BY k.case_id ORDER BY v.agreed_at, v.id) AS next_on
        FROM wall.counting_cost_cases(of_board, of_programme, until) k
        JOIN public.plans_planversion v ON v.case_id = k.case_id
        JOIN public.plans_coordinatedplan p ON p.id = v.plan_id
        WHERE (v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date <= until),
    newest AS (
        SELECT DISTINCT ON (v.case_id, m.thread) m.*, v.individual_id, v.began, v.last, v.ended_on, v.next_on,
               min(v.agreed_on) OVER (PARTITION BY v.case_id, m.thread) AS first_agreed
        FROM versions v JOIN public.plans_measure m ON m.version_id = v.id
        ORDER BY v.case_id, m.thread, v.agreed_at DESC, v.id DESC)
    SELECT n.id, n.individual_id, n.began, n.area::text, n.principal_kind::text,
           coalesce(nullif(n.payer_kind, ''), 'unsaid')::text, n.rhythm::text, n.cost::bigint, n.hours,
           coalesce(n.starts_on, n.first_agreed),
           least(n.last, n.ended_on, n.next_on, coalesce(n.moved_to, n.ends_on),
                 CASE WHEN n.status IN ('done', 'stopped') THEN n.status_on END)
    FROM newest n
    WHERE NOT (n.status = 'not_available' AND coalesce(n.status_on, n.first_agreed) <= until)
    $$;

CREATE OR REPLACE FUNCTION wall.figures_costs(of_board uuid, of_programme text, of_year integer, of_half integer) RETURNS TABLE (
        person bigint, area text, principal text, payer text, phase text, kronor bigint, hours numeric, measures bigint,
        no_cost bigint, costed boolean, timed boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH half AS (SELECT h.first, h.last FROM wall.half_year(of_year, of_half) h),
    months AS (
        SELECT m.*, g.month::date AS month, row_number() OVER (PARTITION BY m.measure_id ORDER BY g.month) = 1 AS is_first
        FROM half
        CROSS JOIN LATERAL wall.counting_cost_measures(of_board, of_programme, half.last) m
        CROSS JOIN LATERAL generate_series(
            greatest(date_trunc('month', m.first::timestamp), half.first), least(m.last, half.last), interval '1 month') g (month)
        WHERE m.first <= m.last
          AND (m.rhythm = 'month' OR m.cost IS NULL AND m.hours IS NULL OR g.month = date_trunc('month', m.first::timestamp)))
    SELECT dense_rank() OVER (ORDER BY k.individual_id), k.area, k.principal, k.payer,
           CASE WHEN k.month < k.began + interval '6 months' THEN 'introduction' ELSE 'running' END,
           coalesce(sum(k.cost), 0)::bigint, coalesce(sum(k.hours), 0), count(*) FILTER (WHERE k.is_first),
           count(*) FILTER (WHERE k.is_first AND k.cost IS NULL), bool_or(k.cost IS NOT NULL), bool_or(k.hours IS NOT NULL)
    FROM months k
    GROUP BY k.individual_id, 2, 3, 4, 5
    $$;

-- Months of people with a plan in force, by phase: what the cost of one person is counted from.
CREATE OR REPLACE FUNCTION wall.figures_cost_months(of_board uuid, of_programme text, of_year integer, of_half integer) RETURNS TABLE (
        phase text, months bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT s.phase, count(*)
    FROM (SELECT DISTINCT k.individual_id, g.month,
                 CASE WHEN g.month < k.began + interval '6 months' THEN 'introduction' ELSE 'running' END AS phase
          FROM wall.half_year(of_year, of_half) half
          CROSS JOIN LATERAL wall.counting_cost_cases(of_board, of_programme, half.last) k
          CROSS JOIN LATERAL generate_series(
              greatest(k.began, half.first), least(k.last, half.last), interval '1 month') g (month)) s
    GROUP BY 1
    $$;
