-- The forced search before anybody is added. Only name, number or case number go in (SoLPUF 15 §), and what comes out
-- about a case that is not open to the searcher is enough to ask the right colleague: no more. A protected person is
-- found by those who already have the case and by nobody else. Words are folded, and each must be in the name; what only
-- sounds like it comes last and is marked. Whoever is found under one of two merged rows is found with both.
DROP FUNCTION IF EXISTS wall.find_people(text, bytea[], text);
CREATE OR REPLACE FUNCTION wall.find_people(words text[], sounds text[], fingerprints bytea[], wanted text)
    RETURNS TABLE (individual_id uuid, case_id uuid, is_open boolean, by_sound boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    WITH mine AS MATERIALIZED (
        SELECT wall.authority() AS authority, wall.open_cases() AS cases, wall.blocked_individuals() AS blocked
        WHERE wall.role() IN ('social_worker', 'unit_manager')),
    open AS MATERIALIZED (SELECT unnest(cases) AS id FROM mine),
    named AS (
        SELECT i.id, EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(i.search_key, w) = 0) AS by_sound
        FROM mine JOIN public.cases_individual i ON i.authority_id = mine.authority
        WHERE cardinality(words) > 0 AND i.search_key <> ''
          -- The first word by itself, which most people fail; then each of them.
          AND (strpos(i.search_key, words[1]) > 0 OR sounds[1] <> '' AND ' ' || i.sound_key || ' ' LIKE sounds[1])
          AND NOT EXISTS (SELECT 1 FROM unnest(words, sounds) AS each (word, sound)
                          WHERE strpos(i.search_key, word) = 0
                            AND NOT (sound <> '' AND ' ' || i.sound_key || ' ' LIKE sound))),
    found AS (
        SELECT id, by_sound FROM named
        UNION SELECT p.individual_id, false
              FROM mine JOIN public.cases_personidentifier p ON p.authority_id = mine.authority
              WHERE p.fingerprint = ANY (fingerprints)
        UNION SELECT c.individual_id, false
              FROM mine JOIN public.cases_case c ON c.authority_id = mine.authority
              WHERE wanted <> '' AND c.number = wanted),
    -- As ``wall.same_people`` says of one: whom she is merged with, or herself alone.
    standing AS (SELECT m.kept_id, m.merged_id FROM public.cases_personmerge m WHERE m.undone_at IS NULL),
    rooted AS (
        SELECT coalesce(m.kept_id, f.id) AS root, f.by_sound
        FROM found f LEFT JOIN standing m ON m.merged_id = f.id),
    same AS (
        SELECT r.root AS person, r.by_sound, EXISTS (SELECT 1 FROM standing m WHERE m.kept_id = r.root) AS merged
        FROM rooted r
        UNION SELECT m.merged_id, r.by_sound, true FROM rooted r JOIN standing m ON m.kept_id = r.root)
    SELECT i.id, c.id, coalesce(c.id IN (SELECT id FROM open), false), bool_and(s.by_sound)
    FROM mine CROSS JOIN same s
    JOIN public.cases_individual i ON i.id = s.person
    LEFT JOIN public.cases_case c ON c.individual_id = i.id AND c.authority_id = i.authority_id
    WHERE NOT i.id = ANY (mine.blocked)
      AND (NOT i.guarded OR c.id IN (SELECT id FROM open))
      AND (wanted = '' OR c.number = wanted)
      AND (c.id IS NOT NULL OR NOT s.merged)
    GROUP BY i.id, c.id
    ORDER BY 4, i.search_key, c.opened_on DESC NULLS LAST, i.id
    LIMIT 50
    $$;

-- What a searcher may know of a case that is not open to it: name, number, whom to ask.
CREATE OR REPLACE FUNCTION wall.whom_to_ask(wanted uuid[])
    RETURNS TABLE (case_id uuid, name text, number text, worker text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT c.id, coalesce(nullif(i.name, ''), i.alias), c.number, u.name
    FROM public.cases_case c
    JOIN public.cases_individual i ON i.id = c.individual_id
    JOIN public.tenancy_membership m ON m.id = c.worker_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE c.id = ANY (wanted) AND c.authority_id = wall.authority() AND NOT c.id = ANY (wall.blocked_cases())
      AND NOT i.guarded AND wall.role() IN ('social_worker', 'unit_manager')
    $$;

-- Two rows of one person: both are the merger's own to read, an emergency aside, both or neither are protected, and
-- there are no chains. The one given up stands for nobody else, and the one kept has not itself been given up.
CREATE OR REPLACE FUNCTION wall.may_merge(kept uuid, merged uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT wall.role() IN ('social_worker', 'unit_manager')
       AND (kept = ANY (mine.held) OR wall.newly_added(kept))
       AND (merged = ANY (mine.held) OR wall.newly_added(merged))
       AND EXISTS (SELECT 1 FROM public.cases_individual k
                   JOIN public.cases_individual g ON g.id = merged AND g.guarded = k.guarded
                   WHERE k.id = kept)
       AND NOT EXISTS (SELECT 1 FROM public.cases_personmerge m
                       WHERE m.undone_at IS NULL AND (m.merged_id IN (kept, merged) OR m.kept_id = merged))
    FROM (SELECT ARRAY(SELECT c.individual_id FROM public.cases_case c WHERE c.id = ANY (wall.held_cases())) AS held) mine
    $$;
