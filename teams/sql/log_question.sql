-- What came of the sample: questions to those who read, and reports.

-- Whose questions and reports a manager sees to: her own, and those of managers who are no longer there.
CREATE OR REPLACE FUNCTION wall.log_reviewers() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(m.id), '{}')
    FROM public.tenancy_membership m JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE wall.role() = 'unit_manager' AND m.authority_id = wall.authority() AND m.role = 'unit_manager'
      AND (m.id = wall.membership() OR NOT u.is_active OR m.ends_on < wall.today())
    $$;

-- All of one's own, also in other houses: nobody judges herself in another role.
CREATE OR REPLACE FUNCTION wall.my_memberships() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce(array_agg(m.id), '{}') FROM public.tenancy_membership m WHERE m.user_id = wall.usr() $$;

CREATE OR REPLACE FUNCTION wall.may_ask(wanted uuid, asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.role() = 'unit_manager' AND EXISTS (
        SELECT 1 FROM public.teams_logsample s JOIN public.teams_logreview r ON r.id = s.review_id
        WHERE s.id = wanted AND s.authority_id = wall.authority() AND s.actor_id = asked AND s.judgement = 'ask'
          AND r.signed_at IS NOT NULL AND r.reviewer_id = wall.membership())
    $$;

-- What was judged so when the month was signed, or when its question was settled.
CREATE OR REPLACE FUNCTION wall.may_report(wanted uuid, reported uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.role() = 'unit_manager' AND NOT reported = ANY (wall.my_memberships()) AND EXISTS (
        SELECT 1 FROM public.teams_logsample s JOIN public.teams_logreview r ON r.id = s.review_id
        WHERE s.id = wanted AND s.authority_id = wall.authority() AND s.actor_id = reported AND r.signed_at IS NOT NULL
          AND (s.judgement = 'report' AND r.reviewer_id = wall.membership()
               OR EXISTS (SELECT 1 FROM public.teams_logquestion q WHERE q.sample_id = s.id AND q.settled_at IS NOT NULL
                          AND q.asked_by_id = ANY (wall.log_reviewers()))))
    $$;

-- For those who administer: how many reports there are, and since when the oldest open one waits. Not of whom.
CREATE OR REPLACE FUNCTION wall.log_report_counts()
    RETURNS TABLE (open bigint, closed bigint, oldest date, unanswered bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT count(*) FILTER (WHERE r.closed_at IS NULL), count(*) FILTER (WHERE r.closed_at IS NOT NULL),
           min((r.created_at AT TIME ZONE 'Europe/Stockholm')::date) FILTER (WHERE r.closed_at IS NULL),
           (SELECT count(*) FROM public.teams_logquestion q
            WHERE q.authority_id = wall.authority() AND q.answered_at IS NULL AND q.settled_at IS NULL)
    FROM public.teams_logreport r
    WHERE r.authority_id = wall.authority() AND wall.role() = 'administrator'
    HAVING wall.role() = 'administrator'
    $$;

-- Whoever is asked, and whoever asked, is told by a neutral mail.
CREATE OR REPLACE FUNCTION wall.reading_question_tells() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM wall.tells('question', NEW.asked_authority_id, NEW.asked_of_id, NEW.id);
    ELSE
        PERFORM wall.tells('question', NEW.authority_id, NEW.asked_by_id, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER asking_tells AFTER INSERT ON public.teams_logquestion FOR EACH ROW
    EXECUTE FUNCTION wall.reading_question_tells();
CREATE OR REPLACE TRIGGER answer_tells AFTER UPDATE ON public.teams_logquestion FOR EACH ROW
    WHEN (OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL) EXECUTE FUNCTION wall.reading_question_tells();
