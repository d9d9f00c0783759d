-- The contributor's way: what is her own beside the section, whom she may tell, and who will read what she signs.

-- Measures that the acting membership is responsible for and may report on: she is in the team today, her authority is
-- covered for the area (or the case is her own board's and open to her), and the version is the one in force.
CREATE OR REPLACE FUNCTION wall.my_measures() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(m.id), '{}')
    FROM (SELECT wall.membership() AS id, wall.joined_cases() AS joined, wall.shared() AS shared,
                 wall.held_cases() AS held OFFSET 0) me
    JOIN public.teams_teammember t ON t.membership_id = me.id AND t.case_id = ANY (me.joined) AND t.state = 'joined'
        AND t.starts_on <= wall.today() AND (t.ends_on IS NULL OR t.ends_on >= wall.today())
    JOIN public.plans_measure m ON m.responsible_id = t.id AND m.case_id = t.case_id
    JOIN public.plans_planversion v ON v.id = m.version_id AND v.state = 'agreed'
        AND (v.ends_on IS NULL OR v.ends_on >= wall.today())
    JOIN public.plans_coordinatedplan p ON p.id = v.plan_id AND p.ended_on IS NULL
    WHERE (m.case_id::text || ':' || m.area) = ANY (me.shared) OR m.case_id = ANY (me.held)
    $$;

-- Of a measure whoever has not the case says how it goes and where it stands still, and nothing else. That it ends, or
-- that the need cannot be met, is for those who hold the plan.
CREATE OR REPLACE FUNCTION wall.only_reports() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.system() OR OLD.case_id = ANY (wall.held_cases()) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'Bara den som håller planen ändrar det.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER reported BEFORE UPDATE ON public.plans_measure FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'status' - 'status_on' - 'stuck_on' - 'stuck_until' - 'stuck_why' - 'row_version'
          IS DISTINCT FROM
          to_jsonb(NEW) - 'status' - 'status_on' - 'stuck_on' - 'stuck_until' - 'stuck_why' - 'row_version'
          OR OLD.status NOT IN ('planned', 'ongoing', 'done') OR NEW.status NOT IN ('planned', 'ongoing', 'done'))
    EXECUTE FUNCTION wall.only_reports();

-- Those who hold a case together today, or its worker when nobody does: whom a guest in its team can tell something.
CREATE OR REPLACE FUNCTION wall.to_tell(wanted uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    WITH holds AS (
        SELECT a.membership_id FROM public.teams_coordinatorappointment a
        WHERE a.case_id = wanted AND a.starts_on <= wall.today() AND (a.ends_on IS NULL OR a.ends_on >= wall.today()))
    SELECT coalesce(array_agg(DISTINCT id), '{}')
    FROM (SELECT membership_id AS id FROM holds
          UNION ALL SELECT c.worker_id FROM public.cases_case c
          WHERE c.id = wanted AND NOT EXISTS (SELECT 1 FROM holds)) told
    WHERE NOT wanted = ANY (wall.blocked_cases()) AND NOT wall.is_blocked(wanted, id)
      AND EXISTS (SELECT 1 FROM public.teams_teammember t
                  WHERE t.case_id = wanted AND t.membership_id = wall.membership()
                    AND (t.state = 'joined' OR t.state = 'ended' AND t.ends_on >= wall.today()))
    $$;

-- Only of what is hers: her measure that stands still, the section she cannot write, her own leaving.
CREATE OR REPLACE FUNCTION wall.may_tell(house uuid, what text, subject uuid, recipient uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM (
            SELECT m.case_id, m.authority_id FROM public.plans_measure m
            WHERE what = 'stuck' AND m.id = subject AND m.stuck_on IS NOT NULL AND m.id = ANY (wall.my_measures())
            UNION ALL
            SELECT s.case_id, s.authority_id FROM public.plans_section s
            WHERE what = 'declined' AND s.id = subject AND s.state = 'declined' AND s.writer_id = wall.membership()
            UNION ALL
            SELECT t.case_id, t.authority_id FROM public.teams_teammember t
            WHERE what = 'left' AND t.id = subject AND t.state = 'ended' AND t.membership_id = wall.membership()) mine
        WHERE mine.authority_id = house AND recipient = ANY (wall.to_tell(mine.case_id)))
      OR EXISTS (
        SELECT 1 FROM public.teams_decision d
        WHERE may_tell.what = 'decision' AND d.id = subject AND d.id = ANY (wall.lent_decisions())
          AND d.authority_id = house AND d.proposed_by_id = recipient)
    $$;

-- Who will be able to read a section once it is signed: shown to its writer before she signs. The board's own people
-- on the case, and guests whose authority a waiver or a ground in law covers for the area today.
DROP FUNCTION IF EXISTS wall.readers(uuid);
CREATE FUNCTION wall.readers(wanted uuid)
    RETURNS TABLE (name text, organisation text, function text, of_the_board boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH s AS (
        SELECT s.* FROM public.plans_section s
        WHERE s.id = wanted AND (s.case_id = ANY (wall.open_cases())
              OR (s.case_id::text || ':' || s.area) = ANY (wall.shared()))),
    who AS (
        SELECT g.membership_id, min(g.kind) AS kind, '' AS function, true AS of_the_board FROM s
        JOIN public.cases_accessgrant g ON g.content_object_id = s.case_id
        WHERE g.ended_at IS NULL AND g.starts_on <= wall.today()
          AND (g.ends_on IS NULL OR g.ends_on >= wall.today()) AND (g.until IS NULL OR g.until > statement_timestamp())
          AND NOT wall.is_blocked(g.content_object_id, g.membership_id)
        GROUP BY g.membership_id
        UNION
        SELECT t.membership_id, '', t.function, false FROM s
        JOIN public.teams_teammember t ON t.case_id = s.case_id AND t.state = 'joined'
            AND t.member_authority_id <> t.authority_id AND NOT wall.is_blocked(t.case_id, t.membership_id)
            AND t.starts_on <= wall.today() AND (t.ends_on IS NULL OR t.ends_on >= wall.today())
        JOIN wall.covers(ARRAY[s.case_id]) w ON w.recipient_id = t.member_authority_id AND w.area = s.area)
    SELECT u.name, a.name, CASE who.kind WHEN 'worker' THEN 'handlägger ärendet' WHEN 'coordinator' THEN 'samordnare'
           WHEN 'deputy' THEN 'ersätter samordnaren' WHEN 'emergency' THEN 'nödåtkomst'
           WHEN '' THEN who.function ELSE coalesce(nullif(m.title, ''), t.function, '') END, who.of_the_board
    FROM who
    LEFT JOIN public.teams_teammember t ON t.membership_id = who.membership_id AND t.state = 'joined'
        AND t.case_id = (SELECT s.case_id FROM s)
    JOIN public.tenancy_membership m ON m.id = who.membership_id AND m.starts_on <= wall.today()
        AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
    JOIN public.tenancy_user u ON u.id = m.user_id
    JOIN public.tenancy_authority a ON a.id = m.authority_id
    ORDER BY who.of_the_board DESC, a.name, u.name
    $$;
