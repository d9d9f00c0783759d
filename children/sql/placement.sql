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
