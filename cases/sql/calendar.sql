-- Whose calendar an address is: ids and nothing else, and only while address, role and account hold. Nobody acts yet, so
-- it answers whoever holds the digest of 256 random bits; what she then reads stands behind both walls as always.
CREATE OR REPLACE FUNCTION wall.calendar_holder(given bytea)
    RETURNS TABLE (feed_id uuid, digest bytea, user_id uuid, membership_id uuid) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT f.id, f.digest, m.user_id, m.id
    FROM public.cases_calendarfeed f
    JOIN public.tenancy_membership m ON m.authority_id = f.authority_id AND m.id = f.membership_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE f.digest = given AND f.revoked_at IS NULL AND u.is_active
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
    $$;
