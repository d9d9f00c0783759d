CREATE OR REPLACE FUNCTION wall.placement_ended(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_placement p WHERE p.id = wanted AND p.ends_on IS NOT NULL) $$;

CREATE OR REPLACE FUNCTION wall.region_told(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.children_placement p
                         WHERE p.id = wanted AND (p.region_told_on IS NOT NULL OR p.ends_on IS NOT NULL)) $$;

CREATE OR REPLACE FUNCTION wall.care_planned(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT wall.placement_ended(wanted) OR EXISTS (
              SELECT 1 FROM public.children_placementplan p WHERE p.placement_id = wanted AND p.kind = 'care') $$;

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
