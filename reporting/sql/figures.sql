-- What the figures are counted from. Called by exit_figures alone, which reads no table of cases: only these counts, and
-- of those who have ended the sealed answers, which a count cannot be made of before they are opened.
CREATE OR REPLACE FUNCTION wall.figures_boards(county text, until date) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT a.id FROM public.tenancy_authority a
    WHERE a.region_id = county AND a.kind IN ('social_board', 'joint_board')
      AND (EXISTS (SELECT 1 FROM public.tenancy_membership m
                   WHERE m.authority_id = a.id AND m.role = 'social_worker' AND m.starts_on <= until)
           OR EXISTS (SELECT 1 FROM public.cases_case c WHERE c.authority_id = a.id AND c.opened_on <= until))
    ORDER BY a.id
    $$;

-- The fewest people that each board lets be shown.
CREATE OR REPLACE FUNCTION wall.figures_least(boards uuid[]) RETURNS TABLE (board uuid, few integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT t.authority_id, t.least::integer FROM public.reporting_threshold t WHERE t.authority_id = ANY (boards) $$;

-- One row per case with the day of each step, as it had come at the end of the period. A protected person has no board.
CREATE OR REPLACE FUNCTION wall.counting_steps(county text, of_programme text, until date)
    RETURNS TABLE (case_id uuid, authority_id uuid, board uuid, individual_id uuid, opened date, contact date,
                   consent date, planned date, followed date, closed date, reason text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, c.authority_id, CASE WHEN i.guarded THEN NULL ELSE c.authority_id END, c.individual_id, c.opened_on,
        (SELECT min((t.created_at AT TIME ZONE 'Europe/Stockholm')::date) FROM public.cases_intake t
            WHERE t.case_id = c.id AND (t.created_at AT TIME ZONE 'Europe/Stockholm')::date <= until),
        (SELECT min(s.taken_on) FROM public.cases_consent s
            WHERE s.case_id = c.id AND s.kind = 'plan' AND s.taken_on <= until),
        (SELECT min((v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date) FROM public.plans_planversion v
            WHERE v.case_id = c.id AND (v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date <= until),
        (SELECT min(f.held_on) FROM public.plans_followup f
            WHERE f.case_id = c.id AND f.done_at IS NOT NULL AND f.held_on <= until),
        CASE WHEN c.closed_on <= until THEN c.closed_on END, e.kind
    FROM public.cases_case c
    JOIN public.cases_individual i ON i.id = c.individual_id
    JOIN public.tenancy_authority a ON a.id = c.authority_id
    LEFT JOIN public.cases_closure e ON e.case_id = c.id AND e.reopened_on IS NULL
    WHERE a.region_id = county AND a.kind IN ('social_board', 'joint_board') AND c.programme = of_programme
      AND c.opened_on <= until AND e.kind IS DISTINCT FROM 'mistake'
    $$;

-- Who is counted in which group: once each, by the first case that brings her there in the period.
CREATE OR REPLACE FUNCTION wall.counting_people(county text, of_programme text, since date, until date)
    RETURNS TABLE (grp text, case_id uuid, authority_id uuid, board uuid, opened date, contact date, consent date,
                   planned date, followed date, closed date, reason text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT DISTINCT ON (g.grp, s.authority_id, s.individual_id) g.grp, s.case_id, s.authority_id, s.board, s.opened,
        s.contact, s.consent, s.planned, s.followed, s.closed, s.reason
    FROM wall.counting_steps(county, of_programme, until) s
    CROSS JOIN LATERAL (VALUES ('reached', s.opened), ('contact', s.contact), ('consent', s.consent),
        ('planned', s.planned), ('followed', s.followed), ('ended', s.closed)) g(grp, day)
    WHERE g.day BETWEEN since AND until
    ORDER BY g.grp, s.authority_id, s.individual_id, g.day, s.case_id
    $$;

CREATE OR REPLACE FUNCTION wall.counting_band(since date, until date) RETURNS text LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog
    AS $$ SELECT CASE WHEN since IS NULL OR until < since THEN 'unknown' WHEN until - since <= 7 THEN 'days0'
        WHEN until - since <= 30 THEN 'days8' WHEN until - since <= 90 THEN 'days31' ELSE 'days91' END $$;

CREATE OR REPLACE FUNCTION wall.counting_version(of_case uuid, until date) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT v.id FROM public.plans_planversion v WHERE v.case_id = of_case
        AND (v.agreed_at AT TIME ZONE 'Europe/Stockholm')::date <= until ORDER BY v.agreed_at DESC, v.id LIMIT 1
    $$;

-- The need of each area in the last plan agreed by then: what was given, what could not be had.
CREATE OR REPLACE FUNCTION wall.counting_needs(of_case uuid, until date) RETURNS TABLE (area text, how text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT m.area, CASE
        WHEN bool_or(m.status = 'not_available') AND bool_or(m.status IN ('ongoing', 'done', 'stopped')) THEN 'partly'
        WHEN bool_or(m.status = 'not_available' AND m.lack = 'absent') THEN 'absent'
        WHEN bool_or(m.status = 'not_available') THEN 'missing'
        WHEN bool_or(m.status IN ('ongoing', 'done', 'stopped')) THEN 'got' ELSE 'waiting' END
    FROM public.plans_measure m
    WHERE m.version_id = wall.counting_version(of_case, until)
    GROUP BY m.area
    $$;

-- Why something in that plan could not be had: the one reason, or that there are several.
CREATE OR REPLACE FUNCTION wall.counting_lack(of_case uuid, until date) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN count(DISTINCT nullif(m.lack, '')) > 1 THEN 'several'
        ELSE coalesce(max(nullif(m.lack, '')), 'unsaid') END
    FROM public.plans_measure m
    WHERE m.version_id = wall.counting_version(of_case, until) AND m.status = 'not_available'
    $$;

-- How the goals stood at the last follow-up: the best answer that was given.
CREATE OR REPLACE FUNCTION wall.counting_goals(of_case uuid, until date, by_worker boolean) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT coalesce(CASE WHEN bool_or(said = 'reached') THEN 'reached' WHEN bool_or(said = 'partly') THEN 'partly'
        WHEN bool_or(said = 'not') THEN 'not' END, 'none')
    FROM (SELECT CASE WHEN by_worker THEN g.worker_answer ELSE g.person_answer END AS said
          FROM public.plans_goalanswer g
          WHERE g.follow_up_id = (SELECT f.id FROM public.plans_followup f WHERE f.case_id = of_case
            AND f.done_at IS NOT NULL AND f.held_on <= until ORDER BY f.held_on DESC, f.done_at DESC LIMIT 1)) answers
    $$;

CREATE OR REPLACE FUNCTION wall.figures_counts(county text, of_programme text, since date, until date, areas text[])
    RETURNS TABLE (grp text, category text, board uuid, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH people AS MATERIALIZED (SELECT * FROM wall.counting_people(county, of_programme, since, until)),
    counted AS (
        SELECT p.grp, '' AS category, p.board FROM people p
        UNION ALL
        SELECT p.grp, 'step:' || CASE WHEN p.followed IS NOT NULL THEN 'followed' WHEN p.planned IS NOT NULL THEN
            'planned' WHEN p.consent IS NOT NULL THEN 'consent' WHEN p.contact IS NOT NULL THEN 'contact'
            ELSE 'opened' END, p.board FROM people p WHERE p.grp = 'reached'
        UNION ALL
        SELECT p.grp, CASE WHEN p.closed IS NULL THEN 'state:kept' ELSE 'state:ended' END, p.board
        FROM people p WHERE p.grp = 'planned'
        UNION ALL
        SELECT p.grp, 'reason:' || CASE WHEN p.reason IN ('enough', 'own_wish', 'no_contact') THEN p.reason
            WHEN p.reason IN ('moved', 'transferred', 'other_programme') THEN 'moved' ELSE 'other' END, p.board
        FROM people p WHERE p.grp = 'ended'
        UNION ALL
        SELECT p.grp, 'stay:' || CASE WHEN p.closed - p.opened < 92 THEN 'days0' WHEN p.closed - p.opened < 183 THEN
            'days92' WHEN p.closed - p.opened < 366 THEN 'days183' ELSE 'days366' END, p.board
        FROM people p WHERE p.grp = 'ended'
        UNION ALL
        SELECT p.grp, 'time_contact:' || wall.counting_band(p.opened, p.contact), p.board FROM people p
        WHERE p.grp = 'contact'
        UNION ALL
        SELECT p.grp, 'time_consent:' || wall.counting_band(p.contact, p.consent), p.board FROM people p
        WHERE p.grp = 'consent'
        UNION ALL
        SELECT p.grp, 'time_planned:' || wall.counting_band(p.consent, p.planned), p.board FROM people p
        WHERE p.grp = 'planned'
        UNION ALL
        SELECT p.grp, 'time_followed:' || wall.counting_band(p.planned, p.followed), p.board FROM people p
        WHERE p.grp = 'followed'
        UNION ALL
        SELECT p.grp, 'need_' || a.area || ':' || coalesce(n.how, 'no'), p.board
        FROM people p CROSS JOIN unnest(areas) a(area)
        LEFT JOIN LATERAL wall.counting_needs(p.case_id, until) n ON n.area = a.area WHERE p.grp = 'planned'
        UNION ALL
        SELECT p.grp, 'lack:' || wall.counting_lack(p.case_id, until), p.board FROM people p WHERE p.grp = 'planned'
        UNION ALL
        SELECT p.grp, 'goal:' || wall.counting_goals(p.case_id, until, false), p.board FROM people p WHERE p.grp = 'ended'
        UNION ALL
        SELECT p.grp, 'seen:' || wall.counting_goals(p.case_id, until, true), p.board FROM people p WHERE p.grp = 'ended'
    )
    SELECT c.grp, c.category, c.board, count(*) FROM counted c GROUP BY 1, 2, 3
    $$;

-- Sealed answers of those who have ended: the outcomes in the order they were given, and the last experience of the plan.
-- ``person`` is a number of this question's own.
CREATE OR REPLACE FUNCTION wall.figures_answers(county text, of_programme text, since date, until date)
    RETURNS TABLE (person bigint, board uuid, kind text, authority_id uuid, row_id uuid, sealed bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH ended AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY p.case_id) AS person, p.* FROM wall.counting_people(county, of_programme,
        since, until) p WHERE p.grp = 'ended')
    SELECT e.person, e.board, x.kind, e.authority_id, x.row_id, x.sealed
    FROM ended e LEFT JOIN LATERAL (
        SELECT 'outcome' AS kind, s.id AS row_id, s.sealed_answers AS sealed, s.day, s.signed_at AS at
        FROM public.cases_assessment s WHERE s.case_id = e.case_id AND s.instrument = 'outcome'
          AND s.signed_at IS NOT NULL AND s.day <= until
        UNION ALL
        (SELECT 'experience', f.id, f.sealed_experience, f.held_on, f.done_at FROM public.plans_followup f
         WHERE f.case_id = e.case_id AND f.done_at IS NOT NULL AND f.held_on <= until
         ORDER BY f.held_on DESC, f.done_at DESC LIMIT 1)
    ) x ON true
    ORDER BY e.person, x.day, x.at
    $$;

-- Sealed birth dates and genders of those who came and those who got a plan; of merged rows what any of them says.
CREATE OR REPLACE FUNCTION wall.figures_equality(county text, of_programme text, since date, until date)
    RETURNS TABLE (person bigint, grp text, board uuid, day date, authority_id uuid, row_id uuid, born bytea, gender bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH people AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY p.grp, p.case_id) AS person, p.*,
            CASE p.grp WHEN 'reached' THEN p.opened ELSE p.planned END AS day
        FROM wall.counting_people(county, of_programme, since, until) p WHERE p.grp IN ('reached', 'planned'))
    SELECT p.person, p.grp, p.board, p.day, p.authority_id, x.id, x.sealed_birth_date, x.gender
    FROM people p JOIN public.cases_case c ON c.id = p.case_id
    JOIN public.cases_individual x ON x.id = ANY (wall.same_people(ARRAY[c.individual_id]))
    ORDER BY p.person, x.id
    $$;

-- Boards whose own published figures the membership may see; three at least before a coordinator sees any.
CREATE OR REPLACE FUNCTION wall.figure_readers() RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog
    AS $$ SELECT wall.role() IN ('unit_manager', 'regional_coordinator', 'administrator') $$;

CREATE OR REPLACE FUNCTION wall.figure_boards() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT CASE WHEN wall.role() IN ('unit_manager', 'administrator') THEN ARRAY[wall.authority()]
        WHEN wall.role() = 'regional_coordinator' THEN (
            SELECT CASE WHEN count(DISTINCT b.other_id) >= 3 THEN array_agg(DISTINCT b.other_id) ELSE '{}' END
            FROM wall.bonds() b JOIN public.tenancy_cooperationagreement a ON a.id = b.agreement_id
            WHERE a.overseer_id = wall.authority())
        ELSE '{}' END
    $$;
