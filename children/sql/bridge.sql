-- Two cases of one person in one authority: the child's, and the one she has as a grown-up. Opened when she may be of age.
CREATE OR REPLACE FUNCTION wall.same_grown_person(childs uuid, adults uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.cases_case c
        JOIN public.cases_case a ON a.id = adults AND a.authority_id = c.authority_id AND a.programme = 'adult'
        WHERE c.id = childs AND c.programme = 'child' AND a.individual_id = ANY (wall.same_people(ARRAY[c.individual_id]))
          AND wall.of_age(childs))
    $$;

-- The work is handed over, or somebody else has been named for what comes next in the case.
CREATE OR REPLACE FUNCTION wall.bridge_settled(told uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.cases_comingofage g
        JOIN public.cases_case c ON c.individual_id = g.individual_id AND c.programme = 'child'
        WHERE g.id = told AND wall.ours(g.authority_id)
          AND (EXISTS (SELECT 1 FROM public.children_bridge b WHERE b.case_id = c.id AND b.handed_at IS NOT NULL)
            OR (SELECT count(*) FROM public.children_nextresponsible n WHERE n.about = 'case' AND n.subject_id = c.id)
             > (SELECT count(*) FROM public.cases_closure k WHERE k.case_id = c.id)))
    $$;

-- The child's file that belongs to the grown-up's case I hold, if there is one: its id and whom to ask. Neither number
-- nor anything it holds. Blocked from the person: nothing.
CREATE OR REPLACE FUNCTION wall.childs_file(adults uuid) RETURNS TABLE (case_id uuid, ask text, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, u.name, c.id = ANY (wall.open_cases())
    FROM public.cases_case a
    JOIN public.cases_case c ON c.authority_id = a.authority_id AND c.programme = 'child'
        AND c.individual_id = ANY (wall.same_people(ARRAY[a.individual_id]))
    JOIN public.tenancy_membership m ON m.id = c.worker_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE a.id = adults AND a.programme = 'adult' AND a.id = ANY (wall.held_cases())
      AND NOT c.id = ANY (wall.blocked_cases())
    ORDER BY c.opened_on DESC, c.id
    $$;

-- Read it, with a reason: one who holds the grown-up's case, once the person is of age.
CREATE OR REPLACE FUNCTION wall.may_read_childs_file(childs uuid, adults uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT adults = ANY (wall.held_cases()) AND wall.same_grown_person(childs, adults)
       AND wall.role() IN ('social_worker', 'unit_manager')
       AND NOT childs = ANY (wall.blocked_cases()) AND NOT childs = ANY (wall.open_cases())
    $$;

-- The grant of such a reading: mine, for the very days that are written down, beginning today.
CREATE OR REPLACE FUNCTION wall.reads_childs_file(childs uuid, member uuid, from_on date, to_on date) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT member = wall.membership() AND EXISTS (
        SELECT 1 FROM public.children_fileopening o
        WHERE o.case_id = childs AND o.membership_id = member AND o.starts_on = from_on AND o.ends_on = to_on
          AND o.starts_on = wall.today())
    $$;

-- The one who coordinates from now on has said that she has it.
CREATE OR REPLACE FUNCTION wall.bridge_confirmed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_bridge b WHERE b.id = wanted AND b.confirmed_at IS NOT NULL) $$;

-- Opened by me: I may put it among what whoever works with the child's case goes through.
CREATE OR REPLACE FUNCTION wall.my_file_opening(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_fileopening o
                         WHERE o.id = wanted AND o.membership_id = wall.membership()) $$;
