-- These individuals, and whoever they are merged with: rows of one person. Everything said of the one is so of the other.
-- Few people are merged with anybody: the others are only added to what was given.
CREATE OR REPLACE FUNCTION wall.same_people(people uuid[]) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH standing AS (SELECT m.kept_id, m.merged_id FROM public.cases_personmerge m WHERE m.undone_at IS NULL),
         roots AS (SELECT kept_id FROM standing WHERE merged_id = ANY (people))
    SELECT people || ARRAY(
        SELECT person
        FROM (SELECT kept_id AS person FROM roots
              UNION SELECT merged_id FROM standing
                    WHERE kept_id = ANY (people) OR kept_id IN (SELECT kept_id FROM roots)) same
        WHERE person <> ALL (people))
    $$;

-- Individuals that the acting user may know nothing of, in whichever membership she acts, and all their cases.
CREATE OR REPLACE FUNCTION wall.blocked_individuals() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.same_people(coalesce(array_agg(DISTINCT c.individual_id), '{}'))
    FROM (SELECT wall.usr() AS id OFFSET 0) me
    JOIN public.cases_accessblock b ON b.user_id = me.id AND b.ended_at IS NULL
    JOIN public.cases_case c ON c.id = b.case_id
    $$;

CREATE OR REPLACE FUNCTION wall.blocked_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(c.id), '{}')
    FROM (SELECT wall.blocked_individuals() AS people OFFSET 0) me
    JOIN public.cases_case c ON c.individual_id = ANY (me.people)
    $$;

-- The same of somebody else: whom a case may not be opened to. The blocked herself gets no yes: she may not know.
CREATE OR REPLACE FUNCTION wall.is_blocked(wanted uuid, member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.tenancy_membership m
        JOIN public.cases_accessblock b ON b.user_id = m.user_id AND b.ended_at IS NULL
        JOIN public.cases_case set_in ON set_in.id = b.case_id
        JOIN public.cases_case c ON c.individual_id = ANY (wall.same_people(ARRAY[set_in.individual_id]))
        WHERE m.id = member AND c.id = wanted AND m.user_id IS DISTINCT FROM wall.usr())
    $$;

-- May this membership have children's cases today? Given beside the role, by somebody else.
CREATE OR REPLACE FUNCTION wall.is_boards_child_worker(board uuid, member uuid, today date) RETURNS boolean LANGUAGE sql
    STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_childworker w
                   WHERE w.membership_id = member AND w.authority_id = board AND w.ended_at IS NULL
                     AND w.starts_on <= today AND (w.ends_on IS NULL OR w.ends_on >= today))
    $$;

-- The same of whoever acts; the sweep acts for nobody and asks the one above.
CREATE OR REPLACE FUNCTION wall.is_child_worker(member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.is_boards_child_worker(wall.authority(), member, wall.today()) $$;

-- Is it no child's case, or one that this member may have?
CREATE OR REPLACE FUNCTION wall.fits_child(wanted uuid, member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = wanted AND c.programme = 'child')
        OR wall.is_child_worker(member)
    $$;

-- One of my own memberships, whichever I act in.
CREATE OR REPLACE FUNCTION wall.is_mine(member uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.id = member AND m.user_id = wall.usr())
    $$;

-- A case that somebody else has opened to her waits until she has answered whether she knows the person (jäv); what was
-- given by name, or taken in an emergency, does not. The same list of kinds: ``AccessGrant.ASKS``.
CREATE OR REPLACE FUNCTION wall.asks(kind text, granted_by uuid, member uuid, wanted uuid) RETURNS boolean LANGUAGE sql
    STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT kind IN ('worker', 'coordinator', 'deputy', 'team') AND granted_by <> member
       AND NOT EXISTS (SELECT 1 FROM public.cases_conflictanswer a WHERE a.case_id = wanted AND a.membership_id = member)
    $$;

-- Whether a case waits for a colleague's answer and nothing else has opened it to her: until then nothing is told her of it.
CREATE OR REPLACE FUNCTION wall.is_unanswered(wanted uuid, member uuid, today date) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT coalesce(bool_and(wall.asks(g.kind, g.granted_by_id, member, wanted)), false)
    FROM public.cases_accessgrant g
    WHERE g.content_object_id = wanted AND g.membership_id = member AND g.ended_at IS NULL
      AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today)
      AND (g.until IS NULL OR g.until > statement_timestamp())
    $$;

-- The acting membership's grants that open something now. The end of one, by day or by minute, is observed here, by the
-- database's own clock; a child's case is open only to who may have children's, whatever else has been granted; or to
-- read, for some days and with a reason. Asked at every statement, so it is one statement itself: what is the same for
-- all grants is asked once (MATERIALIZED), the authority's children's cases are read once and not one for each grant (a
-- grant, its member and its case are of one authority, by their keys), and ``wall.asks`` is written out, since a function
-- per row costs more than the row.
CREATE OR REPLACE FUNCTION wall.open_grants() RETURNS TABLE (case_id uuid, kind text) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH me AS MATERIALIZED (
        SELECT m.id, wall.blocked_cases() AS blocked, wall.is_child_worker(m.id) AS of_children, wall.today() AS today,
               wall.authority() AS house
        FROM (SELECT wall.membership() AS id) m)
    SELECT g.content_object_id, g.kind
    FROM me JOIN public.cases_accessgrant g ON g.membership_id = me.id
    WHERE g.ended_at IS NULL AND g.starts_on <= me.today AND (g.ends_on IS NULL OR g.ends_on >= me.today)
      AND (g.until IS NULL OR g.until > statement_timestamp()) AND g.content_object_id <> ALL (me.blocked)
      AND (me.of_children OR g.kind = 'reading' OR g.content_object_id NOT IN (
          SELECT c.id FROM public.cases_case c
          WHERE c.authority_id = (SELECT house FROM me) AND c.programme = 'child'))
      AND (g.kind NOT IN ('worker', 'coordinator', 'deputy', 'team') OR g.granted_by_id = g.membership_id OR EXISTS (
          SELECT 1 FROM public.cases_conflictanswer a
          WHERE a.case_id = g.content_object_id AND a.membership_id = g.membership_id))
    $$;

CREATE OR REPLACE FUNCTION wall.open_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce(array_agg(DISTINCT g.case_id), '{}') FROM wall.open_grants() g $$;

-- Those of them that are open by more than an emergency: what is written is asked of these.
CREATE OR REPLACE FUNCTION wall.held_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT g.case_id), '{}') FROM wall.open_grants() g
    WHERE g.kind NOT IN ('emergency', 'reading')
    $$;

-- And by more than a reading of some days: an emergency, too, is work.
CREATE OR REPLACE FUNCTION wall.working_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT g.case_id), '{}') FROM wall.open_grants() g WHERE g.kind <> 'reading'
    $$;

CREATE OR REPLACE FUNCTION wall.held_individuals() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.same_people(coalesce(array_agg(DISTINCT c.individual_id), '{}'))
    FROM public.cases_case c WHERE c.id = ANY (wall.held_cases())
    $$;
