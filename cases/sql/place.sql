-- Places that the acting membership may read: named as a reader, in force today, and the case its own as well. An
-- emergency opens no address.
CREATE OR REPLACE FUNCTION wall.read_places() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT r.place_id), '{}')
    FROM (SELECT wall.membership() AS id, wall.held_cases() AS cases OFFSET 0) me
    JOIN public.cases_placereader r ON r.membership_id = me.id AND r.case_id = ANY (me.cases)
    WHERE r.ended_at IS NULL AND NOT wall.resting()
      AND r.starts_on <= wall.today() AND (r.ends_on IS NULL OR r.ends_on >= wall.today())
    $$;

-- Has somebody, who works here today, the case? Asked of others than the one who acts, by one who has it open.
CREATE OR REPLACE FUNCTION wall.has_case(member uuid, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wanted = ANY (wall.open_cases()) AND EXISTS (
        SELECT 1 FROM public.cases_accessgrant g
        JOIN public.tenancy_membership m ON m.id = g.membership_id
        WHERE g.content_object_id = wanted AND g.membership_id = member AND g.ended_at IS NULL
          AND g.kind NOT IN ('emergency', 'reading') AND NOT wall.is_blocked(wanted, member)
          AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
          AND NOT wall.asks(g.kind, g.granted_by_id, g.membership_id, g.content_object_id)
          AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today()))
    $$;

-- Who may name a reader: a reader, of others (her own last day is set by them); the one who has just added the place, herself; and a unit manager who has the case,
-- once nobody who can read it is left: somebody else than herself, or she could end the others and be the one. Named can
-- be only somebody who has the case.
CREATE OR REPLACE FUNCTION wall.may_name_reader(wanted uuid, member uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.cases_place p
        WHERE p.id = wanted AND p.authority_id = wall.authority() AND wall.has_case(member, p.case_id)
          AND ((p.id = ANY (wall.read_places())
                AND NOT EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.id = member AND m.user_id = wall.usr()))
            OR (p.added_by_id = wall.membership() AND member = wall.membership()
                AND NOT EXISTS (SELECT 1 FROM public.cases_placereader r WHERE r.place_id = p.id))
            OR (wall.role() = 'unit_manager'
                AND NOT EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.id = member AND m.user_id = wall.usr())
                AND NOT EXISTS (
                    SELECT 1 FROM public.cases_placereader r
                    WHERE r.place_id = p.id AND r.ended_at IS NULL AND r.starts_on <= wall.today()
                      AND (r.ends_on IS NULL OR r.ends_on >= wall.today())
                      AND wall.has_case(r.membership_id, p.case_id)))))
    $$;
