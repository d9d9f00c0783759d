-- Signed minutes lock who came to the meeting, too.
CREATE OR REPLACE FUNCTION wall.minutes_signed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.plans_meetingminutes m
                         WHERE m.meeting_id = wanted AND m.signed_at IS NOT NULL) $$;
