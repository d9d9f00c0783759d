-- May I open it in an emergency: of my own authority, not open to me already, I am not blocked, and may have children's
-- cases if it is one. Exact ids only.
CREATE OR REPLACE FUNCTION wall.may_open_in_emergency(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.role() IN ('social_worker', 'unit_manager')
       AND EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted AND c.authority_id = wall.authority())
       AND NOT wanted = ANY (wall.blocked_cases()) AND NOT wanted = ANY (wall.open_cases())
       AND wall.fits_child(wanted, wall.membership())
    $$;

-- What was typed, an exact case number or the fingerprint of an identity number, as a case of the own authority. One
-- that is protected is found here too: this is the only way to it. Wrong, foreign and blocked give no row, nor does a
-- child's to who may not have children's.
CREATE OR REPLACE FUNCTION wall.case_in_emergency(case_number text, fingerprints bytea[])
    RETURNS TABLE (case_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, c.id = ANY (me.open)
    FROM (SELECT wall.authority() AS authority, wall.role() AS role, wall.open_cases() AS open,
                 wall.blocked_cases() AS blocked, wall.is_child_worker(wall.membership()) AS of_children OFFSET 0) me
    JOIN public.cases_case c ON c.authority_id = me.authority AND (c.programme <> 'child' OR me.of_children)
    WHERE me.role IN ('social_worker', 'unit_manager') AND NOT c.id = ANY (me.blocked)
      AND ((case_number <> '' AND c.number = case_number)
        OR (cardinality(fingerprints) > 0 AND EXISTS (
                SELECT 1 FROM public.cases_personidentifier p
                WHERE p.individual_id = c.individual_id AND p.fingerprint = ANY (fingerprints))))
    ORDER BY c.closed_on DESC NULLS FIRST, c.opened_on DESC, c.id
    LIMIT 1
    $$;

-- The grant of an emergency: mine, and for the very minutes that are written down beside it.
CREATE OR REPLACE FUNCTION wall.in_emergency(wanted uuid, member uuid, ends timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT member = wall.membership() AND EXISTS (
        SELECT 1 FROM public.cases_emergencyaccess e
        WHERE e.case_id = wanted AND e.membership_id = member AND e.until = ends AND e.ended_at IS NULL)
    $$;

-- Mine and not reviewed: I may put its review among what others have to do.
CREATE OR REPLACE FUNCTION wall.my_emergency(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_emergencyaccess e
                   WHERE e.id = wanted AND e.membership_id = wall.membership() AND e.reviewed_at IS NULL)
    $$;

-- Who is told of my emergency at once: those who lead, handle and coordinate, but nobody who is blocked, nor I.
CREATE OR REPLACE FUNCTION wall.told_of_emergency(wanted uuid) RETURNS TABLE (membership_id uuid, manages boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT m.id, m.role = 'unit_manager'
    FROM public.cases_emergencyaccess e
    JOIN public.cases_case c ON c.id = e.case_id
    JOIN public.tenancy_membership m ON m.authority_id = e.authority_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE e.id = wanted AND e.membership_id = wall.membership()
      AND u.is_active AND m.user_id <> e.user_id
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
      AND NOT wall.is_blocked(e.case_id, m.id)
      AND (m.role = 'unit_manager' OR m.id = c.worker_id OR EXISTS (
              SELECT 1 FROM public.cases_accessgrant g
              WHERE g.content_object_id = c.id AND g.membership_id = m.id AND g.kind IN ('coordinator', 'deputy')
                AND g.ended_at IS NULL AND g.starts_on <= wall.today()
                AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
                AND NOT wall.asks(g.kind, g.granted_by_id, g.membership_id, g.content_object_id)))
    ORDER BY m.role <> 'unit_manager', m.created_at, m.id
    $$;

-- For whoever may see the emergency: the case's number, when it is open to her or nobody in it is protected.
CREATE OR REPLACE FUNCTION wall.emergency_numbers(wanted uuid[]) RETURNS TABLE (emergency_id uuid, number text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT e.id, c.number
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.role() AS role,
                 wall.open_cases() AS open, wall.blocked_cases() AS blocked OFFSET 0) me
    JOIN public.cases_emergencyaccess e ON e.id = ANY (wanted) AND e.authority_id = me.authority
    JOIN public.cases_case c ON c.id = e.case_id AND NOT c.id = ANY (me.blocked)
    JOIN public.cases_individual i ON i.id = c.individual_id
    WHERE c.id = ANY (me.open)
       OR (NOT i.guarded AND (me.role = 'unit_manager' OR e.membership_id = me.id))
    $$;

-- What was read and done during the hour, for the one who reviews it: code words and times, nothing of the person. The
-- whole hour, whenever it is said to have ended.
CREATE OR REPLACE FUNCTION wall.emergency_traces(wanted uuid) RETURNS TABLE (at timestamptz, action text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT a.created_at, a.action
    FROM (SELECT wall.authority() AS authority, wall.role() AS role, wall.open_cases() AS open,
                 wall.blocked_cases() AS blocked OFFSET 0) me
    JOIN public.cases_emergencyaccess e ON e.id = wanted AND e.authority_id = me.authority
    JOIN public.audit_auditevent a ON a.authority_id = e.authority_id AND a.case_id = e.case_id
        AND a.membership_id = e.membership_id AND a.created_at >= e.started_at AND a.created_at <= e.until
    WHERE NOT e.case_id = ANY (me.blocked) AND (me.role = 'unit_manager' OR e.case_id = ANY (me.open))
    ORDER BY a.created_at, a.id
    $$;

-- Its clock goes on until somebody has judged it.
CREATE OR REPLACE FUNCTION wall.is_reviewed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_emergencyaccess e
                         WHERE e.id = wanted AND e.reviewed_at IS NOT NULL) $$;

-- How often I have tried today, in whichever of my memberships here: opened, and found nothing.
CREATE OR REPLACE FUNCTION wall.emergency_tries() RETURNS TABLE (opened bigint, missed bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT count(*) FILTER (WHERE a.details ->> 'outcome' = 'found'),
           count(*) FILTER (WHERE a.details ->> 'outcome' = 'not_found')
    FROM public.audit_auditevent a
    WHERE a.authority_id = wall.authority() AND a.user_id = wall.usr() AND a.action = 'emergency.tried'
      AND (a.created_at AT TIME ZONE 'Europe/Stockholm')::date = wall.today()
    $$;
