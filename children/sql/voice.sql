-- What the child said, for the one to whom a proposal about the child was sent. A block goes before.
CREATE OR REPLACE FUNCTION wall.voices_sent() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(b.voice_id), '{}') FROM public.children_bestinterest b
    WHERE b.decision_id = ANY (wall.sent_decisions() || wall.lent_decisions())
    $$;

-- Nothing is decided about a child before what is best for it has been weighed, with what it said or why it was not heard.
CREATE OR REPLACE FUNCTION wall.weighed_before_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.children_bestinterest b
                   WHERE b.decision_id = NEW.id AND b.authority_id = NEW.authority_id) THEN
        RAISE EXCEPTION 'Barnets bästa är inte prövat.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER weighed_before_decided BEFORE UPDATE ON public.teams_decision FOR EACH ROW
    WHEN (OLD.state = 'proposed' AND NEW.state = 'decided' AND NEW.target = 'child')
    EXECUTE FUNCTION wall.weighed_before_decided();
