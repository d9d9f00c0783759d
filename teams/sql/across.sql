-- KL 9:37: what one board lets somebody employed by another decide. It opens no case: one proposal, sent to her.

-- Proposals that another board has sent to the acting membership, while she has its mandate for the matter and for whom
-- it is about; and what she has decided so. A block goes before. One that changes an earlier decision stays at home.
CREATE OR REPLACE FUNCTION wall.lent_decisions() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(d.id), '{}')
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.role() AS role,
                 wall.blocked_cases() AS blocked OFFSET 0) me
    JOIN public.teams_decision d ON d.sent_to_id = me.id AND d.authority_id <> me.authority
    WHERE (d.state = 'proposed' OR d.decided_by_id = me.id) AND d.earlier_id IS NULL
      AND NOT d.case_id = ANY (me.blocked)
      AND EXISTS (SELECT 1 FROM wall.mandates() g
                  WHERE g.authority_id = d.authority_id AND g.employer_authority_id = me.authority
                    AND (g.membership_id = me.id OR g.role = me.role)
                    AND d.kind = ANY (g.kinds) AND d.target = ANY (g.programmes))
    $$;

-- Delegation schemes in which the acting membership has to find her row: adopted by a board that has given her a mandate.
CREATE OR REPLACE FUNCTION wall.lent_schemes() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce(array_agg(s.id), '{}') FROM public.teams_delegationscheme s
          WHERE s.state = 'adopted' AND s.authority_id = ANY (wall.mandating()) $$;

-- The watch that begins when one has decided for another board: of that decision, owned by the one who prepared it.
CREATE OR REPLACE FUNCTION wall.lent_watch(wanted uuid, of_case uuid, owner uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.teams_decision d
                   WHERE d.id = wanted AND d.id = ANY (wall.lent_decisions()) AND d.state = 'decided'
                     AND d.case_id = of_case AND d.proposed_by_id = owner)
    $$;

-- «authority:case» of what is lent: the traces of whoever decides lie in the log of the board whose matter it is.
CREATE OR REPLACE FUNCTION wall.lent_about() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce(array_agg(d.authority_id || ':' || d.case_id), '{}') FROM public.teams_decision d
          WHERE d.id = ANY (wall.lent_decisions()) $$;

-- Whoever does not have the case decides it as it was proposed, or sends it back. Nothing else of it moves.
CREATE OR REPLACE FUNCTION wall.only_decides() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ DECLARE
    decided text[] := '{state,outcome,reasons,law,hearing,exception,took_part,no_conflict,number,decided_on,decided_by_id,
        employer_id,row_id,scheme_version,role,appointed_on,mandate,given_mandate_id}';
    back text[] := '{sent_to_id,sent_to_authority_id,sent_back}';
BEGIN
    IF wall.system() OR OLD.case_id = ANY (wall.open_cases())
       OR (NEW.state = 'decided' AND to_jsonb(OLD) - decided = to_jsonb(NEW) - decided)
       OR (NEW.state = 'proposed' AND NEW.sent_to_id IS NULL AND NEW.sent_to_authority_id IS NULL
           AND to_jsonb(OLD) - back = to_jsonb(NEW) - back) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Förslaget beslutas som det är, eller skickas tillbaka.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER only_decides BEFORE UPDATE ON public.teams_decision FOR EACH ROW
    WHEN (OLD.state = 'proposed') EXECUTE FUNCTION wall.only_decides();

-- Whom a board has sent its proposals to elsewhere: its own people go on seeing who that was.
CREATE INDEX IF NOT EXISTS decisions_sent_across ON public.teams_decision (authority_id, sent_to_id)
    WHERE sent_to_authority_id <> authority_id;
