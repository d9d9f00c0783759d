-- The floor's own search: who is called so in my board, said or only sounding so, and whether the case is open to me.
-- As the product's, it runs past the policies, since a name may be known of a case that is not open to the searcher.
CREATE SCHEMA IF NOT EXISTS bench;
GRANT USAGE ON SCHEMA bench TO exit_app;
CREATE OR REPLACE FUNCTION bench.find(words text[], sounds text[])
    RETURNS TABLE (case_id uuid, is_open boolean, by_sound boolean, number text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH me AS MATERIALIZED (
        SELECT wall.authority() AS house, wall.open_cases() AS open, wall.blocked_individuals() AS blocked
        WHERE wall.role() IN ('social_worker', 'unit_manager')),
    named AS MATERIALIZED (
        SELECT i.id, i.name, i.search_key,
               EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(i.search_key, w) = 0) AS by_sound
        FROM me JOIN public.cases_individual i ON i.authority_id = me.house
        WHERE i.search_key <> '' AND NOT i.guarded AND i.id <> ALL (me.blocked)
          AND NOT EXISTS (SELECT 1 FROM unnest(words, sounds) AS each (word, sound)
                          WHERE strpos(i.search_key, word) = 0
                            AND NOT (sound <> '' AND ' ' || i.sound_key || ' ' LIKE sound)))
    SELECT c.id, c.id = ANY (me.open), n.by_sound, c.number, coalesce(k.name, n.name)
    FROM me CROSS JOIN named n JOIN public.cases_case c ON c.individual_id = n.id
    LEFT JOIN public.cases_personmerge p ON p.merged_id = n.id AND p.undone_at IS NULL
    LEFT JOIN public.cases_individual k ON k.id = p.kept_id
    ORDER BY n.by_sound, n.search_key, c.opened_on DESC, n.id LIMIT 50
    $$;
REVOKE ALL ON FUNCTION bench.find(text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bench.find(text[], text[]) TO exit_app;
GRANT CREATE ON SCHEMA bench TO exit_wall;
ALTER FUNCTION bench.find(text[], text[]) OWNER TO exit_wall;
