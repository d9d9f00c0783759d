-- Who is who at an identity provider. A link is seen, made and taken away by the person herself alone, and is worth
-- nothing without its proof (exitprogram/tenancy/identities.py).
ALTER TABLE public.tenancy_identitylink ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenancy_identitylink FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS r ON public.tenancy_identitylink;
DROP POLICY IF EXISTS i ON public.tenancy_identitylink;
DROP POLICY IF EXISTS d ON public.tenancy_identitylink;
CREATE POLICY r ON public.tenancy_identitylink FOR SELECT TO exit_app 
    USING (user_id = (SELECT wall.usr()));
CREATE POLICY i ON public.tenancy_identitylink FOR INSERT TO exit_app WITH CHECK (user_id = (SELECT wall.usr()));
CREATE POLICY d ON public.tenancy_identitylink FOR DELETE TO exit_app USING (user_id = (SELECT wall.usr()));

-- Sign-in asks before anybody acts, and only about an identity whose keyed digest it can make.
GRANT SELECT ON public.tenancy_identitylink TO exit_wall;
CREATE OR REPLACE FUNCTION wall.identity(at uuid, who bytea) RETURNS TABLE (user_id uuid, proof bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT l.user_id, l.proof FROM public.tenancy_identitylink l WHERE l.provider_id = at AND l.digest = who $$;
