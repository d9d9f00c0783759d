-- A step follows those that were before it, is written in its own case, and what the law leaves to the board is decided
-- by whom the law of that day names: never by an official.
CREATE OR REPLACE FUNCTION wall.court_step_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    of_kind text;
    had text[];
    on_day date := (NEW.happened_at AT TIME ZONE 'Europe/Stockholm')::date;
BEGIN
    IF NOT NEW.case_id = ANY (wall.open_cases()) THEN RETURN NEW; END IF;  -- the wall refuses, and says nothing of it
    SELECT m.kind INTO of_kind FROM public.children_courtmatter m WHERE m.id = NEW.matter_id;
    SELECT coalesce(array_agg(s.kind::text), '{}') INTO had FROM public.children_courtstep s WHERE s.matter_id = NEW.matter_id;
    IF NEW.number <> cardinality(had) + 1 OR NOT wall.court_follows(of_kind, NEW.kind, had) THEN
        RAISE EXCEPTION 'Det steget kan inte komma nu.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind IN ('decided', 'denied') AND NOT wall.court_may_decide(of_kind, NEW.body, on_day)
       OR NEW.kind NOT IN ('decided', 'denied') AND NEW.body <> '' THEN
        RAISE EXCEPTION 'Bara nämnden eller ett utskott, eller den som lagen annars anger, beslutar (30 kap. 6–10 och 12 §§ SoL).'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.happened_at > statement_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'Det har inte hänt än.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'lapsed' AND NOT wall.court_has_passed(NEW.matter_id) THEN
        RAISE EXCEPTION 'Ingen tid har gått ut.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER court_step_fits BEFORE INSERT ON public.children_courtstep FOR EACH ROW
    EXECUTE FUNCTION wall.court_step_fits();

-- A day of the matter that has passed with nothing done.
CREATE OR REPLACE FUNCTION wall.court_has_passed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.children_courtstep s
                   JOIN public.cases_clock k ON k.subject_id = s.id AND k.authority_id = s.authority_id
                   WHERE s.matter_id = wanted AND k.done_at IS NULL AND k.kind IN ('court_submit', 'court_apply', 'court_begin')
                     AND coalesce(k.extended_to, k.due_on) < wall.today())
    $$;

-- Each day counts from the step that the law names, and from no other.
CREATE OR REPLACE FUNCTION wall.court_clock_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF NOT NEW.case_id = ANY (wall.open_cases()) THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT 1 FROM public.children_courtstep s JOIN public.children_courtmatter m ON m.id = s.matter_id
                   WHERE s.id = NEW.subject_id AND s.case_id = NEW.case_id AND s.authority_id = NEW.authority_id
                     AND wall.court_counts(NEW.kind, m.kind, s.kind)
                     AND NEW.due_on >= (s.happened_at AT TIME ZONE 'Europe/Stockholm')::date
                     AND (s.until IS NULL OR s.until = NEW.due_on)) THEN
        RAISE EXCEPTION 'Tiden räknas från ett annat steg.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER court_clock_counts BEFORE INSERT ON public.cases_clock FOR EACH ROW
    WHEN (NEW.kind LIKE 'court\_%') EXECUTE FUNCTION wall.court_clock_counts();

-- What the day waited for has come, after the step it counts from; or the matter has ended.
CREATE OR REPLACE FUNCTION wall.court_settled(watched text, begun uuid) RETURNS boolean LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.children_courtstep b
        JOIN public.children_courtmatter m ON m.id = b.matter_id
        JOIN public.children_courtstep s ON s.matter_id = b.matter_id AND s.number > b.number
        WHERE b.id = begun AND wall.court_settles(watched, m.kind, s.kind));
END $$;

-- Who has been told of the days of a case that is open to me: the day, the name, and of which clock.
CREATE OR REPLACE FUNCTION wall.court_told(wanted uuid) RETURNS TABLE (clock_id uuid, name text, told_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT k.id, u.name, max((n.created_at AT TIME ZONE 'Europe/Stockholm')::date)
    FROM public.cases_clock k
    JOIN public.cases_notice n ON n.subject_id = k.id AND n.authority_id = k.authority_id
        AND n.about IN ('clock', 'escalation')
    JOIN public.tenancy_membership m ON m.id = n.recipient_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE k.case_id = wanted AND k.kind LIKE 'court\_%' AND wanted = ANY (wall.open_cases())
    GROUP BY k.id, u.name ORDER BY u.name
    $$;
