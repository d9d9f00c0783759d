-- Documents that name the acting membership among their readers.
CREATE OR REPLACE FUNCTION wall.named_documents() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(r.document_id), '{}') FROM public.cases_documentreader r
    WHERE r.kind = 'member' AND r.membership_id = wall.membership() AND r.may_read AND r.ended_at IS NULL
    $$;

-- Documents ticked for the acting authority. It opens none by itself: team, cover and day are asked beside it.
CREATE OR REPLACE FUNCTION wall.ticked_documents() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(r.document_id), '{}') FROM public.cases_documentreader r
    WHERE r.kind = 'party' AND r.party_id = wall.authority() AND r.may_read AND r.ended_at IS NULL
    $$;

-- Does the acting membership see the document itself? Whoever does not, does not say who may read it either.
CREATE OR REPLACE FUNCTION wall.sees_document(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.cases_document d
                   WHERE d.id = wanted AND d.case_id = ANY (wall.open_cases())
                     AND (d.open_to = 'case' OR d.uploaded_by_id = wall.membership()
                          OR d.id = ANY (wall.named_documents())))
    $$;

-- The worker's only way to a paper: one that waits for the scanner, its file's name and the key that lives as long.
CREATE OR REPLACE FUNCTION wall.worker_waiting(seen uuid[])
    RETURNS TABLE (document_id uuid, authority_id uuid, stored_name text, quarantine_key bytea)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT d.id, d.authority_id, d.stored_name, d.quarantine_key FROM public.cases_document d
    WHERE d.state = 'quarantined' AND d.id <> ALL (seen)
    ORDER BY d.created_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED
    $$;

CREATE OR REPLACE FUNCTION wall.worker_scanned(wanted uuid, clean boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    UPDATE public.cases_document d
    SET state = CASE WHEN clean THEN 'clean' ELSE 'refused' END, scanned_at = now(), quarantine_key = ''
    WHERE d.id = wanted AND d.state = 'quarantined'
    $$;

-- A guest who may open a document needs the key that wraps its key; the row opens nothing without ours.
CREATE OR REPLACE FUNCTION wall.keys_of_shared_documents() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT d.key_id), '{}') FROM public.cases_document d
            WHERE d.id = ANY (wall.ticked_documents()) AND d.state IN ('clean', 'unscanned')
              AND (d.case_id::text || ':' || d.area) = ANY (wall.shared()));
END $$;
