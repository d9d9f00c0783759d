-- Whose a token is: ids and nothing else, and only while token, membership and account hold, asked for from one of the
-- token's own networks. Nobody acts yet, so it answers whoever holds the digest of 256 random bits.
GRANT SELECT ON public.tenancy_user TO exit_wall;
CREATE OR REPLACE FUNCTION wall.token_holder(given bytea, address inet)
    RETURNS TABLE (token_id uuid, user_id uuid, membership_id uuid) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT t.id, m.user_id, m.id
    FROM public.tokens_apitoken t
    JOIN public.tenancy_membership m ON m.authority_id = t.authority_id AND m.id = t.membership_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE t.digest = given AND t.revoked_at IS NULL AND t.expires_on >= wall.today()
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today()) AND u.is_active
      AND EXISTS (SELECT 1 FROM unnest(t.networks) network WHERE address <<= network::cidr)
    $$;

-- An Idempotency-Key is kept for two days.
CREATE OR REPLACE FUNCTION wall.is_old_call(made timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT made < statement_timestamp() - interval '48 hours' $$;
CREATE OR REPLACE FUNCTION wall.with_old_calls() RETURNS TABLE (authority_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT DISTINCT r.authority_id FROM public.tokens_apirequest r WHERE wall.is_old_call(r.created_at) $$;
