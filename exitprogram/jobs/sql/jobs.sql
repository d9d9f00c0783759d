-- What waits for a worker, or lies with one that has been silent for too long: ids and nothing else.
CREATE OR REPLACE FUNCTION wall.waiting_jobs(lease float8) RETURNS TABLE (authority_id uuid, job_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT j.authority_id, j.id FROM public.jobs_job j
    WHERE j.state = 'waiting' OR j.state = 'running' AND j.claimed_at NOT BETWEEN
        statement_timestamp() - make_interval(secs => lease) AND statement_timestamp() + make_interval(secs => lease)
    ORDER BY j.created_at, j.id
    $$;

CREATE OR REPLACE FUNCTION wall.expired_jobs() RETURNS TABLE (authority_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT DISTINCT j.authority_id FROM public.jobs_job j WHERE j.expires_on < wall.today() $$;

-- For those who watch the machinery: counts and an age.
CREATE OR REPLACE FUNCTION wall.job_gauges() RETURNS TABLE (name text, value float8)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH going AS MATERIALIZED (
        SELECT j.state, j.created_at FROM public.jobs_job j WHERE j.state IN ('waiting', 'running'))
    SELECT 'jobs_waiting', count(*)::float8 FROM going WHERE state = 'waiting'
    UNION ALL SELECT 'jobs_running', count(*)::float8 FROM going WHERE state = 'running'
    UNION ALL SELECT 'jobs_oldest_seconds',
        coalesce(extract(epoch FROM statement_timestamp() - min(created_at)), 0)::float8 FROM going
    $$;
