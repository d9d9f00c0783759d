-- What ends in a child's case has somebody who answers for what comes next, or a reason why nobody needs to: as many
-- tellings as there are endings.
CREATE OR REPLACE FUNCTION wall.nexts_of(of_about text, subject uuid) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT count(*) FROM public.children_nextresponsible n WHERE n.about = of_about AND n.subject_id = subject $$;

CREATE OR REPLACE FUNCTION wall.chain_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.nexts_of('case', NEW.id) < (SELECT count(*) FROM public.cases_closure k WHERE k.case_id = NEW.id)
       OR wall.nexts_of('case', NEW.id) = 0 THEN
        RAISE EXCEPTION 'Ett barns ärende slutar inte utan nästa ansvariga.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER chain_holds BEFORE UPDATE ON public.cases_case FOR EACH ROW
    WHEN (NEW.programme = 'child' AND OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL)
    EXECUTE FUNCTION wall.chain_holds();

-- The same for what ends within a case: a placement, an investigation.
CREATE OR REPLACE FUNCTION wall.part_chain_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.is_childs_case(NEW.case_id) AND wall.nexts_of(TG_ARGV[0], NEW.id) = 0 THEN
        RAISE EXCEPTION 'Den slutar inte utan nästa ansvariga.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER chain_holds BEFORE UPDATE ON public.children_placement FOR EACH ROW
    WHEN (OLD.ends_on IS NULL AND NEW.ends_on IS NOT NULL) EXECUTE FUNCTION wall.part_chain_holds('placement');
CREATE OR REPLACE TRIGGER chain_holds BEFORE UPDATE ON public.children_investigation FOR EACH ROW
    WHEN (OLD.finished_on IS NULL AND NEW.finished_on IS NOT NULL)
    EXECUTE FUNCTION wall.part_chain_holds('investigation');
CREATE OR REPLACE TRIGGER chain_holds BEFORE UPDATE ON public.cases_supportperiod FOR EACH ROW
    WHEN (OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL) EXECUTE FUNCTION wall.part_chain_holds('programme');

CREATE OR REPLACE FUNCTION wall.after_care_ended(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_aftercare a WHERE a.id = wanted AND a.ended_on IS NOT NULL) $$;

-- That there is another case, what it is to this one, and whom to ask: no number, no name, no programme. To one who
-- holds this one. Nothing of somebody protected or whom she is kept from, and nothing that was not to be shown here.
CREATE OR REPLACE FUNCTION wall.linked(wanted uuid) RETURNS TABLE (link_id uuid, relation text, ask text, mine boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH sides AS (
        SELECT l.id, l.relation::text AS relation, l.other_case_id AS other, true AS mine
        FROM public.children_caselink l WHERE l.case_id = wanted AND l.ended_at IS NULL
        UNION ALL
        SELECT l.id, CASE l.relation WHEN 'parent' THEN 'child' WHEN 'child' THEN 'parent' ELSE l.relation END,
               l.case_id, false
        FROM public.children_caselink l WHERE l.other_case_id = wanted AND l.shown_there AND l.ended_at IS NULL)
    SELECT s.id, s.relation, u.name, s.mine
    FROM sides s
    JOIN public.cases_case c ON c.id = s.other AND c.closed_on IS NULL
    JOIN public.cases_individual i ON i.id = c.individual_id
    JOIN public.tenancy_membership m ON m.id = c.worker_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE wanted = ANY (wall.held_cases()) AND NOT c.id = ANY (wall.blocked_cases())
      AND (NOT i.guarded OR c.id = ANY (wall.open_cases()))
    ORDER BY s.relation, u.name, s.id
    $$;
