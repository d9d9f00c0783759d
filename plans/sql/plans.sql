-- Agreed is immutable: goals, measures and sections of such a version may not change (Wall.locked).
CREATE OR REPLACE FUNCTION wall.version_locked(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.plans_planversion v
                         WHERE v.id = wanted AND v.state IN ('agreed', 'superseded')) $$;

-- Meetings the acting membership is called to, while it is in the team.
CREATE OR REPLACE FUNCTION wall.my_meetings() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(c.meeting_id), '{}') FROM public.plans_meetingcall c
    WHERE c.membership_id = wall.membership() AND c.case_id = ANY (wall.joined_cases())
    $$;
