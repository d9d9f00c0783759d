-- When, and to whom, it is told that something must happen by a day. Truth is the clock's row; ``next_at`` only says when
-- it is to be looked at next, so that a sweep meets what is due and not what exists.

-- The next day after ``today`` on which this clock tells somebody something; each day once those who lead must know.
CREATE OR REPLACE FUNCTION wall.next_telling(day date, warn smallint[], cover smallint, escalate smallint, today date)
    RETURNS date LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    AS $$
    SELECT min(telling) FROM (
        SELECT day - ahead AS telling FROM unnest(warn) ahead
        UNION ALL SELECT unnest(ARRAY[day + 1, day + cover, day + escalate])
        UNION ALL SELECT today + 1 WHERE today >= day + escalate) days
    WHERE telling > today
    $$;

CREATE OR REPLACE FUNCTION wall.morning_of(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog
    AS $$ SELECT day::timestamp AT TIME ZONE 'Europe/Stockholm' $$;

-- Whoever is handed a clock, or moves it, is reminded anew. Nobody else than the sweep says when: to silence a clock by
-- hand is not possible.
CREATE OR REPLACE FUNCTION wall.tell_anew() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
    AS $$ BEGIN
    IF TG_OP = 'UPDATE' AND ROW(OLD.owner_id, OLD.extended_to, OLD.due_on, OLD.done_at)
            IS NOT DISTINCT FROM ROW(NEW.owner_id, NEW.extended_to, NEW.due_on, NEW.done_at) THEN
        IF current_user <> 'exit_wall' THEN NEW.next_at := OLD.next_at; END IF;
    ELSIF NEW.done_at IS NOT NULL THEN
        NEW.next_at := NULL;
    ELSE
        NEW.next_at := greatest(
            statement_timestamp(),
            wall.morning_of(coalesce(NEW.extended_to, NEW.due_on) - (SELECT max(ahead) FROM unnest(NEW.warn_days) ahead)));
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER tell_anew BEFORE INSERT OR UPDATE ON public.cases_clock FOR EACH ROW
    EXECUTE FUNCTION wall.tell_anew();

-- Whom a late clock is told to at each step: whoever stands in for its owner, then those who lead: the managers of the unit
-- where its owner works, or all of the board's when that unit has none who may know. About a guarded person only those who have the case, manager or not, since the others may not know that there is one; without a
-- manager, everybody who has it. Nobody is told of a case that waits for her answer (*Känner du personen?*), nor whoever stands
-- in of a child's case that she may not open. What hangs on no case is told to those who administer.
CREATE OR REPLACE FUNCTION wall.told_when_late(clock uuid, today date) RETURNS TABLE (membership_id uuid, step text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH k AS (
        SELECT c.id, c.authority_id, c.owner_id, c.case_id, coalesce(i.guarded, false) AS guarded,
               coalesce(f.programme = 'child', false) AS childs
        FROM public.cases_clock c
        LEFT JOIN public.cases_case f ON f.id = c.case_id
        LEFT JOIN public.cases_individual i ON i.id = f.individual_id
        WHERE c.id = clock),
    has_case AS (
        SELECT g.membership_id, bool_or(g.kind = 'deputy') AS stands_in
        FROM k JOIN public.cases_accessgrant g ON g.content_object_id = k.case_id
        WHERE g.ended_at IS NULL AND g.kind NOT IN ('emergency', 'reading') AND NOT wall.is_blocked(k.case_id, g.membership_id)
          AND (NOT k.childs OR wall.is_boards_child_worker(k.authority_id, g.membership_id, today))
          AND NOT wall.asks(g.kind, g.granted_by_id, g.membership_id, k.case_id)
          AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today)
        GROUP BY g.membership_id),
    may_lead AS (
        SELECT m.id AS membership_id, EXISTS (
            SELECT 1 FROM public.tenancy_membership o
            JOIN public.tenancy_unit u ON u.id = o.unit_id AND u.starts_on <= today
              AND (u.ends_on IS NULL OR u.ends_on >= today)
            JOIN public.tenancy_unitmanager lead ON lead.unit_id = u.id AND lead.manager_id = m.id
            WHERE o.id = k.owner_id) AS of_her_unit
        FROM k
        JOIN public.tenancy_membership m ON m.authority_id = k.authority_id
            AND m.role = CASE WHEN k.case_id IS NULL THEN 'administrator' ELSE 'unit_manager' END
        JOIN public.tenancy_user u ON u.id = m.user_id AND u.is_active
        WHERE m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on >= today)
          AND (k.case_id IS NULL
               OR NOT wall.is_blocked(k.case_id, m.id) AND NOT wall.is_unanswered(k.case_id, m.id, today))
          AND (NOT k.guarded OR m.id IN (SELECT h.membership_id FROM has_case h))),
    leads AS (
        SELECT l.membership_id FROM may_lead l
        WHERE l.of_her_unit OR NOT EXISTS (SELECT 1 FROM may_lead o WHERE o.of_her_unit))
    SELECT h.membership_id, 'cover' FROM has_case h, k WHERE h.stands_in AND h.membership_id <> k.owner_id
    UNION ALL SELECT l.membership_id, 'cover' FROM leads l, k WHERE k.case_id IS NULL AND l.membership_id <> k.owner_id
    UNION ALL SELECT l.membership_id, 'lead' FROM leads l
    UNION ALL SELECT h.membership_id, 'lead' FROM has_case h WHERE NOT EXISTS (SELECT 1 FROM leads)
    $$;

-- Who is reminded of a day that hangs on several (``ClockKind.widely``), ahead of it and beside its owner: whoever handles
-- and coordinates the case, whoever stands in, and those who lead.
CREATE OR REPLACE FUNCTION wall.told_widely(clock uuid, today date) RETURNS TABLE (membership_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT t.membership_id FROM wall.told_when_late(clock, today) t
    UNION
    SELECT g.membership_id FROM public.cases_clock k
    JOIN public.cases_case c ON c.id = k.case_id
    JOIN public.cases_accessgrant g ON g.content_object_id = k.case_id
        AND (g.kind = 'coordinator' OR g.membership_id = c.worker_id AND g.kind NOT IN ('emergency', 'reading'))
    WHERE k.id = clock AND g.ended_at IS NULL AND NOT wall.is_blocked(k.case_id, g.membership_id)
      AND (c.programme <> 'child' OR wall.is_boards_child_worker(k.authority_id, g.membership_id, today))
      AND NOT wall.asks(g.kind, g.granted_by_id, g.membership_id, k.case_id)
      AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today)
    $$;

-- One sweep: the clocks whose time has come (so many at most, and none that another worker has in hand) tell whom they
-- are to tell, and get the time when they are next to be looked at. The clock is a parameter. Gives how many clocks were
-- looked at and how many notices are new.
--   ahead: on each of the days that its rule names; of several that have passed, the nearest to the day
--   late: its owner the day after; whoever stands in after ``cover_days``; those who lead after ``escalate_days``, each
--   day until it is done, moved or seen; what was seen begins anew after ``again_days``, or not at all
CREATE OR REPLACE FUNCTION wall.worker_tell(at timestamptz, most integer)
    RETURNS TABLE (clocks bigint, notices bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH due AS MATERIALIZED (
        SELECT k.*, coalesce(k.extended_to, k.due_on) AS day, (at AT TIME ZONE 'Europe/Stockholm')::date AS today
        FROM public.cases_clock k WHERE k.next_at <= at
        ORDER BY k.next_at, k.id LIMIT most FOR UPDATE SKIP LOCKED),
    seen AS MATERIALIZED (
        SELECT d.*, s.seen_on, s.seen_on + d.again_days AS anew,
               s.seen_on IS NOT NULL AND coalesce(d.today < s.seen_on + d.again_days, true) AS quiet
        FROM due d LEFT JOIN LATERAL (
            SELECT (max(a.created_at) AT TIME ZONE 'Europe/Stockholm')::date AS seen_on
            FROM public.cases_acknowledgement a WHERE a.clock_id = d.id AND a.of_day = d.day) s ON true),
    tellings AS (
        SELECT d.*, 'clock' AS about, d.owner_id AS who,
               d.day - (SELECT min(ahead) FROM unnest(d.warn_days) ahead WHERE ahead >= d.day - d.today) AS on_day
        FROM seen d
        UNION ALL
        SELECT d.*, 'clock', t.membership_id,
               d.day - (SELECT min(ahead) FROM unnest(d.warn_days) ahead WHERE ahead >= d.day - d.today)
        FROM seen d CROSS JOIN LATERAL wall.told_widely(d.id, d.today) t WHERE wall.clock_widely(d.kind)
        UNION ALL
        SELECT d.*, 'clock', d.owner_id, greatest(d.day + 1, d.anew) FROM seen d WHERE d.today > d.day AND NOT d.quiet
        UNION ALL
        SELECT d.*, 'escalation', t.membership_id,
               CASE t.step WHEN 'cover' THEN greatest(d.day + d.cover_days, d.anew) ELSE d.today END
        FROM seen d CROSS JOIN LATERAL wall.told_when_late(d.id, d.today) t
        WHERE NOT d.quiet AND d.today >= d.day + CASE t.step WHEN 'cover' THEN d.cover_days ELSE d.escalate_days END),
    told AS (
        INSERT INTO public.cases_notice (id, authority_id, created_at, about, subject_id, recipient_id,
                                         recipient_authority_id, about_on, tries, urgency, ready_at)
        SELECT gen_random_uuid(), t.authority_id, now(), t.about, t.id, t.who, t.authority_id, t.on_day, 0,
               CASE wall.clock_at_once(t.kind) WHEN 'danger' THEN 'danger'
                    WHEN 'same_day' THEN CASE WHEN t.today >= t.day THEN 'same_day' ELSE '' END ELSE '' END,
               t.next_at
        FROM tellings t WHERE t.on_day IS NOT NULL
        ON CONFLICT DO NOTHING RETURNING 1),
    looked_at AS (
        UPDATE public.cases_clock k SET next_at = CASE
            WHEN s.quiet THEN wall.morning_of(s.anew)
            ELSE wall.morning_of(wall.next_telling(s.day, s.warn_days, s.cover_days, s.escalate_days, s.today)) END
        FROM seen s WHERE k.id = s.id RETURNING 1)
    SELECT (SELECT count(*) FROM looked_at), (SELECT count(*) FROM told);
END $$;

-- *Jag har sett det*: by somebody who was told of it or who has the case, and only of what is late and not done.
CREATE OR REPLACE FUNCTION wall.may_acknowledge(clock uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.cases_clock k
        WHERE k.id = clock AND k.authority_id = wall.authority() AND k.done_at IS NULL
          AND coalesce(k.extended_to, k.due_on) < wall.today()
          AND (k.case_id IS NULL OR NOT k.case_id = ANY (wall.blocked_cases()))
          AND (k.case_id = ANY (wall.held_cases()) OR k.case_id IS NULL AND wall.role() = 'administrator'
               OR EXISTS (SELECT 1 FROM wall.escalated() e WHERE e.id = k.id)))
    $$;

-- The case and the day are the clock's own, whatever was sent along: whoever leads need not have the case.
CREATE OR REPLACE FUNCTION wall.seen_of_clock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    SELECT k.case_id, coalesce(k.extended_to, k.due_on) INTO NEW.case_id, NEW.of_day
    FROM public.cases_clock k WHERE k.id = NEW.clock_id AND k.authority_id = NEW.authority_id;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER of_clock BEFORE INSERT ON public.cases_acknowledgement FOR EACH ROW
    EXECUTE FUNCTION wall.seen_of_clock();

-- What is watched by itself (``ClockKind.watched``): its clocks begin when its day comes near, follow it when it is moved or
-- changes hands, end when it is over, and begin anew if it turns out not to be.
CREATE OR REPLACE FUNCTION wall.worker_keep(at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
DECLARE today date := (at AT TIME ZONE 'Europe/Stockholm')::date; w record; changed integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('wall.worker_keep')) THEN RETURN 0; END IF;  -- another one is at it
    FOR w IN
        WITH watched AS MATERIALIZED (SELECT * FROM wall.worker_watched(today))
        SELECT s.*, k.id AS clock, k.done_at, true AS goes_on FROM watched s
        LEFT JOIN public.cases_clock k
            ON k.authority_id = s.authority_id AND k.kind = s.kind AND k.subject_id = s.subject_id
        WHERE k.id IS NULL OR k.done_at IS NOT NULL OR k.owner_id <> s.owner_id
            OR coalesce(k.extended_to, k.due_on) <> s.day
        UNION ALL
        SELECT k.authority_id, k.case_id, k.subject_id, k.owner_id, k.due_on, k.due_on, k.kind, k.rule_id, k.warn_days,
               k.cover_days, k.escalate_days, k.again_days, k.id, k.done_at, false
        FROM public.cases_clock k
        WHERE k.done_at IS NULL AND k.kind = ANY (wall.watched_kinds()) AND NOT EXISTS (
            SELECT 1 FROM watched s
            WHERE s.authority_id = k.authority_id AND s.kind = k.kind AND s.subject_id = k.subject_id)
    LOOP
        changed := changed + 1;
        IF NOT w.goes_on THEN
            UPDATE public.cases_clock SET done_at = now(), version = version + 1 WHERE id = w.clock;
        ELSIF w.clock IS NULL THEN
            INSERT INTO public.cases_clock (
                id, authority_id, created_at, case_id, kind, rule_id, subject_id, owner_id, due_on, warn_days,
                cover_days, escalate_days, again_days, extended_to, extension_ground, version)
            VALUES (gen_random_uuid(), w.authority_id, now(), w.case_id, w.kind, w.rule_id, w.subject_id, w.owner_id,
                    w.due_on, w.warn_days, w.cover_days, w.escalate_days, w.again_days, nullif(w.day, w.due_on), '', 1)
            ON CONFLICT DO NOTHING;
        ELSE
            IF w.done_at IS NOT NULL THEN
                UPDATE public.cases_clock SET done_at = NULL, done_by_id = NULL, version = version + 1
                WHERE id = w.clock;
            END IF;
            UPDATE public.cases_clock SET extended_to = CASE WHEN w.day <> due_on THEN w.day END,
                owner_id = w.owner_id, handed_by_id = CASE WHEN owner_id = w.owner_id THEN handed_by_id END
            WHERE id = w.clock;
        END IF;
    END LOOP;
    RETURN changed;
END $$;

-- For rows that the database itself makes. Not Django's own default: it would read the row back, which its maker may not.
ALTER TABLE public.cases_notice ALTER urgency SET DEFAULT '', ALTER ready_at SET DEFAULT now();

-- One of a house's own is told of something, once a day for each thing. For triggers: who it is must be theirs to say.
CREATE OR REPLACE FUNCTION wall.tells(what text, house uuid, recipient uuid, subject uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    INSERT INTO public.cases_notice
        (id, authority_id, created_at, about, subject_id, recipient_id, recipient_authority_id, about_on, urgency, ready_at,
         tries)
    VALUES (gen_random_uuid(), house, now(), what, subject, recipient, house, wall.today(), '', now(), 0)
    ON CONFLICT DO NOTHING
    $$;
