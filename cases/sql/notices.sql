-- What waits to be said, for those who watch the machinery: counts and ages over every authority, nothing of anybody.
CREATE OR REPLACE FUNCTION wall.notice_gauges() RETURNS TABLE (name text, value float8)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH waiting AS MATERIALIZED (
        SELECT n.created_at, n.sending_at, n.tries FROM public.cases_notice n WHERE n.sent_at IS NULL)
    SELECT 'notices_waiting', count(*)::float8 FROM waiting
    UNION ALL SELECT 'notices_claimed', count(*)::float8 FROM waiting WHERE sending_at IS NOT NULL
    UNION ALL SELECT 'notices_tried_in_vain', count(*)::float8 FROM waiting WHERE tries > 2
    UNION ALL SELECT 'notices_oldest_seconds',
        coalesce(extract(epoch FROM statement_timestamp() - min(created_at)), 0)::float8 FROM waiting
    $$;
