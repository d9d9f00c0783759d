-- Decisions of the acting board that it has not been told of under a paragraph: what a list needs, no case and no person.
-- For those who make the lists; they need not have a single case.
CREATE OR REPLACE FUNCTION wall.untold_decisions()
    RETURNS TABLE (subject uuid, number text, kind text, outcome text, decided_on date, decided_by_id uuid, law text,
                   row_number text, version integer, reported text, how text, meeting_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT d.id, d.number, d.kind, d.outcome, d.decided_on, d.decided_by_id, r.law, r.number, s.version, r.reported,
           r.how, l.meeting_id
    FROM public.teams_decision d
    JOIN public.teams_delegationrow r ON r.id = d.row_id
    JOIN public.teams_delegationscheme s ON s.id = r.scheme_id
    LEFT JOIN public.teams_boardline l ON l.authority_id = d.authority_id AND l.subject = d.id
    LEFT JOIN public.teams_boardmeeting m ON m.id = l.meeting_id
    WHERE d.authority_id = wall.authority() AND wall.role() IN ('unit_manager', 'administrator')
      AND d.state = 'decided' AND m.reported_at IS NULL
    ORDER BY d.decided_on, d.number
    $$;

-- A line says what was decided: it cannot be made up, nor about another board's. What was urgent is told at the next
-- meeting, also when its list has gone out.
CREATE OR REPLACE FUNCTION wall.line_is_true() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.teams_decision d JOIN public.teams_delegationrow r ON r.id = d.row_id
        WHERE NEW.part <> 'urgent' AND d.id = NEW.subject AND d.authority_id = NEW.authority_id AND d.state = 'decided'
          AND (d.number, d.kind, d.outcome, d.decided_on, r.number) = (NEW.number, NEW.kind, NEW.outcome,
                                                                       NEW.decided_on, NEW.row)
        UNION ALL SELECT 1 FROM public.teams_urgentdecision u
        WHERE NEW.part = 'urgent' AND u.id = NEW.subject AND u.authority_id = NEW.authority_id
          AND (u.reference, u.kind, u.outcome, u.decided_on) = (NEW.number, NEW.kind, NEW.outcome, NEW.decided_on))
      OR NOT EXISTS (SELECT 1 FROM public.teams_boardmeeting m WHERE m.id = NEW.meeting_id AND m.reported_at IS NULL
                       AND (m.closed_at IS NULL OR NEW.part = 'urgent'))
    THEN RAISE EXCEPTION 'Raden motsvarar inget beslut.' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER is_true AFTER INSERT ON public.teams_boardline FOR EACH ROW
    EXECUTE FUNCTION wall.line_is_true();

-- The same for many, with the day its minutes were announced (KL 13:5), and whether it should have been told by now: a
-- meeting has passed without it, or so many days. For whoever may read the decisions: days, and nothing of the meeting.
CREATE OR REPLACE FUNCTION wall.told_to_board(wanted uuid[], within_days integer)
    RETURNS TABLE (subject uuid, told_on date, announced_on date, late boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT d.id, CASE WHEN m.reported_at IS NOT NULL THEN m.held_on END, m.announced_on,
           m.reported_at IS NULL AND (
               d.decided_on + within_days * CASE r.reported WHEN 'quarter' THEN 3 ELSE 1 END < wall.today()
               OR EXISTS (
                   SELECT 1 FROM public.teams_boardmeeting h
                   WHERE h.authority_id = d.authority_id AND h.held_on < wall.today()
                     AND d.decided_on < CASE WHEN h.id = l.meeting_id THEN h.held_on ELSE least(h.held_on, coalesce(
                         (h.closed_at AT TIME ZONE 'Europe/Stockholm')::date, h.held_on)) END
                     AND (r.reported <> 'quarter'
                          OR date_trunc('quarter', d.decided_on) < date_trunc('quarter', h.held_on))))
    FROM public.teams_decision d
    JOIN public.teams_delegationrow r ON r.id = d.row_id
    LEFT JOIN public.teams_boardline l ON l.authority_id = d.authority_id AND l.subject = d.id
    LEFT JOIN public.teams_boardmeeting m ON m.id = l.meeting_id
    WHERE d.id = ANY (wanted) AND d.authority_id = wall.authority() AND d.state = 'decided'
    $$;

-- The day on which the board took note of a decision, for whoever may read the decision itself.
CREATE OR REPLACE FUNCTION wall.told_on(wanted uuid) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT m.held_on FROM public.teams_boardline l JOIN public.teams_boardmeeting m ON m.id = l.meeting_id
          WHERE l.authority_id = wall.authority() AND l.subject = wanted AND m.reported_at IS NOT NULL $$;
