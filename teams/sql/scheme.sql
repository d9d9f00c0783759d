-- Drafts of the acting board's delegation scheme: the rows of these, and of no other, are written.
CREATE OR REPLACE FUNCTION wall.draft_schemes() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce(array_agg(s.id), '{}') FROM public.teams_delegationscheme s
          WHERE s.state = 'draft' AND s.authority_id = wall.authority() $$;

-- What the board has adopted stands as it was adopted, whoever writes. (New rows: the policy lets them into drafts.)
CREATE OR REPLACE FUNCTION wall.adopted_rows_stand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.teams_delegationscheme s WHERE s.state = 'draft' AND s.id = OLD.scheme_id)
    THEN RAISE EXCEPTION 'Delegationsordningen är beslutad.' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN coalesce(NEW, OLD);  -- of a row that goes there is no new one
END $$;
CREATE OR REPLACE TRIGGER adopted BEFORE UPDATE OR DELETE ON public.teams_delegationrow FOR EACH ROW
    EXECUTE FUNCTION wall.adopted_rows_stand();

-- KL 6:37, 7:5: a decision rests on a row of the scheme in force on its day, for its matter, for the one who decides,
-- within the row's limits. A row with a limit covers no decision that does not say how much, or how long.
CREATE OR REPLACE FUNCTION wall.decided_in_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.teams_delegationrow r
        JOIN public.teams_delegationscheme s ON s.id = r.scheme_id
        JOIN public.tenancy_membership m ON m.id = NEW.decided_by_id
        JOIN public.cases_case c ON c.id = NEW.case_id
        WHERE r.id = NEW.row_id AND r.kind = NEW.kind AND r.authority_id = NEW.authority_id
          AND s.state = 'adopted' AND s.valid_from <= NEW.decided_on
          AND (s.valid_to IS NULL OR s.valid_to >= NEW.decided_on)
          AND NEW.decided_on <= wall.today()
          AND (r.member_id = m.id OR (r.member_id IS NULL AND r.role = m.role AND (m.authority_id = NEW.authority_id
               -- KL 9:37: or a mandate stands instead of being employed there, and of nothing else.
               OR EXISTS (SELECT 1 FROM wall.mandates() g
                          WHERE g.id = NEW.given_mandate_id AND g.starts_on <= NEW.decided_on
                            AND g.authority_id = NEW.authority_id AND g.employer_authority_id = m.authority_id
                            AND (g.membership_id = m.id OR g.role = m.role)
                            AND NEW.kind = ANY (g.kinds) AND c.programme = ANY (g.programmes)))))
          AND (r.max_amount IS NULL OR (said ->> 'amount')::numeric <= r.max_amount)
          AND (r.max_days IS NULL OR (said ->> 'days')::numeric <= r.max_days)
          AND (r.target = 'all' OR r.target = c.programme))
    THEN RAISE EXCEPTION 'Beslutet ligger utanför delegationsordningen.' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER in_order_new AFTER INSERT ON public.teams_decision FOR EACH ROW
    WHEN (NEW.row_id IS NOT NULL) EXECUTE FUNCTION wall.decided_in_order();
CREATE OR REPLACE TRIGGER in_order BEFORE UPDATE ON public.teams_decision FOR EACH ROW
    WHEN (NEW.row_id IS NOT NULL AND (OLD.row_id IS DISTINCT FROM NEW.row_id OR OLD.kind IS DISTINCT FROM NEW.kind
          OR OLD.decided_on IS DISTINCT FROM NEW.decided_on OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id))
    EXECUTE FUNCTION wall.decided_in_order();

-- For the one who puts a scheme in force and reads no case: how many decisions rest on an earlier version from a day on.
CREATE OR REPLACE FUNCTION wall.decided_since(first date) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT count(*) FROM public.teams_decision d
          WHERE d.authority_id = wall.authority() AND wall.role() = 'administrator'
            AND d.row_id IS NOT NULL AND d.decided_on >= first $$;

-- And what waits for somebody's decision: the matter, its measures and at whom it lies. No case, no person.
CREATE OR REPLACE FUNCTION wall.waiting_decisions()
    RETURNS TABLE (kind text, sent_to_id uuid, amount numeric, days numeric, target text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT d.kind, d.sent_to_id, (to_jsonb(d) ->> 'amount')::numeric, (to_jsonb(d) ->> 'days')::numeric, c.programme
    FROM public.teams_decision d JOIN public.cases_case c ON c.id = d.case_id
    WHERE d.authority_id = wall.authority() AND wall.role() = 'administrator' AND d.state = 'proposed'
    ORDER BY d.kind, d.sent_to_id, d.id
    $$;
