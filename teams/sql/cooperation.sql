-- How much two authorities do together, in numbers, for the administrator of one of them: no person, no case, no day.

-- Today: how many from each other authority are in our teams, and how many of ours in theirs.
CREATE OR REPLACE FUNCTION wall.across() RETURNS TABLE (other_id uuid, here bigint, there bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT CASE WHEN t.authority_id = me.authority THEN t.member_authority_id ELSE t.authority_id END,
           count(*) FILTER (WHERE t.authority_id = me.authority),
           count(*) FILTER (WHERE t.member_authority_id = me.authority)
    FROM (SELECT wall.authority() AS authority, wall.today() AS today OFFSET 0) me
    JOIN public.teams_teammember t ON me.authority IN (t.authority_id, t.member_authority_id)
    WHERE wall.role() = 'administrator' AND t.authority_id <> t.member_authority_id
      AND t.state = 'joined' AND t.starts_on <= me.today AND (t.ends_on IS NULL OR t.ends_on >= me.today)
    GROUP BY 1
    $$;

-- In a year: decisions that staff of one have made for the other, by matter, and parts in each other's teams.
CREATE OR REPLACE FUNCTION wall.cooperation_year(year integer)
    RETURNS TABLE (what text, other_id uuid, kind text, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH me AS (SELECT wall.authority() AS authority, make_date(year, 1, 1) AS first, make_date(year, 12, 31) AS last
                WHERE wall.role() = 'administrator'),
    decided AS (
        SELECT d.authority_id AS board, s.authority_id AS employer, d.kind::text AS kind
        FROM me JOIN public.teams_decision d ON d.state = 'decided' AND d.decided_on BETWEEN me.first AND me.last
        JOIN public.tenancy_membership s ON s.id = d.decided_by_id AND s.authority_id <> d.authority_id
        WHERE me.authority IN (d.authority_id, s.authority_id)),
    parts AS (
        SELECT t.authority_id AS board, t.member_authority_id AS other
        FROM me JOIN public.teams_teammember t ON me.authority IN (t.authority_id, t.member_authority_id)
        WHERE t.authority_id <> t.member_authority_id AND t.state IN ('joined', 'ended')
          AND t.answered_at IS NOT NULL AND t.starts_on <= me.last AND (t.ends_on IS NULL OR t.ends_on >= me.first))
    SELECT 'decided_for_us', d.employer, d.kind, count(*) FROM me JOIN decided d ON d.board = me.authority GROUP BY 2, 3
    UNION ALL
    SELECT 'decided_by_us', d.board, d.kind, count(*) FROM me JOIN decided d ON d.employer = me.authority GROUP BY 2, 3
    UNION ALL
    SELECT 'theirs_here', p.other, '', count(*) FROM me JOIN parts p ON p.board = me.authority GROUP BY 2
    UNION ALL
    SELECT 'ours_there', p.board, '', count(*) FROM me JOIN parts p ON p.other = me.authority GROUP BY 2
    $$;
