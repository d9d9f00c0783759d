-- What is of a child only is written in a child's case only.
CREATE OR REPLACE FUNCTION wall.is_childs_case(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted AND c.programme = 'child') $$;

CREATE OR REPLACE FUNCTION wall.has_custody(beside uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.children_custody c WHERE c.guardian_id = beside
                   AND c.starts_on <= wall.today() AND (c.ends_on IS NULL OR c.ends_on >= wall.today())
                   AND wall.ours(c.authority_id))
    $$;

-- Whoever has custody is a party, unless a recorded ground limits what a party may know.
CREATE OR REPLACE FUNCTION wall.is_party(beside uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.has_custody(beside) AND NOT EXISTS (SELECT 1 FROM public.children_partylimit l WHERE l.guardian_id = beside AND l.ended_at IS NULL)
    $$;

-- A release to a guardian without a mark; or, despite that very mark, what a party has a right to, by the manager.
CREATE OR REPLACE FUNCTION wall.may_release(beside uuid, ground text, despite uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT CASE WHEN despite IS NULL
        THEN NOT EXISTS (SELECT 1 FROM public.children_guardianmark m
                         WHERE m.guardian_id = beside AND m.ended_at IS NULL)
        ELSE wall.role() = 'unit_manager' AND ground = 'secrecy.disclosure.party' AND wall.is_party(beside)
         AND EXISTS (SELECT 1 FROM public.children_guardianmark m
                     WHERE m.id = despite AND m.guardian_id = beside AND m.ended_at IS NULL) END
    $$;

-- May this piece be given to this guardian today? Not after it was taken back, nor past its last day; on a ground that
-- still holds; while the child is a child; and no mark has come since it was decided.
CREATE OR REPLACE FUNCTION wall.released(beside uuid, of_kind text, wanted uuid, of_part text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.children_guardianrelease r
        WHERE NOT wall.of_age(r.case_id) AND r.guardian_id = beside AND r.kind = of_kind AND r.part = of_part AND (wanted IS NULL OR r.object_id = wanted)
          AND r.authority_id = wall.authority() AND r.withdrawn_at IS NULL
          AND r.starts_on <= wall.today() AND (r.ends_on IS NULL OR r.ends_on >= wall.today())
          AND CASE r.ground_rule WHEN 'secrecy.disclosure.party' THEN wall.is_party(beside)
                                 WHEN 'secrecy.disclosure.guardian' THEN wall.has_custody(beside) ELSE true END
          AND NOT EXISTS (SELECT 1 FROM public.children_guardianmark m
                          WHERE m.guardian_id = beside AND m.ended_at IS NULL AND m.id IS DISTINCT FROM r.despite_id))
    $$;

-- What is given to a guardian: by a release in force, in the guardian's own case. Whatever room hands it over.
CREATE OR REPLACE FUNCTION wall.released_before_given() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.children_guardian g
                   WHERE g.id = NEW.beside_id AND g.case_id = NEW.case_id AND g.authority_id = NEW.authority_id)
       OR NOT (CASE
            WHEN NEW.what = 'case.copy' THEN EXISTS (
                SELECT 1 FROM public.children_guardianrelease r
                WHERE r.guardian_id = NEW.beside_id AND wall.released(NEW.beside_id, r.kind, r.object_id, r.part))
            WHEN NEW.what = 'plan.part' THEN wall.released(NEW.beside_id, 'plan.section', NULL, '')
            ELSE wall.released(NEW.beside_id, NEW.what, NEW.object_id, '') END)
    THEN
        RAISE EXCEPTION 'Uppgiften är inte släppt till den vårdnadshavaren.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER released_before_given BEFORE INSERT ON public.cases_disclosure FOR EACH ROW
    WHEN (NEW.beside_id IS NOT NULL) EXECUTE FUNCTION wall.released_before_given();

CREATE OR REPLACE FUNCTION wall.piece_released() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    beside uuid;
BEGIN
    SELECT d.beside_id INTO beside FROM public.cases_disclosure d WHERE d.id = NEW.disclosure_id;
    IF beside IS NOT NULL AND NOT wall.released(beside, NEW.kind, NEW.object_id, NEW.part) THEN
        RAISE EXCEPTION 'Uppgiften är inte släppt till den vårdnadshavaren.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER piece_released BEFORE INSERT ON public.cases_discloseditem FOR EACH ROW
    EXECUTE FUNCTION wall.piece_released();
