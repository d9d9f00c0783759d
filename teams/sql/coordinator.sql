-- Employed in social services by the acting board, today, and nothing between her and the person. A coordinator's role
-- has no last day of its own: it would leave the case without one, with nobody at work to notice.
CREATE OR REPLACE FUNCTION wall.may_coordinate(wanted uuid, member uuid, as_kind text) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT NOT wall.is_blocked(wanted, member) AND EXISTS (
        SELECT 1 FROM public.tenancy_membership m
        WHERE m.id = member AND m.authority_id = wall.authority() AND m.role = 'social_worker'
          AND m.starts_on <= wall.today() AND (m.ends_on IS NULL
               OR (as_kind <> 'coordinator' AND m.ends_on >= wall.today())))
    $$;

-- From the first coordinator on, an open case has one every day: one whose days do not end, and each last day is followed
-- by somebody's first, or by the day the case was closed, and then somebody begins no later than it is taken up again.
CREATE OR REPLACE FUNCTION wall.is_unbroken(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH held AS (SELECT a.starts_on, a.ends_on FROM public.teams_coordinatorappointment a
                  WHERE a.case_id = wanted AND a.kind = 'coordinator')
    SELECT NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted AND c.closed_on IS NULL)
        OR NOT EXISTS (SELECT 1 FROM held)
        OR EXISTS (SELECT 1 FROM held WHERE held.ends_on IS NULL) AND NOT EXISTS (
            SELECT 1 FROM held a WHERE a.ends_on IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM held b WHERE b.starts_on = a.ends_on + 1)
               AND NOT EXISTS (
                    SELECT 1 FROM public.cases_closure k JOIN held b ON b.starts_on > a.ends_on
                    WHERE k.case_id = wanted AND k.closed_on = a.ends_on AND k.reopened_on IS NOT NULL
                      AND b.starts_on <= greatest(least(k.reopened_on, wall.today()), a.ends_on + 1)))
    $$;

-- Asked when the transaction ends, so that one may leave before the other takes over; of a change among the
-- appointments, and when a closed case is taken up again, by whatever hand.
CREATE OR REPLACE FUNCTION wall.unbroken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF NOT wall.is_unbroken((to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'cases_case' THEN 'id' ELSE 'case_id' END)::uuid) THEN
        RAISE EXCEPTION 'Ett öppet ärende står inte en dag utan samordnare.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS unbroken ON public.teams_coordinatorappointment;
CREATE CONSTRAINT TRIGGER unbroken AFTER INSERT OR UPDATE ON public.teams_coordinatorappointment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'coordinator') EXECUTE FUNCTION wall.unbroken();
DROP TRIGGER IF EXISTS unbroken ON public.cases_case;
CREATE CONSTRAINT TRIGGER unbroken AFTER UPDATE ON public.cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.closed_on IS NOT NULL AND NEW.closed_on IS NULL)
    EXECUTE FUNCTION wall.unbroken();

-- In how many open cases somebody still coordinates after a day. A number, to those who end roles and lead.
CREATE OR REPLACE FUNCTION wall.left_without(member uuid, last_on date) RETURNS bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT count(*) FROM public.teams_coordinatorappointment a
    JOIN public.cases_case c ON c.id = a.case_id AND c.closed_on IS NULL
    WHERE a.membership_id = member AND a.kind = 'coordinator' AND (a.ends_on IS NULL OR a.ends_on > last_on)
      AND a.authority_id = wall.authority() AND wall.role() IN ('unit_manager', 'administrator')
    $$;

CREATE OR REPLACE FUNCTION wall.role_ends() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.left_without(NEW.id, NEW.ends_on) > 0 THEN
        RAISE EXCEPTION 'Den som är samordnare lämnar över sina ärenden innan rollen slutar.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER role_ends BEFORE UPDATE ON public.tenancy_membership FOR EACH ROW
    WHEN (NEW.ends_on IS NOT NULL AND OLD.ends_on IS DISTINCT FROM NEW.ends_on) EXECUTE FUNCTION wall.role_ends();

-- The open cases somebody has the work or the coordination of, and what keeps each from going to the successor today:
-- «blocked» (the successor is), «child» (she may not have children's cases), «today» (appointed this very day). That the one who asks is kept out herself is told by
-- nothing: it goes along with the rest, as a protected person's does.
CREATE OR REPLACE FUNCTION wall.held_by(member uuid, successor uuid)
    RETURNS TABLE (case_id uuid, hinder text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, CASE
        WHEN successor IS NOT NULL AND wall.is_blocked(c.id, successor) THEN 'blocked'
        WHEN successor IS NOT NULL AND NOT wall.fits_child(c.id, successor) THEN 'child'
        WHEN EXISTS (SELECT 1 FROM public.teams_coordinatorappointment a
                     WHERE a.case_id = c.id AND a.membership_id = member
                       AND (a.starts_on = wall.today() OR (a.kind = 'coordinator' AND a.starts_on > wall.today())))
            THEN 'today'
        ELSE '' END
    FROM public.cases_case c
    WHERE c.authority_id = wall.authority() AND wall.role() IN ('unit_manager', 'administrator') AND c.closed_on IS NULL
      AND (c.worker_id = member OR EXISTS (
            SELECT 1 FROM public.teams_coordinatorappointment a
            WHERE a.case_id = c.id AND a.membership_id = member
              AND (a.ends_on IS NULL OR a.ends_on >= wall.today())))
    $$;

-- The same for the preview: what is held, counted; a number only to those who lead, and never a protected person's.
CREATE OR REPLACE FUNCTION wall.caseload(member uuid, successor uuid)
    RETURNS TABLE (number text, worker boolean, coordinator boolean, deputy boolean, clocks bigint, drafts bigint,
                   hinder text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT CASE WHEN wall.role() = 'unit_manager' AND NOT i.guarded AND NOT c.id = ANY (wall.blocked_cases())
           THEN c.number ELSE '' END,
           c.worker_id = member, 'coordinator' = ANY (held.kinds), held.kinds && ARRAY['deputy', 'cover'],
           (SELECT count(*) FROM public.cases_clock k WHERE k.case_id = c.id AND k.owner_id = member
               AND k.done_at IS NULL AND k.kind <> 'note_draft'),
           (SELECT count(*) FROM public.cases_clock k WHERE k.case_id = c.id AND k.owner_id = member
               AND k.done_at IS NULL AND k.kind = 'note_draft'),
           h.hinder
    FROM wall.held_by(member, successor) h
    JOIN public.cases_case c ON c.id = h.case_id
    JOIN public.cases_individual i ON i.id = c.individual_id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(a.kind::text), '{}') AS kinds FROM public.teams_coordinatorappointment a
        WHERE a.case_id = c.id AND a.membership_id = member AND (a.ends_on IS NULL OR a.ends_on >= wall.today())
    ) held
    ORDER BY 1, c.id
    $$;

-- A handover moves what the row says, here and nowhere else: whoever writes the row needs no right to the cases, and
-- opens none of them to herself. What cannot move today stays, and is told in the preview.
CREATE OR REPLACE FUNCTION wall.hand_over() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    today date := wall.today();
    wanted uuid;
BEGIN
    IF NEW.authority_id IS DISTINCT FROM wall.authority() OR wall.role() NOT IN ('unit_manager', 'administrator')
       OR NEW.decided_by_id IS DISTINCT FROM wall.membership() OR NEW.to_member_id = NEW.decided_by_id THEN
        RAISE EXCEPTION 'Det är inte din sak att lämna över.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.tenancy_membership m
                   JOIN public.tenancy_user u ON u.id = m.user_id AND u.id IS DISTINCT FROM wall.usr()
                   WHERE m.id = NEW.to_member_id AND m.authority_id = NEW.authority_id AND m.role = 'social_worker'
                     AND m.starts_on <= today AND m.ends_on IS NULL) THEN
        RAISE EXCEPTION 'Den som tar över är anställd tills vidare i socialtjänsten hos samma nämnd.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.moved := '{}';
    FOR wanted IN
        SELECT h.case_id FROM wall.held_by(NEW.from_member_id, NEW.to_member_id) h WHERE h.hinder = '' ORDER BY 1
    LOOP
        PERFORM 1 FROM public.cases_case c WHERE c.id = wanted FOR UPDATE;
        PERFORM wall.hand_over_appointments(wanted, NEW.from_member_id, NEW.to_member_id, NEW.decided_by_id);
        PERFORM wall.hand_over_case(wanted, NEW.from_member_id, NEW.to_member_id, NEW.decided_by_id, NEW.reads_until);
        NEW.moved := NEW.moved || wanted;
    END LOOP;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hand_over BEFORE INSERT ON public.teams_handover FOR EACH ROW
    EXECUTE FUNCTION wall.hand_over();

-- Step one: each part ends yesterday and the successor's begins today, or she has it already. Days to cover that have
-- not come stay as they were agreed with the one who will be away.
CREATE OR REPLACE FUNCTION wall.hand_over_appointments(wanted uuid, of_member uuid, to_new uuid, decider uuid)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog
    AS $$
DECLARE
    part record;
    today date := wall.today();
BEGIN
    FOR part IN SELECT a.* FROM public.teams_coordinatorappointment a
        WHERE a.case_id = wanted AND a.membership_id IN (of_member, to_new)
          AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on >= today) ORDER BY a.kind, a.starts_on FOR UPDATE
    LOOP
        CONTINUE WHEN part.membership_id = to_new AND (part.kind = 'coordinator' OR NOT EXISTS (
            SELECT 1 FROM public.teams_coordinatorappointment o WHERE o.case_id = wanted AND o.kind = 'coordinator'
               AND o.membership_id = to_new AND (o.ends_on IS NULL OR o.ends_on >= today)));
        UPDATE public.teams_coordinatorappointment a SET ends_on = greatest(a.starts_on, today - 1)
            WHERE a.id = part.id;
        CONTINUE WHEN part.membership_id = to_new OR (part.kind <> 'coordinator' AND EXISTS (
            SELECT 1 FROM public.teams_coordinatorappointment o WHERE o.case_id = wanted
               AND o.membership_id = to_new AND (o.ends_on IS NULL OR o.ends_on >= today)));
        INSERT INTO public.teams_coordinatorappointment
            (id, authority_id, created_at, case_id, membership_id, kind, starts_on, ends_on, appointed_by_id)
        VALUES (gen_random_uuid(), part.authority_id, now(), wanted, to_new, part.kind, today, part.ends_on, decider);
    END LOOP;
END $$;

-- Step two: the work, what must be done by a day (but for drafts, which nobody else can sign), and the way in.
CREATE OR REPLACE FUNCTION wall.hand_over_case(wanted uuid, of_member uuid, to_new uuid, decider uuid, reads_until date)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog
    AS $$
DECLARE
    grants public.cases_accessgrant;
    today date := wall.today();
    way record;
BEGIN
    SELECT g.* INTO grants FROM public.cases_accessgrant g WHERE g.content_object_id = wanted LIMIT 1;
    FOR way IN
        SELECT 'worker' AS kind, NULL::date AS last_on FROM public.cases_case c WHERE c.id = wanted AND c.worker_id = of_member
        UNION SELECT CASE a.kind WHEN 'coordinator' THEN 'coordinator' ELSE 'deputy' END, a.ends_on
        FROM public.teams_coordinatorappointment a
        WHERE a.case_id = wanted AND a.membership_id = to_new AND a.starts_on <= today
          AND (a.ends_on IS NULL OR a.ends_on >= today)
    LOOP
        INSERT INTO public.cases_accessgrant
            (id, authority_id, created_at, content_object_id, membership_id, user_id, permission_id, kind, reason,
             starts_on, ends_on, granted_by_id)
        SELECT gen_random_uuid(), grants.authority_id, now(), wanted, to_new, m.user_id, grants.permission_id, way.kind,
               '', today, way.last_on, decider
        FROM public.tenancy_membership m WHERE m.id = to_new
        ON CONFLICT DO NOTHING;
    END LOOP;
    UPDATE public.cases_case c SET worker_id = to_new, version = c.version + 1
        WHERE c.id = wanted AND c.worker_id = of_member;
    UPDATE public.cases_clock k SET owner_id = to_new, handed_by_id = decider, version = k.version + 1
        WHERE k.case_id = wanted AND k.owner_id = of_member AND k.done_at IS NULL AND k.kind <> 'note_draft';
    UPDATE public.cases_accessgrant g
        SET ended_at = CASE WHEN reads_until IS NULL OR reads_until < today THEN now() END,
            ends_on = CASE WHEN reads_until >= today THEN greatest(g.starts_on, least(g.ends_on, reads_until))
                      ELSE g.ends_on END
        WHERE g.content_object_id = wanted AND g.membership_id = of_member AND g.ended_at IS NULL
          AND g.kind IN ('worker', 'coordinator', 'deputy') AND g.starts_on <= today
          AND (g.ends_on IS NULL OR g.ends_on >= today);
    -- A deputy who has taken over is deputy no more, and has no second way in.
    UPDATE public.cases_accessgrant g SET ended_at = now()
        WHERE g.content_object_id = wanted AND g.membership_id = to_new AND g.ended_at IS NULL AND g.kind = 'deputy'
          AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today) AND NOT EXISTS (
              SELECT 1 FROM public.teams_coordinatorappointment a
              WHERE a.case_id = wanted AND a.membership_id = to_new AND a.kind <> 'coordinator'
                AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on > today));
END $$;

-- What a role holds, in numbers, before it is ended: cases worked with, coordinated, teams joined (anywhere), drafts that
-- nobody else can sign. To those who end roles and lead.
CREATE OR REPLACE FUNCTION wall.role_holds(member uuid)
    RETURNS TABLE (worked bigint, coordinated bigint, teams bigint, drafts bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT (SELECT count(*) FROM public.cases_case c WHERE c.worker_id = m.id AND c.closed_on IS NULL),
           (SELECT count(*) FROM public.teams_coordinatorappointment a
             JOIN public.cases_case c ON c.id = a.case_id AND c.closed_on IS NULL
             WHERE a.membership_id = m.id AND a.kind = 'coordinator' AND (a.ends_on IS NULL OR a.ends_on >= wall.today())),
           (SELECT count(*) FROM public.teams_teammember t WHERE t.membership_id = m.id AND t.state IN ('invited', 'joined')
             AND (t.ends_on IS NULL OR t.ends_on >= wall.today())),
           (SELECT count(*) FROM public.cases_clock k WHERE k.owner_id = m.id AND k.kind = 'note_draft'
             AND k.done_at IS NULL)
    FROM public.tenancy_membership m
    WHERE m.id = member AND m.authority_id = wall.authority() AND wall.role() IN ('unit_manager', 'administrator')
    $$;
