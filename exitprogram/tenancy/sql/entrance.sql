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

-- An account is closed by the administrator of a board where its owner had a role, once no role is left to her anywhere;
-- its password goes with it. It opens again with a new role, and a new link. The account's row is held first, so that a
-- role given elsewhere in the same moment is seen, or finds the account closed and opens it.
GRANT SELECT ON public.tenancy_user, public.tenancy_membership TO exit_wall;
GRANT UPDATE (is_active, password) ON public.tenancy_user TO exit_wall;
CREATE OR REPLACE FUNCTION wall.close_account(who uuid) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT 1 FROM public.tenancy_user u WHERE u.id = who AND wall.role() = 'administrator' FOR UPDATE;
    UPDATE public.tenancy_user u SET is_active = false, password = ''
    WHERE u.id = who AND u.id <> wall.usr() AND wall.role() = 'administrator'
      AND EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.user_id = u.id AND m.authority_id = wall.authority())
      AND NOT EXISTS (SELECT 1 FROM public.tenancy_membership m
                      WHERE m.user_id = u.id AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
                        -- given and taken away this very day: it has no earlier last day
                        AND NOT (m.authority_id = wall.authority() AND m.starts_on = wall.today()
                                 AND m.ends_on IS NOT DISTINCT FROM wall.today()))
    $$;
CREATE OR REPLACE FUNCTION wall.open_account(who uuid) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT 1 FROM public.tenancy_user u
    WHERE u.id = who AND (wall.role() = 'administrator' OR wall.system()) FOR NO KEY UPDATE;
    UPDATE public.tenancy_user u SET is_active = true
    WHERE u.id = who AND NOT u.is_active AND (wall.role() = 'administrator' OR wall.system())
      AND EXISTS (SELECT 1 FROM public.tenancy_membership m
                  WHERE m.user_id = u.id AND m.authority_id = wall.authority()
                    AND (m.ends_on IS NULL OR m.ends_on >= wall.today()))
    $$;
