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
    AS $$ SELECT EXISTS (SELECT 1 FROM public.cases_casenote n WHERE n.id = wanted AND n.signed_at IS NULL) $$;

-- What has been late for so long that somebody else must know. The managers of the unit where its owner works, or all of
-- the board's when that unit has none who may know, or there is no such unit; about a guarded person only those
-- who have the case, manager or not, since the others may not know that there is one.
CREATE OR REPLACE FUNCTION wall.worker_escalations()
    RETURNS TABLE (clock_id uuid, authority_id uuid, membership_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH late AS (
        SELECT k.id, k.authority_id, k.case_id, k.owner_id, i.guarded
        FROM public.cases_clock k
        JOIN public.cases_case c ON c.id = k.case_id
        JOIN public.cases_individual i ON i.id = c.individual_id
        WHERE k.done_at IS NULL AND coalesce(k.extended_to, k.due_on) + k.escalate_days <= wall.today()),
    has_case AS (
        SELECT DISTINCT l.id, g.membership_id
        FROM late l JOIN public.cases_accessgrant g ON g.content_object_id = l.case_id
        WHERE g.ended_at IS NULL AND g.kind NOT IN ('emergency', 'reading') AND NOT wall.is_blocked(l.case_id, g.membership_id)
          AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())),
    whoever AS (
        SELECT l.id, l.authority_id, m.id AS membership_id, EXISTS (
            SELECT 1 FROM public.tenancy_membership o
            JOIN public.tenancy_unit u ON u.id = o.unit_id AND u.starts_on <= wall.today()
              AND (u.ends_on IS NULL OR u.ends_on >= wall.today())
            JOIN public.tenancy_unitmanager lead ON lead.unit_id = u.id AND lead.manager_id = m.id
            WHERE o.id = l.owner_id) AS leads
        FROM late l JOIN public.tenancy_membership m ON m.authority_id = l.authority_id AND m.role = 'unit_manager'
        WHERE m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
          AND NOT wall.is_blocked(l.case_id, m.id)
          AND (NOT l.guarded OR (l.id, m.id) IN (SELECT h.id, h.membership_id FROM has_case h))),
    manager AS (
        SELECT w.* FROM whoever w
        WHERE w.leads OR NOT EXISTS (SELECT 1 FROM whoever o WHERE o.id = w.id AND o.leads))
    SELECT id, authority_id, membership_id FROM manager
    UNION
    SELECT l.id, l.authority_id, h.membership_id FROM late l JOIN has_case h USING (id)
    WHERE NOT EXISTS (SELECT 1 FROM manager WHERE manager.id = l.id)
    $$;

-- The same as the manager sees it on the unit's page: what is late, since when, who answers for it. No text, no person.
CREATE OR REPLACE FUNCTION wall.escalated()
    RETURNS TABLE (number text, kind text, owner_id uuid, began_on date, day date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.number, k.kind, k.owner_id, (k.created_at AT TIME ZONE 'Europe/Stockholm')::date,
           coalesce(k.extended_to, k.due_on)
    FROM public.cases_clock k
    JOIN public.cases_case c ON c.id = k.case_id
    JOIN public.cases_individual i ON i.id = c.individual_id
    WHERE k.authority_id = wall.authority() AND wall.role() = 'unit_manager' AND k.done_at IS NULL
      AND coalesce(k.extended_to, k.due_on) + k.escalate_days <= wall.today()
      AND (NOT i.guarded OR c.id = ANY (wall.open_cases())) AND NOT c.id = ANY (wall.blocked_cases())
    ORDER BY coalesce(k.extended_to, k.due_on), c.number, k.id
    $$;
