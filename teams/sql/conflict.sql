-- Does something in the person's open cases rest on this member, so that somebody must take over when she goes: the
-- coordination, today or ahead, or the work. Of oneself only.
CREATE OR REPLACE FUNCTION wall.rests_on_me(wanted uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(c.id ORDER BY c.id), '{}')
    FROM (SELECT wall.membership() AS id, wall.authority() AS authority OFFSET 0) me
    JOIN public.cases_case asked ON asked.id = wanted AND asked.authority_id = me.authority
    JOIN public.cases_case c ON c.individual_id = ANY (wall.same_people(ARRAY[asked.individual_id]))
         AND c.authority_id = me.authority AND c.closed_on IS NULL
    WHERE c.worker_id = me.id OR EXISTS (
        SELECT 1 FROM public.teams_coordinatorappointment a
        WHERE a.case_id = c.id AND a.membership_id = me.id AND a.kind = 'coordinator'
          AND (a.ends_on IS NULL OR a.ends_on >= wall.today()))
    $$;

-- One who has answered that she knows the person is blocked, and out, in the moment she answers. In this order, all in
-- the one transaction of her answer:
--   1. Until she answers nothing is open to her, so there is no hurry in which something could show: when the case
--      rests on her she names, in the same answer, who takes over. Without a name there is no answer, and still nothing
--      is open. The case is never without a coordinator: up to then it is she, on paper.
--   2. The block, which goes before every grant, team and emergency, in all her memberships and all the person's cases.
--   3. Every grant she has to them ends.
--   4. Her appointments end: yesterday, or, those that begin today or later, on their first day; the one who takes over
--      is coordinator from the day after, and may open the case at once (when she has answered the question in her turn).
CREATE OR REPLACE FUNCTION wall.follow_up_answer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    resting uuid[] := wall.rests_on_me(NEW.case_id);
    wanted uuid;
    usr uuid;
BEGIN
    SELECT m.user_id INTO usr FROM public.tenancy_membership m WHERE m.id = NEW.membership_id;
    IF resting <> '{}' AND (NEW.successor_id IS NULL OR NEW.successor_id = NEW.membership_id
       OR EXISTS (SELECT 1 FROM unnest(resting) one WHERE NOT wall.may_coordinate(one, NEW.successor_id, 'coordinator'))
       OR EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.id = NEW.successor_id AND m.user_id = usr)) THEN
        RAISE EXCEPTION 'Någon annan i socialtjänsten tar över ärendet.' USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO public.cases_accessblock (id, authority_id, created_at, case_id, user_id, kind, reason, set_by_id, end_reason)
    VALUES (gen_random_uuid(), NEW.authority_id, now(), NEW.case_id, usr, 'acquainted', '', NEW.membership_id, '');
    FOREACH wanted IN ARRAY resting LOOP
        PERFORM 1 FROM public.cases_case c WHERE c.id = wanted FOR UPDATE;
        PERFORM wall.goes_to(wanted, NEW.membership_id, NEW.successor_id);
    END LOOP;
    UPDATE public.teams_coordinatorappointment a SET ends_on = greatest(a.starts_on, wall.today() - 1)
        FROM public.cases_case c, public.cases_case asked
        WHERE asked.id = NEW.case_id AND c.id = a.case_id AND a.membership_id = NEW.membership_id
          AND a.kind <> 'coordinator' AND (a.ends_on IS NULL OR a.ends_on >= wall.today())
          AND c.individual_id = ANY (wall.same_people(ARRAY[asked.individual_id]));
    UPDATE public.cases_accessgrant g SET ended_at = now()
        FROM public.cases_case c, public.cases_case asked
        WHERE asked.id = NEW.case_id AND c.id = g.content_object_id AND g.user_id = usr AND g.ended_at IS NULL
          AND c.individual_id = ANY (wall.same_people(ARRAY[asked.individual_id]));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER follow_up AFTER INSERT ON public.cases_conflictanswer FOR EACH ROW
    WHEN (NEW.knows) EXECUTE FUNCTION wall.follow_up_answer();

-- A step of it: one case's coordination and work go to another, who is deputy there no more.
CREATE OR REPLACE FUNCTION wall.goes_to(wanted uuid, of_member uuid, to_new uuid) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$
DECLARE
    part record;
    last date;
BEGIN
    UPDATE public.teams_coordinatorappointment a SET ends_on = greatest(a.starts_on, wall.today() - 1)
        WHERE a.case_id = wanted AND a.membership_id = to_new AND a.kind = 'deputy' AND a.ends_on IS NULL;
    FOR part IN SELECT a.* FROM public.teams_coordinatorappointment a
        WHERE a.case_id = wanted AND a.membership_id = of_member AND a.kind = 'coordinator'
          AND (a.ends_on IS NULL OR a.ends_on >= wall.today()) ORDER BY a.starts_on FOR UPDATE
    LOOP
        last := greatest(part.starts_on, wall.today() - 1);
        UPDATE public.teams_coordinatorappointment a SET ends_on = last WHERE a.id = part.id;
        CONTINUE WHEN part.ends_on IS NOT NULL AND part.ends_on <= last;
        INSERT INTO public.teams_coordinatorappointment
            (id, authority_id, created_at, case_id, membership_id, kind, starts_on, ends_on, appointed_by_id)
        VALUES (gen_random_uuid(), part.authority_id, now(), wanted, to_new, 'coordinator', last + 1, part.ends_on,
                of_member);
        INSERT INTO public.cases_accessgrant
            (id, authority_id, created_at, content_object_id, membership_id, user_id, permission_id, kind, reason,
             starts_on, ends_on, granted_by_id)
        SELECT gen_random_uuid(), g.authority_id, now(), wanted, to_new, m.user_id, g.permission_id, 'coordinator', '',
               wall.today(), part.ends_on, of_member
        FROM public.tenancy_membership m, public.cases_accessgrant g
        WHERE m.id = to_new AND g.content_object_id = wanted LIMIT 1
        ON CONFLICT DO NOTHING;
    END LOOP;
    PERFORM wall.hand_over_case(wanted, of_member, to_new, of_member, NULL);
END $$;

-- Who is told that I have answered yes: those who lead, handle and coordinate, today or from tomorrow; nobody who is
-- blocked, nor I.
CREATE OR REPLACE FUNCTION wall.told_of_conflict(wanted uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT m.id
    FROM public.cases_conflictanswer n
    JOIN public.cases_case c ON c.id = n.case_id
    JOIN public.tenancy_membership m ON m.authority_id = n.authority_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE n.id = wanted AND n.membership_id = wall.membership() AND n.knows
      AND u.is_active AND m.user_id IS DISTINCT FROM wall.usr()
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
      AND NOT wall.is_blocked(n.case_id, m.id)
      AND (m.role = 'unit_manager' OR m.id = c.worker_id OR EXISTS (
              SELECT 1 FROM public.teams_coordinatorappointment a
              WHERE a.case_id = c.id AND a.membership_id = m.id AND a.kind = 'coordinator'
                AND (a.ends_on IS NULL OR a.ends_on >= wall.today())))
    ORDER BY m.created_at, m.id
    $$;
