-- A child's plan ends with somebody who takes over: named for the plan, or for the case that ends with it.
CREATE OR REPLACE FUNCTION wall.plan_chain_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.is_childs_case(NEW.case_id) AND wall.nexts_of('programme', NEW.id) = 0
       AND wall.nexts_of('case', NEW.case_id)
           <= (SELECT count(*) FROM public.cases_closure k WHERE k.case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'Planen slutar inte utan nästa ansvariga.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER chain_holds BEFORE UPDATE ON public.plans_coordinatedplan FOR EACH ROW
    WHEN (OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL) EXECUTE FUNCTION wall.plan_chain_holds();
