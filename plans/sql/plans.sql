-- Agreed is immutable: goals, measures and sections of such a version may not change (Wall.locked).
CREATE OR REPLACE FUNCTION wall.version_locked(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.plans_planversion v
                         WHERE v.id = wanted AND v.state IN ('agreed', 'superseded')) $$;

-- Meetings the acting membership is called to, while it is in the team.
CREATE OR REPLACE FUNCTION wall.my_meetings() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(m.id), '{}') FROM public.plans_meetingcall c
    JOIN public.plans_meeting m ON m.id = c.meeting_id AND m.case_id = c.case_id AND m.authority_id = c.authority_id
    WHERE c.membership_id = wall.membership() AND c.case_id = ANY (wall.joined_cases())
    $$;

-- Who will be able to read a section once it is signed: shown to its writer before she signs. The board's own people
-- on the case, and guests whose authority a waiver or a ground in law covers for the area today.
CREATE OR REPLACE FUNCTION wall.readers(wanted uuid)
    RETURNS TABLE (name text, organisation text, why text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH s AS (
        SELECT s.* FROM public.plans_section s
        WHERE s.id = wanted AND (s.case_id = ANY (wall.open_cases())
              OR (s.case_id::text || ':' || s.area) = ANY (wall.shared()))),
    who AS (
        SELECT g.membership_id, min(g.kind) AS why FROM s
        JOIN public.cases_accessgrant g ON g.content_object_id = s.case_id
        WHERE g.ended_at IS NULL AND g.starts_on <= wall.today()
          AND (g.ends_on IS NULL OR g.ends_on >= wall.today()) AND (g.until IS NULL OR g.until > statement_timestamp())
          AND NOT wall.is_blocked(g.content_object_id, g.membership_id)
        GROUP BY g.membership_id
        UNION
        SELECT t.membership_id, 'consent' FROM s
        JOIN public.teams_teammember t ON t.case_id = s.case_id AND t.state = 'joined'
            AND t.member_authority_id <> t.authority_id AND NOT wall.is_blocked(t.case_id, t.membership_id)
            AND t.starts_on <= wall.today() AND (t.ends_on IS NULL OR t.ends_on >= wall.today())
        JOIN wall.covers(ARRAY[s.case_id]) w ON w.recipient_id = t.member_authority_id AND w.area = s.area)
    SELECT u.name, a.name, who.why FROM who
    JOIN public.tenancy_membership m ON m.id = who.membership_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    JOIN public.tenancy_authority a ON a.id = m.authority_id
    ORDER BY (who.why = 'consent'), u.name
    $$;
