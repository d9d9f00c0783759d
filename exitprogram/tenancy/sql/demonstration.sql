-- Authorities where everybody is invented, and *Se som*: an administrator of one looks at the product as a colleague.

-- Nobody works in this installation but for authorities that are marked as demonstrations.
CREATE OR REPLACE FUNCTION wall.all_invented() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT NOT EXISTS (SELECT 1 FROM public.tenancy_membership m
                       JOIN public.tenancy_authority a ON a.id = m.authority_id WHERE NOT a.demonstration)
    $$;

-- Whom the watcher sees as: a colleague of today, never another administrator, in a transaction that can write nothing.
CREATE OR REPLACE FUNCTION wall.seen_as(watcher uuid, seen uuid) RETURNS wall.actor
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT ROW(m.user_id, m.id, m.authority_id, m.role::text, false)::wall.actor
    FROM public.tenancy_membership m
    JOIN public.tenancy_membership w ON w.id = watcher AND w.authority_id = m.authority_id AND w.role = 'administrator'
    WHERE m.id = seen AND m.role <> 'administrator' AND current_setting('transaction_read_only') = 'on'
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
      AND w.starts_on <= wall.today() AND (w.ends_on IS NULL OR w.ends_on >= wall.today())
      AND wall.all_invented()
    $$;

-- A mark is set while nobody works there yet: what is real never becomes invented.
CREATE OR REPLACE FUNCTION wall.only_empty_is_invented() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM public.tenancy_membership m WHERE m.authority_id = NEW.id) THEN
        RAISE EXCEPTION 'Där arbetar redan någon: den kan inte bli en demonstration.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER invented BEFORE INSERT OR UPDATE ON public.tenancy_authority FOR EACH ROW
    WHEN (NEW.demonstration) EXECUTE FUNCTION wall.only_empty_is_invented();
