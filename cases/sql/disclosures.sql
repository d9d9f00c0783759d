-- Copies that were sent to the acting membership by name; and at a transfer, to the one whom its own manager has given it
-- to. Opens no case. A block goes before.
CREATE OR REPLACE FUNCTION wall.received() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(sent.id), '{}')
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority, wall.blocked_cases() AS blocked OFFSET 0) me
    CROSS JOIN LATERAL (
        SELECT d.id FROM public.cases_disclosure d WHERE d.receiver_id = me.id AND NOT d.case_id = ANY (me.blocked)
        UNION
        SELECT t.disclosure_id FROM public.cases_transferrequest t
        WHERE t.given_to_id = me.id AND t.recipient_id = me.authority AND t.disclosure_id IS NOT NULL
          AND NOT t.case_id = ANY (me.blocked)) sent
    $$;

-- Sent from an open case to somebody without a sign-in: only of such a copy is the receipt written by hand.
CREATE OR REPLACE FUNCTION wall.sent_outside(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_disclosure d
                   WHERE d.id = wanted AND d.receiver_id IS NULL AND d.case_id = ANY (wall.open_cases()))
    $$;

-- To whom a copy from a case may be sent at all: nobody who is blocked, nor oneself.
CREATE OR REPLACE FUNCTION wall.may_receive(wanted uuid, member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wanted = ANY (wall.held_cases()) AND NOT wall.is_blocked(wanted, member)
       AND NOT EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.id = member AND m.user_id = wall.usr())
    $$;

-- Who can be sent something by name at another authority: its unit managers when it is a social board, since every board
-- must be able to reach every other; those whom an agreement already lets us call; and whoever has answered a request. Never oneself in another membership.
CREATE OR REPLACE FUNCTION wall.receivers()
    RETURNS TABLE (membership_id uuid, authority_id uuid, name text, title text, organisation text, is_manager boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT m.id, a.id, u.name, m.title, a.name, m.role = 'unit_manager'
    FROM (SELECT wall.authority() AS authority, wall.role() AS role, wall.partners() AS partners OFFSET 0) me
    JOIN public.tenancy_authority a ON a.id <> me.authority
    JOIN public.tenancy_membership m ON m.authority_id = a.id
    JOIN public.tenancy_user u ON u.id = m.user_id AND u.is_active AND u.id <> wall.usr()
    WHERE me.role IN ('social_worker', 'unit_manager')
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
      AND ((m.role = 'unit_manager' AND a.kind IN ('social_board', 'joint_board'))
        OR (m.role IN ('healthcare', 'partner', 'regional_coordinator') AND a.id = ANY (me.partners))
        OR m.id IN (SELECT t.answered_by_id FROM public.cases_transferrequest t
                    WHERE t.authority_id = me.authority AND t.case_id = ANY (wall.open_cases())))
    ORDER BY a.name, u.name, m.id
    $$;
