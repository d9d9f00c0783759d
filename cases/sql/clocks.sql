-- Whether a case is open today to a colleague: whom a clock may be handed to.
CREATE OR REPLACE FUNCTION wall.has_case(member uuid, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wanted = ANY (wall.open_cases()) AND EXISTS (
        SELECT 1 FROM public.cases_accessgrant g
        WHERE g.content_object_id = wanted AND g.membership_id = member AND g.ended_at IS NULL
          AND g.kind NOT IN ('emergency', 'reading') AND NOT wall.is_blocked(wanted, member) AND wall.fits_child(wanted, member)
          AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
          AND NOT wall.asks(g.kind, g.granted_by_id, g.membership_id, g.content_object_id))
    $$;

-- An unsigned note of this id: its clock goes on until it is signed, or thrown away empty.
CREATE OR REPLACE FUNCTION wall.is_draft(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_casenote n WHERE n.id = wanted AND n.signed_at IS NULL
                             AND wall.ours(n.authority_id)) $$;

DROP FUNCTION IF EXISTS wall.worker_escalations();
DROP FUNCTION IF EXISTS wall.escalated();
-- What has been late for so long that those who lead must know, as they see it on the unit's page: since when, who
-- answers for it, who has said that she has seen it. No text, no person.
CREATE FUNCTION wall.escalated()
    RETURNS TABLE (id uuid, number text, kind text, owner_id uuid, began_on date, day date, seen_by_id uuid,
                   seen_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT k.id, c.number, k.kind, k.owner_id, (k.created_at AT TIME ZONE 'Europe/Stockholm')::date,
           coalesce(k.extended_to, k.due_on), s.seen_by_id, (s.created_at AT TIME ZONE 'Europe/Stockholm')::date
    FROM public.cases_clock k
    JOIN public.cases_case c ON c.id = k.case_id
    JOIN public.cases_individual i ON i.id = c.individual_id
    LEFT JOIN LATERAL (SELECT a.seen_by_id, a.created_at FROM public.cases_acknowledgement a
                       WHERE a.clock_id = k.id AND a.of_day = coalesce(k.extended_to, k.due_on)
                       ORDER BY a.created_at DESC LIMIT 1) s ON true
    WHERE k.authority_id = wall.authority() AND wall.role() = 'unit_manager' AND k.done_at IS NULL
      AND coalesce(k.extended_to, k.due_on) + k.escalate_days <= wall.today()
      AND (NOT i.guarded OR c.id = ANY (wall.open_cases())) AND NOT c.id = ANY (wall.blocked_cases())
      AND NOT wall.is_unanswered(c.id, wall.membership(), wall.today())
    ORDER BY coalesce(k.extended_to, k.due_on), c.number, k.id
    $$;
