-- Agreed is immutable: goals, measures and sections of such a version may not change (Wall.locked).
CREATE OR REPLACE FUNCTION wall.version_locked(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.plans_planversion v
                         WHERE v.id = wanted AND v.state IN ('agreed', 'superseded')
                           AND (wall.ours(v.authority_id) OR v.case_id = ANY (wall.joined_cases()))) $$;

-- A goal, measure or section keeps its thread from version to version: never one that another case has.
CREATE OR REPLACE FUNCTION wall.thread_is_here(wanted uuid, of_case uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT NOT EXISTS (SELECT 1 FROM public.plans_goal g WHERE g.thread = wanted AND g.case_id <> of_case)
             AND NOT EXISTS (SELECT 1 FROM public.plans_measure m WHERE m.thread = wanted AND m.case_id <> of_case)
             AND NOT EXISTS (SELECT 1 FROM public.plans_section s WHERE s.thread = wanted AND s.case_id <> of_case) $$;

-- Meetings the acting membership is called to, while it is in the team.
CREATE OR REPLACE FUNCTION wall.my_meetings() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(m.id), '{}') FROM public.plans_meetingcall c
    JOIN public.plans_meeting m ON m.id = c.meeting_id AND m.case_id = c.case_id AND m.authority_id = c.authority_id
    WHERE c.membership_id = wall.membership() AND c.case_id = ANY (wall.joined_cases())
    $$;
