-- Proposals and decisions that were sent to the acting membership. A block goes before.
CREATE OR REPLACE FUNCTION wall.sent_decisions() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(d.id), '{}')
    FROM (SELECT wall.membership() AS id, wall.blocked_cases() AS blocked OFFSET 0) me
    JOIN public.teams_decision d ON d.sent_to_id = me.id AND NOT d.case_id = ANY (me.blocked)
        AND (d.target <> 'child' OR wall.is_child_worker(me.id))
    $$;

-- The next number in the board's own series, for the one who is about to decide. Nobody else of the board gets a number
-- before that is done; who asks and does not decide has taken none.
CREATE OR REPLACE FUNCTION wall.next_decision_number(wanted uuid, year integer) RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
DECLARE
    series text := 'B' || year || '-';
    board uuid;
    last integer;
BEGIN
    SELECT d.authority_id INTO board FROM public.teams_decision d
        WHERE d.id = wanted AND (d.authority_id = wall.authority() OR d.id = ANY (wall.lent_decisions()));
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('teams_decision.number'), hashtext(board::text));
    SELECT coalesce(max(substr(d.number, length(series) + 1)::integer), 0) INTO last
        FROM public.teams_decision d WHERE d.authority_id = board AND d.number LIKE series || '%';
    RETURN series || lpad((last + 1)::text, greatest(4, length((last + 1)::text)), '0');
END $$;

-- Decided by me: the watch over its carrying out is mine to start, also without the case.
CREATE OR REPLACE FUNCTION wall.my_decision(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.teams_decision d
                   WHERE d.id = wanted AND d.state = 'decided' AND d.decided_by_id = wall.membership())
    $$;

-- Has the party answered, said nothing in time, or let the time run out? As ``Course.was_heard``.
CREATE OR REPLACE FUNCTION wall.was_heard(wanted uuid, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.teams_decisionstep h
        WHERE h.decision_id = wanted AND h.kind = 'heard'
          AND (h.until < on_day OR EXISTS (SELECT 1 FROM public.teams_decisionstep s
                                           WHERE s.decision_id = wanted AND s.kind IN ('answered', 'silent'))))
    $$;

-- Only while a demonstration tells of weeks gone by, by the owner's hand (``exitprogram/demo/clock.py``); each migrate
-- says no again.
CREATE OR REPLACE FUNCTION wall.told_as_then() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT false $$;

-- A decision is made today, not into an earlier scheme. It is numbered in its board's series without a gap, and says
-- truly as whom it was made: the decider's own role, since when, her employer and its mandate, and the version of the
-- scheme that its row stands in.
CREATE OR REPLACE FUNCTION wall.decided_as() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    series text := 'B' || to_char(NEW.decided_on, 'YYYY') || '-';
    last integer;
BEGIN
    SELECT coalesce(max(substr(d.number, length(series) + 1)::integer), 0) INTO last
        FROM public.teams_decision d WHERE d.authority_id = NEW.authority_id AND d.number LIKE series || '%';
    IF NEW.number IS DISTINCT FROM series || lpad((last + 1)::text, greatest(4, length((last + 1)::text)), '0') THEN
        RAISE EXCEPTION 'Beslutets nummer följer inte på det förra.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.decided_on > wall.today() OR (NEW.decided_on < wall.today() AND NOT wall.told_as_then())
      OR wall.is_about_me(NEW.id) OR NOT EXISTS (
        SELECT 1 FROM public.tenancy_membership m
        WHERE m.id = NEW.decided_by_id AND m.id = wall.membership() AND m.role = NEW.role
          AND m.starts_on = NEW.appointed_on AND m.starts_on <= NEW.decided_on AND m.authority_id = NEW.employer_id
          AND (NEW.mandate = 'own') = (m.authority_id = NEW.authority_id)
          AND (NEW.mandate = 'own') = (NEW.given_mandate_id IS NULL))
      OR NOT EXISTS (
        SELECT 1 FROM public.teams_delegationrow r
        JOIN public.teams_delegationscheme s ON s.id = r.scheme_id
        WHERE r.id = NEW.row_id AND s.version = NEW.scheme_version) THEN
        RAISE EXCEPTION 'Beslutet anger inte rätt beslutsfattare.' USING ERRCODE = 'restrict_violation';
    END IF;
    -- FL 25 §: what goes against the party is decided when she has been heard, or by an exception with words of why.
    IF (NEW.outcome <> 'granted' OR NEW.relation = 'worse') AND NOT wall.was_heard(NEW.id, NEW.decided_on)
       AND (NEW.exception NOT IN ('unnecessary', 'harder', 'urgent') OR octet_length(NEW.hearing) = 0) THEN
        RAISE EXCEPTION 'Den enskilde har inte fått yttra sig.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER decided_as BEFORE UPDATE ON public.teams_decision FOR EACH ROW
    WHEN (OLD.state = 'proposed' AND NEW.state = 'decided') EXECUTE FUNCTION wall.decided_as();

-- A proposal moves on: it is decided, or taken back by the one who made it. It is not kept half-way.
CREATE OR REPLACE TRIGGER taken_back BEFORE UPDATE ON public.teams_decision FOR EACH ROW
    WHEN (OLD.state = 'proposed' AND NEW.state = 'withdrawn' AND OLD.proposed_by_id IS DISTINCT FROM wall.membership())
    EXECUTE FUNCTION wall.refuse();

-- What comes after a decision comes after it, in its own case; and the party is heard before.
CREATE OR REPLACE FUNCTION wall.step_in_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    state text;
BEGIN
    SELECT d.state INTO state FROM public.teams_decision d WHERE d.id = NEW.decision_id;
    IF (state = 'proposed') IS DISTINCT FROM (NEW.kind IN ('heard', 'answered', 'silent')) OR state = 'withdrawn' THEN
        RAISE EXCEPTION 'Steget hör inte till beslutets läge.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER in_order BEFORE INSERT ON public.teams_decisionstep FOR EACH ROW
    EXECUTE FUNCTION wall.step_in_order();

-- Is what a clock watches over done? An appeal: sent on, rejected, or met by a change. What was granted: carried out, no
-- longer wanted, changed; or interrupted or reported anew, each with a watch of its own.
CREATE OR REPLACE FUNCTION wall.decision_settled(watched text, subject uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH about AS (
        SELECT d.id, NULL::uuid AS step, '-infinity'::timestamptz AS since FROM public.teams_decision d
            WHERE d.id = subject AND d.authority_id = wall.authority()
        UNION ALL SELECT s.decision_id, s.id, s.created_at FROM public.teams_decisionstep s
            WHERE s.id = subject AND s.authority_id = wall.authority())
    SELECT EXISTS (
        SELECT 1 FROM about
        JOIN public.teams_decisionstep s ON s.decision_id = about.id AND s.id IS DISTINCT FROM about.step
         AND (watched = 'appeal' OR s.created_at >= about.since)
        WHERE CASE watched WHEN 'appeal' THEN s.kind = 'forwarded' WHEN 'tell' THEN s.kind = 'told'
              ELSE s.kind IN ('carried_out', 'not_wanted', 'reported', 'interrupted') END)
      OR EXISTS (
        SELECT 1 FROM about JOIN public.teams_decision d ON d.earlier_id = about.id
        WHERE d.state = 'decided' AND d.relation <> 'correction' AND (watched = 'appeal' OR d.relation <> 'late_appeal'))
    $$;

-- Does the decision concern somebody who is called like the acting user? Names of the unprotected can be compared here.
CREATE OR REPLACE FUNCTION wall.is_about_me(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.teams_decision d
        JOIN public.cases_case c ON c.id = d.case_id
        JOIN public.cases_individual i ON i.id = c.individual_id
        JOIN public.tenancy_user u ON u.id = wall.usr()
        WHERE d.id = wanted AND (d.authority_id = wall.authority() OR d.id = ANY (wall.lent_decisions()))
          AND lower(btrim(u.name)) IN (lower(btrim(i.name)), lower(btrim(i.alias))))
    $$;
