-- Who from elsewhere reads what of a case's plan today: one row for each goal, measure and section, and one with no part
-- that says whether she is told who it is. Asked by those who have the case, before and after something changes, so that
-- what a consent opens or closes can be told before it happens. The same conditions as the wall itself:
-- tests/test_sharing_machine.py holds them equal.
CREATE OR REPLACE FUNCTION wall.reading(wanted uuid)
    RETURNS TABLE (member_id uuid, name text, organisation_id uuid, organisation text, told_who boolean,
                   version integer, part text, area text, part_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH guest AS (
        SELECT t.id, t.case_id, t.state, t.member_authority_id, u.name, a.name AS organisation,
               wall.presented(t.id) AS told_who
        FROM public.teams_teammember t
        JOIN public.tenancy_membership m ON m.id = t.membership_id AND m.starts_on <= wall.today()
            AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
        JOIN public.tenancy_user u ON u.id = m.user_id
        JOIN public.tenancy_authority a ON a.id = t.member_authority_id
        WHERE t.case_id = wanted AND wanted = ANY (wall.open_cases()) AND t.member_authority_id <> t.authority_id
          AND NOT wall.is_blocked(t.case_id, t.membership_id) AND t.member_authority_id = ANY (wall.partners())
          AND t.state IN ('invited', 'joined')
          AND t.starts_on <= wall.today() AND (t.ends_on IS NULL OR t.ends_on >= wall.today())),
    part AS (
        SELECT 'goal' AS part, g.area, g.id, g.version_id FROM public.plans_goal g WHERE g.case_id = wanted
        UNION ALL SELECT 'measure', m.area, m.id, m.version_id FROM public.plans_measure m WHERE m.case_id = wanted
        UNION ALL SELECT 'section', s.area, s.id, s.version_id FROM public.plans_section s WHERE s.case_id = wanted)
    SELECT g.id, g.name, g.member_authority_id, g.organisation, g.told_who, NULL, NULL, NULL, NULL FROM guest g
    UNION
    SELECT g.id, g.name, g.member_authority_id, g.organisation, g.told_who, v.number, p.part, p.area, p.id
    FROM guest g
    JOIN wall.covers(ARRAY[g.case_id]) w ON w.recipient_id = g.member_authority_id
    JOIN part p ON p.area = w.area
    JOIN public.plans_planversion v ON v.id = p.version_id
    WHERE g.state = 'joined'
    $$;
