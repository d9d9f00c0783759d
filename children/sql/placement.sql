CREATE OR REPLACE FUNCTION wall.placement_ended(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_placement p WHERE p.id = wanted AND p.ends_on IS NOT NULL
                             AND wall.ours(p.authority_id)) $$;

CREATE OR REPLACE FUNCTION wall.region_told(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_placement p
                         WHERE p.id = wanted AND (p.region_told_on IS NOT NULL OR p.ends_on IS NOT NULL)) $$;

CREATE OR REPLACE FUNCTION wall.care_planned(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.placement_ended(wanted) OR EXISTS (
              SELECT 1 FROM public.children_placementplan p WHERE p.placement_id = wanted AND p.kind = 'care'
                AND wall.ours(p.authority_id)) $$;

CREATE OR REPLACE FUNCTION wall.considered(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_placementreview r
                         WHERE r.id = wanted AND (r.considered_on IS NOT NULL OR wall.placement_ended(r.placement_id))) $$;

CREATE OR REPLACE FUNCTION wall.implementation_planned(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.placement_ended(wanted) OR EXISTS (
              SELECT 1 FROM public.children_placementplan p
              WHERE p.placement_id = wanted AND p.kind = 'implementation') $$;

-- Seen over: there is one more than the first.
CREATE OR REPLACE FUNCTION wall.care_plan_seen_over(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.placement_ended(wanted) OR (
              SELECT count(*) FROM public.children_placementplan p
              WHERE p.placement_id = wanted AND p.kind = 'care') > 1 $$;

CREATE OR REPLACE FUNCTION wall.health_answered(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.placement_ended(wanted) OR EXISTS (
              SELECT 1 FROM public.children_healthoffer h
              WHERE h.placement_id = wanted AND h.answer IN ('declined', 'done')) $$;
-- A child is placed with the consent of all who have custody that day, none of whom is marked; or on a decision that
-- stands. An adult needs neither here.
CREATE OR REPLACE FUNCTION wall.placed_on_ground(of_case uuid, on_day date, consented uuid[], matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT NOT wall.is_childs_case(of_case)
        OR wall.of_age(of_case)
        OR EXISTS (SELECT 1 FROM public.children_courtmatter m WHERE m.id = matter AND m.case_id = of_case
                   AND (m.kind IN ('custody', 'shelter') AND wall.court_stands(of_case, ARRAY[m.kind::text], 'decided')
                        OR m.kind = 'care' AND wall.court_stands(of_case, ARRAY['care'], 'judged')))
        OR (SELECT count(*) = max(CASE c.kind WHEN 'joint' THEN 2 ELSE 1 END)
                   AND bool_and(c.guardian_id = ANY (consented)) AND count(*) = cardinality(consented)
                   AND NOT bool_or(EXISTS (SELECT 1 FROM public.children_guardianmark m
                                           WHERE m.guardian_id = c.guardian_id AND m.ended_at IS NULL))
            FROM public.children_custody c
            WHERE c.case_id = of_case AND c.starts_on <= on_day AND (c.ends_on IS NULL OR c.ends_on >= on_day))
    $$;
