-- Loggkontroll: the sample of one manager's month, drawn here and nowhere else.

-- Which actions are reading: filled in from the words of the log by ``LogReview.wall_functions``, in the same run.
CREATE OR REPLACE FUNCTION wall.is_read(action text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    AS $$ SELECT false $$;

CREATE OR REPLACE FUNCTION wall.log_review_is_signed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.teams_logreview r WHERE r.id = wanted AND r.signed_at IS NOT NULL
                             AND wall.ours(r.authority_id)) $$;

CREATE OR REPLACE FUNCTION wall.log_review_goes_on(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.teams_logsample s WHERE s.review_id = wanted AND s.judgement = ''
                             AND wall.ours(s.authority_id)) $$;

-- A surname as the names of people are kept for the search (``cases.names.folded``).
CREATE OR REPLACE FUNCTION wall.folded_surname(name text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    AS $$ SELECT regexp_replace(regexp_replace(translate(lower(regexp_replace(name, '^.*[ -]', '')),
          'åäæöøéèëüáàïí', 'aaaooeeeuaaii'), 'a[ae]+', 'a', 'g'), 'oe+', 'o', 'g') $$;

-- Days that nobody works, though they are weekdays: filled in from ``exitprogram/law/workdays.py``, in the same run.
CREATE OR REPLACE FUNCTION wall.is_holiday(day date) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    AS $$ SELECT false $$;

-- Who leads which unit of a board today.
CREATE OR REPLACE FUNCTION wall.leads_of_units(board uuid) RETURNS TABLE (unit_id uuid, manager_id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT l.unit_id, l.manager_id, m.user_id FROM public.tenancy_unitmanager l
    JOIN public.tenancy_unit u ON u.id = l.unit_id AND u.starts_on <= wall.today()
        AND (u.ends_on IS NULL OR u.ends_on >= wall.today())
    JOIN public.tenancy_membership m ON m.id = l.manager_id AND m.role = 'unit_manager'
        AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
    JOIN public.tenancy_user p ON p.id = m.user_id AND p.is_active
    WHERE l.authority_id = board
    $$;

-- Whose readings a manager reviews: those who work in her units, in none or in one that nobody else than they themselves
-- leads; of those who lead, the others; and guests from other authorities who have read here. Never her own, in whichever
-- of her memberships.
CREATE OR REPLACE FUNCTION wall.reviewed_by(manager uuid) RETURNS TABLE (id uuid, surname text, is_guest boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH me AS (SELECT m.id, m.user_id, m.authority_id FROM public.tenancy_membership m
                WHERE m.id = manager AND m.role = 'unit_manager'),
    led AS MATERIALIZED (SELECT l.* FROM me CROSS JOIN LATERAL wall.leads_of_units(me.authority_id) l)
    SELECT m.id, wall.folded_surname(u.name), m.authority_id <> me.authority_id
    FROM me
    JOIN public.tenancy_membership m ON m.user_id <> me.user_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE CASE WHEN m.authority_id = me.authority_id THEN
        m.role = 'unit_manager' OR m.unit_id IS NULL
        OR EXISTS (SELECT 1 FROM led l WHERE l.unit_id = m.unit_id AND l.manager_id = me.id)
        OR NOT EXISTS (SELECT 1 FROM led l WHERE l.unit_id = m.unit_id AND l.user_id <> m.user_id)
    ELSE EXISTS (SELECT 1 FROM public.audit_auditevent a
                 WHERE a.authority_id = me.authority_id AND a.membership_id = m.id AND a.case_id IS NOT NULL) END
    $$;

CREATE OR REPLACE FUNCTION wall.reviewed_staff() RETURNS TABLE (id uuid, surname text, is_guest boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT r.* FROM wall.reviewed_by(wall.membership()) r WHERE wall.role() = 'unit_manager' $$;

-- Whose readings would be gone through by nobody: for those who administer, so that they can put it right.
CREATE OR REPLACE FUNCTION wall.unreviewed_staff() RETURNS TABLE (membership_id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH covered AS MATERIALIZED (
        SELECT DISTINCT r.id FROM public.tenancy_membership m
        JOIN public.tenancy_user p ON p.id = m.user_id AND p.is_active
        CROSS JOIN LATERAL wall.reviewed_by(m.id) r
        WHERE m.authority_id = wall.authority() AND m.role = 'unit_manager' AND m.starts_on <= wall.today()
          AND (m.ends_on IS NULL OR m.ends_on >= wall.today()))
    SELECT m.id, u.name FROM public.tenancy_membership m JOIN public.tenancy_user u ON u.id = m.user_id AND u.is_active
    WHERE m.authority_id = wall.authority() AND wall.role() = 'administrator' AND m.role IN ('social_worker', 'unit_manager')
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
      AND m.id NOT IN (SELECT c.id FROM covered c)
    ORDER BY u.name, m.id
    $$;

-- Whether somebody had the case then; a guest: was in its team, or had been sent something out of it.
CREATE OR REPLACE FUNCTION wall.had_part_in(member uuid, wanted uuid, at timestamptz) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.cases_accessgrant g
        WHERE g.content_object_id = wanted AND g.membership_id = member AND g.kind NOT IN ('emergency', 'reading')
          AND g.starts_on <= (at AT TIME ZONE 'Europe/Stockholm')::date
          AND (g.ends_on IS NULL OR g.ends_on >= (at AT TIME ZONE 'Europe/Stockholm')::date)
          AND (g.ended_at IS NULL OR g.ended_at >= at))
     OR EXISTS (
        SELECT 1 FROM public.teams_teammember t
        WHERE t.case_id = wanted AND t.membership_id = member AND t.member_authority_id <> t.authority_id
          AND t.starts_on <= (at AT TIME ZONE 'Europe/Stockholm')::date
          AND (t.ends_on IS NULL OR t.ends_on >= (at AT TIME ZONE 'Europe/Stockholm')::date))
     OR EXISTS (
        SELECT 1 FROM public.cases_disclosure d
        WHERE d.case_id = wanted AND d.receiver_id = member AND d.created_at <= at)
    $$;

-- Whether she has said that she knows the person, or somebody has shut her out for that: in any case of the same person.
CREATE OR REPLACE FUNCTION wall.has_said_so(member uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.tenancy_membership m JOIN public.cases_case c ON c.individual_id = person
        WHERE m.id = member AND (
            EXISTS (SELECT 1 FROM public.cases_accessblock b WHERE b.case_id = c.id AND b.user_id = m.user_id)
            OR EXISTS (SELECT 1 FROM public.cases_conflictanswer k JOIN public.tenancy_membership o ON o.id = k.membership_id
                       WHERE k.case_id = c.id AND k.knows AND o.user_id = m.user_id)))
    $$;

-- What they read in a month, of cases that she may know of: of guarded people those open to her, of children those that
-- she may have, and none that she is shut out from. ``why``: what makes it worth a look. The addresses of those who work
-- here are kept nowhere, so that nobody is compared by address: what they have said themselves is (*Känner du personen?*).
CREATE OR REPLACE FUNCTION wall.readings_to_review(wanted date)
    RETURNS TABLE (event_id uuid, actor_id uuid, why text[]) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH seen AS MATERIALIZED (
        SELECT DISTINCT ON (a.membership_id, a.case_id, a.action, date_trunc('hour', a.created_at))
               a.id, a.membership_id, a.case_id, a.action, a.created_at, c.individual_id, s.is_guest, i.guarded,
               a.created_at AT TIME ZONE 'Europe/Stockholm' AS local,
               ' ' || i.search_key || ' ' LIKE '% ' || s.surname || ' %' AS same_name
        FROM (SELECT wall.open_cases() AS open, wall.blocked_cases() AS blocked,
                     wall.is_child_worker(wall.membership()) AS of_children OFFSET 0) me
        CROSS JOIN wall.reviewed_staff() s
        JOIN public.audit_auditevent a ON a.authority_id = wall.authority() AND a.membership_id = s.id
            AND a.created_at >= wall.morning_of(wanted)
            AND a.created_at < wall.morning_of((wanted + interval '1 month')::date) AND wall.is_read(a.action)
        JOIN public.cases_case c ON c.id = a.case_id AND c.authority_id = a.authority_id AND NOT c.id = ANY (me.blocked)
            AND (c.programme <> 'child' OR me.of_children)
        JOIN public.cases_individual i ON i.id = c.individual_id AND (NOT i.guarded OR c.id = ANY (me.open))
        ORDER BY a.membership_id, a.case_id, a.action, date_trunc('hour', a.created_at), a.created_at, a.id),
    reads AS MATERIALIZED (
        SELECT s.*, NOT wall.had_part_in(s.membership_id, s.case_id, s.created_at) AND s.action NOT LIKE 'transfer.%' AS no_link
        FROM seen s),
    busy AS (
        SELECT r.membership_id, date_trunc('hour', r.local) AS hour FROM reads r
        GROUP BY 1, 2 HAVING count(DISTINCT r.case_id) >= 10),
    back AS (
        SELECT r.membership_id, r.case_id, count(DISTINCT r.local::date) >= 3 AS often,
               count(*) FILTER (WHERE r.action = 'person.found') >= 3 AS sought
        FROM reads r WHERE r.no_link GROUP BY 1, 2)
    SELECT r.id, r.membership_id, array_remove(ARRAY[
        CASE WHEN r.no_link THEN 'no_link' END,
        CASE WHEN wall.has_said_so(r.membership_id, r.individual_id) THEN 'knows' END,
        CASE WHEN r.same_name THEN 'same_name' END,
        CASE WHEN r.guarded THEN 'guarded' END,
        CASE WHEN extract(hour FROM r.local) >= 22 OR extract(hour FROM r.local) < 6 OR extract(isodow FROM r.local) > 5
             OR wall.is_holiday(r.local::date) THEN 'night' END,
        CASE WHEN b.hour IS NOT NULL THEN 'many' END,
        CASE WHEN k.often THEN 'often' END,
        CASE WHEN k.sought THEN 'sought' END,
        CASE WHEN r.is_guest AND r.no_link THEN 'guest' END], NULL)
    FROM reads r
    LEFT JOIN busy b ON b.membership_id = r.membership_id AND b.hour = date_trunc('hour', r.local)
    LEFT JOIN back k ON k.membership_id = r.membership_id AND k.case_id = r.case_id AND r.no_link
    $$;

-- A month that has been: at most ten that are worth a look, those with most reasons first, and fifteen of the rest. The
-- order within them is by a key that only the database has: nobody can choose, and the same rows give the same sample.
CREATE OR REPLACE FUNCTION wall.draw_log_review(wanted date) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    this_month date := date_trunc('month', wall.today())::date;
    made uuid;
BEGIN
    IF wall.role() IS DISTINCT FROM 'unit_manager' OR wanted <> date_trunc('month', wanted)::date
       OR wanted >= this_month OR wanted < this_month - interval '12 months' THEN
        RAISE EXCEPTION 'Den månaden går inte att granska.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.teams_logreview (id, authority_id, created_at, reviewer_id, month)
        VALUES (gen_random_uuid(), wall.authority(), now(), wall.membership(), wanted)
        ON CONFLICT DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN
        RETURN (SELECT r.id FROM public.teams_logreview r
                WHERE r.authority_id = wall.authority() AND r.reviewer_id = wall.membership() AND r.month = wanted);
    END IF;
    INSERT INTO public.teams_logsample (id, authority_id, created_at, review_id, place, event_id, actor_id,
                                       actor_authority_id, why, judgement, note)
    WITH keyed AS MATERIALIZED (
        SELECT r.*, sha256(k.inner_pad || convert_to(r.event_id || ':' || wall.membership(), 'UTF8')) AS lot
        FROM wall.readings_to_review(wanted) r JOIN wall.key k ON k.id = 1),
    risks AS (
        SELECT * FROM keyed WHERE cardinality(why) > 0 ORDER BY cardinality(why) DESC, lot LIMIT 10),
    chosen AS (
        SELECT event_id, actor_id, array_to_string(why, ' ') AS why, lot FROM risks
        UNION ALL
        (SELECT event_id, actor_id, 'random', lot FROM keyed
         WHERE event_id NOT IN (SELECT event_id FROM risks) ORDER BY lot LIMIT 15))
    SELECT gen_random_uuid(), wall.authority(), now(), made, row_number() OVER (ORDER BY c.lot), c.event_id, c.actor_id,
           m.authority_id, c.why, '', ''
    FROM chosen c JOIN public.tenancy_membership m ON m.id = c.actor_id;
    RETURN made;
END $$;

DROP FUNCTION IF EXISTS wall.log_samples(uuid[]);
-- What each row of a month says, for the one who reviews it, or who has taken over its questions and reports: who, what and
-- when. The case's number only while she may know of it; of a guest also where she works.
CREATE FUNCTION wall.log_samples(wanted uuid[])
    RETURNS TABLE (sample_id uuid, at timestamptz, action text, ground text, number text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT s.id, a.created_at, a.action, a.ground,
           CASE WHEN NOT c.id = ANY (me.blocked) AND (c.programme <> 'child' OR me.of_children)
                     AND (NOT i.guarded OR c.id = ANY (me.open)) THEN c.number END,
           u.name || CASE WHEN m.authority_id <> s.authority_id THEN ', ' || h.name || ',' ELSE '' END
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.role() AS role, wall.open_cases() AS open,
                 wall.blocked_cases() AS blocked, wall.is_child_worker(wall.membership()) AS of_children,
                 wall.log_reviewers() AS answers_for, wall.my_memberships() AS mine OFFSET 0) me
    JOIN public.teams_logsample s ON s.id = ANY (wanted) AND s.authority_id = me.authority
    JOIN public.teams_logreview r ON r.id = s.review_id
    JOIN public.audit_auditevent a ON a.id = s.event_id
    JOIN public.tenancy_membership m ON m.id = s.actor_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    JOIN public.tenancy_authority h ON h.id = m.authority_id
    LEFT JOIN public.cases_case c ON c.id = a.case_id
    LEFT JOIN public.cases_individual i ON i.id = c.individual_id
    WHERE me.role = 'unit_manager' AND NOT s.actor_id = ANY (me.mine)
      AND (r.reviewer_id = me.id
           OR (r.signed_at IS NOT NULL AND s.judgement <> 'ok' AND r.reviewer_id = ANY (me.answers_for)))
    $$;

-- To the one who is asked: which of her own readings. The number while the case may be known to her; to a guest, none.
CREATE OR REPLACE FUNCTION wall.my_asked_readings()
    RETURNS TABLE (question_id uuid, at timestamptz, action text, number text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT q.id, a.created_at, a.action,
           CASE WHEN c.authority_id = me.authority AND NOT c.id = ANY (me.blocked)
                     AND (c.programme <> 'child' OR me.of_children) AND (NOT i.guarded OR c.id = ANY (me.open))
                THEN c.number END
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.open_cases() AS open,
                 wall.blocked_cases() AS blocked, wall.is_child_worker(wall.membership()) AS of_children OFFSET 0) me
    JOIN public.teams_logquestion q ON q.asked_of_id = me.id
    JOIN public.teams_logsample s ON s.id = q.sample_id
    JOIN public.audit_auditevent a ON a.id = s.event_id AND a.membership_id = me.id
    LEFT JOIN public.cases_case c ON c.id = a.case_id
    LEFT JOIN public.cases_individual i ON i.id = c.individual_id
    $$;

-- How far each month has come, for those who lead and administer: counts and days.
CREATE OR REPLACE FUNCTION wall.log_coverage()
    RETURNS TABLE (reviewer_id uuid, month date, drawn bigint, judged bigint, signed_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT r.reviewer_id, r.month, count(s.id), count(s.id) FILTER (WHERE s.judgement <> ''), r.signed_at
    FROM public.teams_logreview r LEFT JOIN public.teams_logsample s ON s.review_id = r.id
    WHERE r.authority_id = wall.authority() AND wall.role() IN ('unit_manager', 'administrator')
    GROUP BY r.id
    $$;
