-- How many unsigned drafts each colleague has in a case open to the acting membership: whom to ask, not what they say.
CREATE OR REPLACE FUNCTION wall.unsigned_drafts(wanted uuid)
    RETURNS TABLE (kind text, author_id uuid, name text, drafts bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT d.kind, m.id, u.name, count(*)
    FROM (SELECT 'note' AS kind, n.case_id, n.author_id FROM public.cases_casenote n WHERE n.signed_at IS NULL
          UNION ALL
          SELECT 'assessment', a.case_id, a.author_id FROM public.cases_assessment a WHERE a.signed_at IS NULL
          UNION ALL
          SELECT 'identification', i.case_id, i.author_id FROM public.cases_identification i
          WHERE i.signed_at IS NULL) d
    JOIN public.tenancy_membership m ON m.id = d.author_id
    JOIN public.tenancy_user u ON u.id = m.user_id
    WHERE d.case_id = wanted AND d.case_id = ANY (wall.open_cases())
    GROUP BY d.kind, m.id, u.name ORDER BY d.kind, u.name
    $$;
