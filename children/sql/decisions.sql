-- Whoever weighs whether to investigate a child, and how it ends, has the degree that SoL 25:1 asks for.
CREATE OR REPLACE FUNCTION wall.child_decision_prepared() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF NOT wall.is_qualified(NEW.proposed_by_id) THEN
        RAISE EXCEPTION 'Den som bedömer i ett barns ärende har examen enligt 25 kap. 1 § SoL.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER child_decision_prepared BEFORE INSERT ON public.teams_decision FOR EACH ROW
    WHEN (NEW.target = 'child' AND NEW.kind IN ('investigation_open', 'investigation_not_open', 'investigation_close',
                                                'investigation_extend', 'opening_extend'))
    EXECUTE FUNCTION wall.child_decision_prepared();
