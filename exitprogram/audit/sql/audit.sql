-- One event as bytes: every column, length-prefixed, times as UTC text with microseconds, version first.
CREATE OR REPLACE FUNCTION wall.audit_bytes(e public.audit_auditevent) RETURNS bytea LANGUAGE sql STABLE
    SET search_path = pg_catalog SET timezone = 'UTC'
    AS $$
    SELECT convert_to('1' || string_agg(length(part)::text || ':' || part, '' ORDER BY place), 'UTF8')
    FROM unnest(ARRAY[
        e.id::text, e.authority_id::text, to_char(e.created_at, 'YYYY-MM-DD HH24:MI:SS.US'),
        coalesce(e.user_id::text, ''), coalesce(e.membership_id::text, ''), coalesce(e.membership_authority_id::text, ''),
        e.action, e.object_type, coalesce(e.object_id::text, ''), coalesce(e.case_id::text, ''), e.ground,
        e.details::text, e.request_id
    ]) WITH ORDINALITY AS parts(part, place)
    $$;

-- At commit: take the next place in the authority's chain. The head row is locked last and only for the commit itself.
CREATE OR REPLACE FUNCTION wall.audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE head public.audit_audithead;
BEGIN
    INSERT INTO public.audit_audithead VALUES (NEW.authority_id, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM public.audit_audithead h WHERE h.authority_id = NEW.authority_id FOR UPDATE;
    UPDATE public.audit_audithead h
        SET seq = head.seq + 1, hash = sha256(head.hash || wall.audit_bytes(NEW))
        WHERE h.authority_id = NEW.authority_id
        RETURNING * INTO head;
    INSERT INTO public.audit_auditlink VALUES (NEW.id, NEW.authority_id, head.seq, head.hash);
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS link ON public.audit_auditevent;
CREATE CONSTRAINT TRIGGER link AFTER INSERT ON public.audit_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wall.audit_link();

DROP TRIGGER IF EXISTS kept ON public.audit_auditlink;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON public.audit_auditlink FOR EACH ROW EXECUTE FUNCTION wall.refuse();
GRANT SELECT, INSERT, UPDATE ON public.audit_audithead TO exit_wall;
GRANT SELECT, INSERT ON public.audit_auditlink TO exit_wall;

-- The whole chain of one authority, walked from its first link: what is wrong, in words. No row means untouched.
CREATE OR REPLACE FUNCTION wall.audit_faults(chain uuid)
    RETURNS TABLE (seq bigint, event_id uuid, fault text) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    previous bytea := '';
    expected bigint := 1;
    link record;
    head public.audit_audithead;
BEGIN
    FOR link IN SELECT l.seq AS at, l.event_id AS event, l.hash AS stored, e
                FROM public.audit_auditlink l LEFT JOIN public.audit_auditevent e ON e.id = l.event_id
                WHERE l.authority_id = chain ORDER BY l.seq LOOP
        IF link.at <> expected THEN
            RETURN QUERY SELECT link.at, link.event, 'länk saknas före denna'; expected := link.at;
        END IF;
        IF (link.e).id IS NULL THEN
            RETURN QUERY SELECT link.at, link.event, 'händelsen är borta';
        ELSIF sha256(previous || wall.audit_bytes(link.e)) <> link.stored THEN
            RETURN QUERY SELECT link.at, link.event, 'händelsen eller ordningen är ändrad';
        END IF;
        previous := link.stored;
        expected := expected + 1;
    END LOOP;
    SELECT * INTO head FROM public.audit_audithead h WHERE h.authority_id = chain;
    IF FOUND AND (head.seq <> expected - 1 OR head.hash <> previous) THEN
        RETURN QUERY SELECT head.seq, NULL::uuid, 'kedjans huvud stämmer inte';
    ELSIF NOT FOUND AND expected > 1 THEN
        RETURN QUERY SELECT 0::bigint, NULL::uuid, 'kedjans huvud är borta';
    END IF;
    RETURN QUERY SELECT NULL::bigint, e.id, 'händelsen saknar länk' FROM public.audit_auditevent e
        WHERE e.authority_id = chain
          AND NOT EXISTS (SELECT 1 FROM public.audit_auditlink l WHERE l.event_id = e.id);
END $$;

-- Where each chain stands, for the round that anchors them outside (``exitprogram/audit/anchors.py``).
CREATE OR REPLACE FUNCTION wall.worker_heads()
    RETURNS TABLE (authority_id uuid, seq bigint, hash bytea, at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT h.authority_id, h.seq, h.hash, now() FROM public.audit_audithead h ORDER BY 1 $$;

-- For /matvarden/: whoever keeps the figures sees that the log only grows, and that it is another when nothing was added.
CREATE OR REPLACE FUNCTION wall.log_gauges() RETURNS TABLE (name text, value float8) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT 'log_links', coalesce(sum(h.seq), 0)::float8 FROM public.audit_audithead h
    UNION ALL
    SELECT 'log_seal', coalesce(('x' || left(encode(sha256(string_agg(h.authority_id::text || h.seq || encode(h.hash, 'hex'),
               '' ORDER BY h.authority_id)::bytea), 'hex'), 12))::bit(48)::bigint, 0)::float8
    FROM public.audit_audithead h
    $$;
