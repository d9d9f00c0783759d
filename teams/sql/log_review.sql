-- Loggkontroll: the sample of one manager's month, drawn here and nowhere else.

-- Which actions are reading: filled in from the words of the log by ``LogReview.wall_functions``, in the same run.
CREATE OR REPLACE FUNCTION wall.is_read(action text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    AS $$ SELECT false $$;

CREATE OR REPLACE FUNCTION wall.log_review_is_signed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.teams_logreview r WHERE r.id = wanted AND r.signed_at IS NOT NULL) $$;

CREATE OR REPLACE FUNCTION wall.log_review_goes_on(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.teams_logsample s WHERE s.review_id = wanted AND s.judgement = '') $$;

-- A surname as the names of people are kept for the search (``cases.names.folded``).
CREATE OR REPLACE FUNCTION wall.folded_surname(name text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    AS $$ SELECT regexp_replace(regexp_replace(translate(lower(regexp_replace(name, '^.*[ -]', '')),
          'åäæöøéèëüáàïí', 'aaaooeeeuaaii'), 'a[ae]+', 'a', 'g'), 'oe+', 'o', 'g') $$;

-- Whose readings a manager reviews: those who work in her units, in none or in one that nobody leads; and of those who
-- lead, the others. Never her own, in whichever of her memberships.
CREATE OR REPLACE FUNCTION wall.reviewed_staff() RETURNS TABLE (id uuid, surname text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH led AS (
        SELECT l.unit_id, l.manager_id FROM public.tenancy_unitmanager l
        JOIN public.tenancy_unit u ON u.id = l.unit_id AND u.starts_on <= wall.today()
            AND (u.ends_on IS NULL OR u.ends_on >= wall.today())
        JOIN public.tenancy_membership m ON m.id = l.manager_id AND m.role = 'unit_manager'
            AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
        WHERE l.authority_id = wall.authority())
    SELECT m.id, wall.folded_surname(u.name)
    FROM public.tenancy_membership m JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE m.authority_id = wall.authority() AND wall.role() = 'unit_manager' AND m.user_id <> wall.usr()
      AND (m.role = 'unit_manager' OR m.unit_id IS NULL
           OR m.unit_id IN (SELECT l.unit_id FROM led l WHERE l.manager_id = wall.membership())
           OR m.unit_id NOT IN (SELECT l.unit_id FROM led l))
    $$;

-- What they read in a month, of cases that she may know of: of guarded people those open to her, of children those that
-- she may have, and none that she is shut out from. ``why``: what makes it worth a look.
CREATE OR REPLACE FUNCTION wall.readings_to_review(wanted date)
    RETURNS TABLE (event_id uuid, actor_id uuid, why text[]) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH reads AS MATERIALIZED (
        SELECT DISTINCT ON (a.membership_id, a.case_id, a.action, date_trunc('hour', a.created_at))
               a.id, a.membership_id, a.case_id, a.created_at AT TIME ZONE 'Europe/Stockholm' AS local, i.guarded,
               ' ' || i.search_key || ' ' LIKE '% ' || s.surname || ' %' AS same_name,
               NOT EXISTS (
                   SELECT 1 FROM public.cases_accessgrant g
                   WHERE g.content_object_id = a.case_id AND g.membership_id = a.membership_id
                     AND g.kind NOT IN ('emergency', 'reading')
                     AND g.starts_on <= (a.created_at AT TIME ZONE 'Europe/Stockholm')::date
                     AND (g.ends_on IS NULL OR g.ends_on >= (a.created_at AT TIME ZONE 'Europe/Stockholm')::date)
                     AND (g.ended_at IS NULL OR g.ended_at >= a.created_at)) AS no_link
        FROM (SELECT wall.open_cases() AS open, wall.blocked_cases() AS blocked,
                     wall.is_child_worker(wall.membership()) AS of_children) me
        CROSS JOIN wall.reviewed_staff() s
        JOIN public.audit_auditevent a ON a.authority_id = wall.authority() AND a.membership_id = s.id
            AND a.created_at >= wall.morning_of(wanted)
            AND a.created_at < wall.morning_of((wanted + interval '1 month')::date) AND wall.is_read(a.action)
        JOIN public.cases_case c ON c.id = a.case_id AND c.authority_id = a.authority_id AND NOT c.id = ANY (me.blocked)
            AND (c.programme <> 'child' OR me.of_children)
        JOIN public.cases_individual i ON i.id = c.individual_id AND (NOT i.guarded OR c.id = ANY (me.open))
        ORDER BY a.membership_id, a.case_id, a.action, date_trunc('hour', a.created_at), a.created_at, a.id),
    busy AS (
        SELECT r.membership_id, date_trunc('hour', r.local) AS hour FROM reads r
        GROUP BY 1, 2 HAVING count(DISTINCT r.case_id) >= 10)
    SELECT r.id, r.membership_id, array_remove(ARRAY[
        CASE WHEN r.no_link THEN 'no_link' END,
        CASE WHEN r.same_name THEN 'same_name' END,
        CASE WHEN r.guarded THEN 'guarded' END,
        CASE WHEN extract(hour FROM r.local) >= 22 OR extract(hour FROM r.local) < 6 OR extract(isodow FROM r.local) > 5
             THEN 'night' END,
        CASE WHEN b.hour IS NOT NULL THEN 'many' END], NULL)
    FROM reads r LEFT JOIN busy b ON b.membership_id = r.membership_id AND b.hour = date_trunc('hour', r.local)
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
    INSERT INTO public.teams_logsample (id, authority_id, created_at, review_id, place, event_id, actor_id, why, judgement, note)
    WITH keyed AS MATERIALIZED (
        SELECT r.*, sha256(k.inner_pad || convert_to(r.event_id || ':' || wall.membership(), 'UTF8')) AS lot
        FROM wall.readings_to_review(wanted) r CROSS JOIN wall.key k),
    risks AS (
        SELECT * FROM keyed WHERE cardinality(why) > 0 ORDER BY cardinality(why) DESC, lot LIMIT 10),
    chosen AS (
        SELECT event_id, actor_id, array_to_string(why, ' ') AS why, lot FROM risks
        UNION ALL
        (SELECT event_id, actor_id, 'random', lot FROM keyed
         WHERE event_id NOT IN (SELECT event_id FROM risks) ORDER BY lot LIMIT 15))
    SELECT gen_random_uuid(), wall.authority(), now(), made, row_number() OVER (ORDER BY lot), event_id, actor_id, why, '', ''
    FROM chosen;
    RETURN made;
END $$;

-- What each row of a month says, for the one who reviews it: who, what and when. The case's number only while she may know
-- of it; those who administer get what has been reported, and no number.
CREATE OR REPLACE FUNCTION wall.log_samples(wanted uuid[])
    RETURNS TABLE (sample_id uuid, at timestamptz, action text, ground text, number text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT s.id, a.created_at, a.action, a.ground,
           CASE WHEN r.reviewer_id = me.id AND NOT c.id = ANY (me.blocked) AND (c.programme <> 'child' OR me.of_children)
                     AND (NOT i.guarded OR c.id = ANY (me.open)) THEN c.number END
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.role() AS role, wall.open_cases() AS open,
                 wall.blocked_cases() AS blocked, wall.is_child_worker(wall.membership()) AS of_children) me
    JOIN public.teams_logsample s ON s.id = ANY (wanted) AND s.authority_id = me.authority
    JOIN public.teams_logreview r ON r.id = s.review_id
    JOIN public.audit_auditevent a ON a.id = s.event_id
    LEFT JOIN public.cases_case c ON c.id = a.case_id
    LEFT JOIN public.cases_individual i ON i.id = c.individual_id
    WHERE r.reviewer_id = me.id AND me.role = 'unit_manager'
       OR (me.role = 'administrator' AND r.signed_at IS NOT NULL AND s.judgement = 'report' AND s.actor_id <> me.id)
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
