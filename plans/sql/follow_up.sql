-- Done is locked: the answers of a following-up that is done may not change (Wall.locked).
CREATE OR REPLACE FUNCTION wall.follow_up_done(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM public.plans_followup f WHERE f.id = wanted AND f.done_at IS NOT NULL
                             AND wall.ours(f.authority_id)) $$;
