-- A case that this manager has just opened for another goes to the one who is to handle it: the work, what must be done
-- by a day, and the way in (which opens nothing before she has said whether she knows the person). Her own way in ends.
CREATE OR REPLACE FUNCTION wall.pass_case(wanted uuid, to_new uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    me uuid := wall.membership();
    today date := wall.today();
BEGIN
    IF wall.role() IS DISTINCT FROM 'unit_manager' OR NOT EXISTS (
        SELECT 1 FROM public.cases_case c
        JOIN public.tenancy_membership m ON m.id = to_new AND m.authority_id = c.authority_id
        JOIN public.tenancy_user u ON u.id = m.user_id AND u.is_active AND u.id IS DISTINCT FROM wall.usr()
        WHERE c.id = wanted AND c.authority_id = wall.authority() AND c.id = ANY (wall.held_cases())
          AND c.worker_id = me AND c.created_by_id = me AND c.closed_on IS NULL AND c.programme = 'adult'
          AND m.role = 'social_worker' AND m.starts_on <= today AND m.ends_on IS NULL
          AND NOT wall.is_blocked(wanted, to_new)) THEN
        RAISE EXCEPTION 'Ärendet är inte ditt att lämna.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM public.cases_case c WHERE c.id = wanted FOR UPDATE;
    PERFORM wall.hand_over_case(wanted, me, to_new, me, NULL);
END $$;

-- Where something lies that should be gone: authorities and nothing else.
CREATE OR REPLACE FUNCTION wall.expired_caseloads() RETURNS TABLE (authority_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT DISTINCT i.authority_id FROM public.teams_caseloadimport i WHERE i.expires_at <= now() $$;
