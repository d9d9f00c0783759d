-- What is handed to the archive. Only a closed case; approved by another human being than the one who asked, in
-- whichever of her memberships, who has a role that may; made and fetched by the asker alone, once it is approved.
CREATE OR REPLACE FUNCTION wall.is_closed(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    RETURN EXISTS (SELECT 1 FROM public.cases_case c
                   WHERE c.id = wanted AND c.authority_id = wall.authority() AND c.closed_on IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION wall.breaks_export(asker uuid, approved uuid, approver uuid, was_made timestamptz,
                                   made timestamptz, was_fetched integer, fetched integer, ender uuid, how text)
    RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
DECLARE
    me uuid := wall.membership();
    same_person boolean := EXISTS (
        SELECT 1 FROM public.tenancy_membership a JOIN public.tenancy_membership b ON b.user_id = a.user_id
        WHERE a.id = asker AND b.id = coalesce(approver, ender));
BEGIN
    IF approved IS NULL AND approver IS NOT NULL
        AND (same_person OR wall.role() NOT IN ('unit_manager', 'administrator')) THEN RETURN true; END IF;
    IF how = 'refused' AND (same_person OR wall.role() NOT IN ('unit_manager', 'administrator')) THEN
        RETURN true;
    END IF;
    IF how IN ('withdrawn', 'received') AND asker IS DISTINCT FROM me THEN RETURN true; END IF;
    IF was_made IS NULL AND made IS NOT NULL AND (asker IS DISTINCT FROM me OR approved IS NULL) THEN
        RETURN true;
    END IF;
    RETURN fetched IS DISTINCT FROM was_fetched
        AND (asker IS DISTINCT FROM me OR fetched <> was_fetched + 1 OR was_made IS NULL);
END $$;

-- Authorities with a request that goes on, for the janitor to look at: ids and nothing else.
CREATE OR REPLACE FUNCTION wall.going_exports() RETURNS TABLE (authority_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT DISTINCT e.authority_id FROM public.cases_archiveexport e
          WHERE e.ended_at IS NULL $$;
