-- Cases in whose team the acting membership is today: of one with an agreement in force today, or of its own authority
-- and open to it (one who has not answered whether she knows the person is not in yet). Opens no case row by itself.
CREATE OR REPLACE FUNCTION wall.joined_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT t.case_id), '{}')
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.blocked_cases() AS blocked,
                 wall.partners() AS partners, wall.open_cases() AS open OFFSET 0) me
    JOIN public.teams_teammember t ON t.membership_id = me.id AND NOT t.case_id = ANY (me.blocked)
    JOIN public.cases_case c ON c.id = t.case_id AND c.authority_id = t.authority_id
    WHERE (t.case_id = ANY (me.open) OR (t.authority_id <> me.authority AND t.authority_id = ANY (me.partners)))
      AND t.state = 'joined'
      AND t.starts_on <= wall.today() AND (t.ends_on IS NULL OR t.ends_on >= wall.today())
    $$;

-- What is shared with the acting membership: «case:area», where it is in the team AND a waiver of secrecy or a ground in
-- law towards its authority covers that area AND both hold today. The end of either closes it in the same transaction.
CREATE OR REPLACE FUNCTION wall.shared() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT w.case_id || ':' || w.area), '{}')
    FROM (SELECT wall.authority() AS authority, wall.joined_cases() AS cases OFFSET 0) me
    CROSS JOIN LATERAL wall.covers(me.cases) w
    JOIN public.cases_case c ON c.id = w.case_id
    WHERE w.recipient_id = me.authority
    $$;

-- Colleagues around a case: its team for those who have the case; for a guest, those who invited and coordinate. And
-- around a decision by mandate: whom the board sent it to, and for her those who prepared it.
CREATE OR REPLACE FUNCTION wall.colleagues() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH me AS (SELECT wall.membership() AS id, wall.open_cases() AS open),
    guest AS (
        SELECT t.case_id, t.invited_by_id FROM me JOIN public.teams_teammember t ON t.membership_id = me.id
        WHERE NOT t.case_id = ANY (wall.blocked_cases())
          AND t.state IN ('invited', 'joined') AND (t.ends_on IS NULL OR t.ends_on >= wall.today()))
    SELECT coalesce(array_agg(DISTINCT id), '{}') FROM (
        SELECT d.sent_to_id AS id FROM public.teams_decision d
            WHERE d.authority_id = wall.authority() AND d.sent_to_authority_id <> d.authority_id
        UNION ALL SELECT d.proposed_by_id FROM public.teams_decision d WHERE d.id = ANY (wall.lent_decisions())
        UNION ALL SELECT s.by_id FROM public.teams_decisionstep s
            WHERE s.decision_id = ANY (wall.lent_decisions()) AND s.kind IN ('heard', 'answered', 'silent')
        UNION ALL SELECT t.membership_id AS id FROM me JOIN public.teams_teammember t ON t.case_id = ANY (me.open)
        UNION ALL SELECT invited_by_id FROM guest
        UNION ALL SELECT a.membership_id FROM guest
            JOIN public.teams_coordinatorappointment a USING (case_id)
            WHERE a.starts_on <= wall.today() AND (a.ends_on IS NULL OR a.ends_on >= wall.today())
    ) all_of_them
    $$;

-- A guest answers for herself and moves nothing else of her part: not her last day, not her function. What she may do is
-- leave, from today, and say who could come in her place.
CREATE OR REPLACE FUNCTION wall.guest_only_answers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.system() OR OLD.case_id = ANY (wall.open_cases()) THEN RETURN NEW; END IF;
    IF OLD.state = 'joined' AND NEW.state = 'ended' AND NEW.ends_on = greatest(OLD.starts_on, wall.today())
       AND (OLD.ends_on IS NULL OR NEW.ends_on <= OLD.ends_on)
       AND to_jsonb(OLD) - 'state' - 'ends_on' - 'end_reason' - 'successor'
           = to_jsonb(NEW) - 'state' - 'ends_on' - 'end_reason' - 'successor' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'Bara den som har ärendet ändrar i teamet.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER guest BEFORE UPDATE ON public.teams_teammember FOR EACH ROW
    WHEN (NEW.state = 'ended' OR OLD.state = 'joined' AND NEW.state IS DISTINCT FROM OLD.state
          OR to_jsonb(OLD) - 'state' - 'answered_at' IS DISTINCT FROM to_jsonb(NEW) - 'state' - 'answered_at')
    EXECUTE FUNCTION wall.guest_only_answers();

-- A last day in the team only moves earlier; one who leaves after it has left by the day that is written down.
CREATE OR REPLACE TRIGGER last_day BEFORE UPDATE ON public.teams_teammember FOR EACH ROW
    WHEN (OLD.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on) AND NEW.state <> 'ended')
    EXECUTE FUNCTION wall.refuse();

-- «authority:case» the acting membership has ever been called to, sent something from or asked about: it may leave its
-- traces in their log, and no more.
CREATE OR REPLACE FUNCTION wall.called_to() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT t.authority_id || ':' || t.case_id), '{}')
           || (SELECT coalesce(array_agg(DISTINCT d.authority_id || ':' || d.case_id), '{}')
               FROM public.cases_disclosure d WHERE d.id = ANY (wall.received()))
           || wall.asked_about() || wall.lent_about()
    FROM public.teams_teammember t
    WHERE t.membership_id = wall.membership()
    $$;

-- The unit manager's first screen: numbers and states of the unit's cases, no person. Opens nothing.
CREATE OR REPLACE FUNCTION wall.unit_cases()
    RETURNS TABLE (case_id uuid, number text, opened_on date, worker_id uuid, coordinator_id uuid, follow_up_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, c.number, c.opened_on, c.worker_id,
           (SELECT a.membership_id FROM public.teams_coordinatorappointment a
             WHERE a.case_id = c.id AND a.kind = 'coordinator' AND a.starts_on <= wall.today()
               AND (a.ends_on IS NULL OR a.ends_on >= wall.today()) LIMIT 1),
           (SELECT min(coalesce(k.extended_to, k.due_on)) FROM public.cases_clock k
             WHERE k.case_id = c.id AND k.kind = 'follow_up' AND k.done_at IS NULL)
    FROM public.cases_case c
    WHERE c.authority_id = wall.authority() AND c.closed_on IS NULL AND wall.role() = 'unit_manager'
      AND NOT c.id = ANY (wall.blocked_cases())
      AND NOT EXISTS (SELECT 1 FROM public.cases_individual i
                      WHERE i.id = c.individual_id AND i.guarded
                        AND NOT c.id = ANY (wall.open_cases()))
    ORDER BY c.opened_on, c.id
    $$;

-- May the words that tell an outsider who it is be shown for this part of a team? Asked by the guest, who can read
-- neither the person nor every consent, or by somebody who has the case. Invited or joined, within the period, a waiver
-- or a ground in law towards her authority in force, an agreement with it, and the person not protected: all of it
-- today, or no.
CREATE OR REPLACE FUNCTION wall.presented(member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.teams_teammember t
        JOIN public.cases_case c ON c.id = t.case_id
        JOIN public.cases_individual i ON i.id = c.individual_id
        JOIN wall.covers(ARRAY[t.case_id]) w ON w.recipient_id = t.member_authority_id
        WHERE t.id = member AND NOT t.case_id = ANY (wall.blocked_cases())
          AND (t.membership_id = wall.membership() OR t.case_id = ANY (wall.open_cases()))
          AND t.state IN ('invited', 'joined')
          AND t.starts_on <= wall.today() AND (t.ends_on IS NULL OR t.ends_on >= wall.today())
          AND (t.member_authority_id = t.authority_id
               OR CASE t.authority_id WHEN wall.authority() THEN t.member_authority_id ELSE t.authority_id END
                  = ANY (wall.partners()))
          AND NOT i.guarded)
    $$;

-- The areas of the plan that are open towards the one who is asked into a team, told before she answers.
CREATE OR REPLACE FUNCTION wall.offered(member uuid) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT w.area::text), '{}') FROM public.teams_teammember t
    JOIN wall.covers(ARRAY[t.case_id]) w ON w.recipient_id = t.member_authority_id
    WHERE t.id = member AND t.membership_id = wall.membership() AND t.state IN ('invited', 'joined')
      AND NOT t.case_id = ANY (wall.blocked_cases()) AND (t.ends_on IS NULL OR t.ends_on >= wall.today())
    $$;
