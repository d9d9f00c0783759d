-- Only a social board can take a case over (SoL 29:10).
CREATE OR REPLACE FUNCTION wall.is_social(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.tenancy_authority a
                   WHERE a.id = wanted AND a.kind IN ('social_board', 'joint_board'))
    $$;

-- The receiver's own case, held by the one who confirms (an emergency is for reading), and not closed.
CREATE OR REPLACE FUNCTION wall.is_open_case(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_case c
                   WHERE c.id = wanted AND c.closed_on IS NULL AND c.id = ANY (wall.held_cases()))
    $$;

-- «authority:case» of requests that the acting membership may answer or has been given: its traces belong in their log.
CREATE OR REPLACE FUNCTION wall.asked_about() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT t.authority_id || ':' || t.case_id), '{}') FROM public.cases_transferrequest t
    WHERE t.recipient_id = wall.authority() AND NOT t.case_id = ANY (wall.blocked_cases())
      AND (wall.role() = 'unit_manager' OR t.given_to_id = wall.membership())
    $$;

-- Responsibility never lapses: a case whose transfer is under way cannot be closed, by anybody, for any reason.
CREATE OR REPLACE FUNCTION wall.keep_until_taken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM public.cases_transferrequest t
               WHERE t.case_id = NEW.id AND t.confirmed_at IS NULL AND t.withdrawn_at IS NULL
                 AND t.answer <> 'refused') THEN
        RAISE EXCEPTION 'En överflyttning pågår.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_until_taken BEFORE UPDATE ON public.cases_case FOR EACH ROW
    WHEN (OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL) EXECUTE FUNCTION wall.keep_until_taken();
