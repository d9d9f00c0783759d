-- A plan as one reader may know it: not whose it is, only that it is the same one as last time. The words are hers alone
-- (her membership is in them) and cannot be turned back without the wall's own key. A step of the others (sql/after).
CREATE OR REPLACE FUNCTION wall.flow_ref(reader uuid, wanted uuid) RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog
    AS $$
    SELECT substr(h.x, 1, 4) || '-' || substr(h.x, 5, 4) || '-' || substr(h.x, 9, 4)
    FROM wall.key k
    CROSS JOIN LATERAL (SELECT encode(sha256(k.outer_pad || sha256(
        k.inner_pad || convert_to('flow|' || reader || '|' || wanted, 'UTF8'))), 'hex')) h (x)
    WHERE k.id = 1
    $$;

-- How far each plan of a board has come, where its agreement lets that be followed: the words above, step, days in it and
-- what is lacking. Nothing else of it.
CREATE OR REPLACE FUNCTION wall.flow_rows(board uuid) RETURNS TABLE (
        ref text, step text, waited integer, no_coordinator boolean, late boolean, no_day boolean, waits boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT wall.flow_ref(wall.membership(), f.case_id), f.step, wall.today() - f.since, f.no_coordinator, f.late, f.no_day,
           f.waits
    FROM wall.flow() f WHERE f.authority_id = board AND f.level = 'flow'
    ORDER BY 3 DESC, 1
    $$;

-- The asker names the plan by her own words for it; the database finds the case, keeps the words out of the row, and lets
-- nobody put a question anywhere else.
CREATE OR REPLACE FUNCTION wall.question_finds_its_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    SELECT f.case_id INTO NEW.case_id FROM wall.flow() f
        WHERE f.authority_id = NEW.authority_id AND f.level = 'flow'
          AND wall.flow_ref(wall.membership(), f.case_id) = NEW.ref;
    IF NEW.case_id IS NULL THEN
        RAISE EXCEPTION 'Planen går inte att följa.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.ref := '';
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER finds_its_case BEFORE INSERT ON public.reporting_flowquestion FOR EACH ROW
    EXECUTE FUNCTION wall.question_finds_its_case();

-- The asker's own questions and their answers, while the plan may be followed: never which case.
CREATE OR REPLACE FUNCTION wall.my_questions() RETURNS TABLE (
        id uuid, authority_id uuid, ref text, text bytea, asked_at timestamptz, answer bytea, answered_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT q.id, q.authority_id, wall.flow_ref(q.asked_by_id, q.case_id), q.text, q.created_at, q.answer, q.answered_at
    FROM public.reporting_flowquestion q
    JOIN wall.flow() f ON f.case_id = q.case_id AND f.level = 'flow'
    WHERE q.asked_by_id = wall.membership()
    ORDER BY q.answered_at IS NOT NULL, q.created_at DESC, q.id
    $$;

-- Authorities whose regional coordinator the acting board can turn to: its own, and those it has an agreement with.
CREATE OR REPLACE FUNCTION wall.supporters() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT m.authority_id), '{}')
    FROM (SELECT wall.authority() AS authority, wall.partners() AS partners, wall.today() AS today OFFSET 0) me
    JOIN public.tenancy_membership m ON m.role = 'regional_coordinator'
     AND (m.authority_id = me.authority OR m.authority_id = ANY (me.partners))
    WHERE m.starts_on <= me.today AND (m.ends_on IS NULL OR m.ends_on >= me.today)
    $$;

-- Who works with whom, as far as the acting regional coordinator's boards are concerned: what all have signed and holds
-- today. Between authorities; of nobody.
CREATE OR REPLACE FUNCTION wall.cooperation_map() RETURNS TABLE (
        agreement_id uuid, ground text, starts_on date, ends_on date, parties uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH mine AS (SELECT o.authority_id FROM wall.overseen() o UNION SELECT wall.authority()),
    days AS (
        SELECT p.agreement_id, array_agg(p.party_authority_id ORDER BY p.created_at, p.id) AS parties,
               min(p.leaves_on) AS leaves_on
        FROM public.tenancy_agreementparty p
        WHERE p.leaves_on IS NULL OR p.leaves_on >= wall.today() GROUP BY 1)
    SELECT a.id, a.ground::text, a.starts_on, least(a.ends_on, d.leaves_on), d.parties
    FROM public.tenancy_cooperationagreement a
    JOIN days d ON d.agreement_id = a.id AND cardinality(d.parties) > 1
    WHERE wall.role() = 'regional_coordinator' AND a.starts_on <= wall.today()
      AND (a.ends_on IS NULL OR a.ends_on >= wall.today()) AND wall.agreed(a.id)
      AND d.parties && (SELECT array_agg(m.authority_id) FROM mine m)
    ORDER BY 4 NULLS LAST, a.starts_on, a.id
    $$;

-- A question and its answer, a request and its answer: whoever is to read it is told by a neutral mail. Who that is, is for
-- her own authority to know, so the database tells her and the other side learns nothing.
CREATE OR REPLACE FUNCTION wall.question_tells() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM wall.tells('question', NEW.asker_authority_id, NEW.asked_by_id, NEW.id);
        RETURN NULL;
    END IF;
    PERFORM wall.tells('question', NEW.authority_id, m.id, NEW.id)
    FROM (SELECT coalesce(
              (SELECT a.membership_id FROM public.teams_coordinatorappointment a
               WHERE a.case_id = c.id AND a.kind = 'coordinator' AND a.starts_on <= wall.today()
                 AND (a.ends_on IS NULL OR a.ends_on >= wall.today())), c.worker_id) AS id
          FROM public.cases_case c WHERE c.id = NEW.case_id) m
    WHERE NOT wall.is_blocked(NEW.case_id, m.id);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER question_tells AFTER INSERT ON public.reporting_flowquestion FOR EACH ROW
    EXECUTE FUNCTION wall.question_tells();
CREATE OR REPLACE TRIGGER answer_tells AFTER UPDATE ON public.reporting_flowquestion FOR EACH ROW
    WHEN (OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL) EXECUTE FUNCTION wall.question_tells();

CREATE OR REPLACE FUNCTION wall.support_tells() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM wall.tells('question', NEW.authority_id, NEW.asked_by_id, NEW.id);
    ELSE
        PERFORM wall.tells('question', NEW.to_authority_id, m.id, NEW.id)
        FROM public.tenancy_membership m
        WHERE m.authority_id = NEW.to_authority_id AND m.role = 'regional_coordinator' AND m.starts_on <= wall.today()
          AND (m.ends_on IS NULL OR m.ends_on >= wall.today());
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER support_tells AFTER INSERT ON public.reporting_supportrequest FOR EACH ROW
    EXECUTE FUNCTION wall.support_tells();
CREATE OR REPLACE TRIGGER support_answer_tells AFTER UPDATE ON public.reporting_supportrequest FOR EACH ROW
    WHEN (OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL) EXECUTE FUNCTION wall.support_tells();
