-- The ground of the database wall. Run by ``migrate`` as exit_owner, every time, idempotent.
-- Functions are SECURITY DEFINER and owned by exit_wall, the one role that row security does not bind; the
-- application's roles can call them and read nothing of what they read.
CREATE SCHEMA IF NOT EXISTS wall;
GRANT USAGE ON SCHEMA wall TO exit_app, exit_worker, exit_backup;

CREATE TABLE IF NOT EXISTS wall.key (
    id smallint PRIMARY KEY,
    inner_pad bytea NOT NULL,  -- HMAC's padded keys: core PostgreSQL has sha256() but no hmac()
    outer_pad bytea NOT NULL
);
REVOKE ALL ON wall.key FROM PUBLIC, exit_app, exit_worker;

DO $$ BEGIN
    IF to_regtype('wall.actor') IS NULL THEN
        CREATE TYPE wall.actor AS
            (user_id uuid, membership_id uuid, authority_id uuid, role text, system boolean);
    END IF;
END $$;

-- Dates of law are Swedish days, whatever zone the session or the server has.
CREATE OR REPLACE FUNCTION wall.today() RETURNS date LANGUAGE sql STABLE
    SET search_path = pg_catalog
    AS $$ SELECT (statement_timestamp() AT TIME ZONE 'Europe/Stockholm')::date $$;

-- Who acts, or NULL. A forged, expired, foreign-backend or missing context is nobody, and nobody sees zero rows.
CREATE OR REPLACE FUNCTION wall.me() RETURNS wall.actor LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    given text := nullif(current_setting('app.ctx', true), '');
    part text[] := string_to_array(given, '|');
    claims bytea;
    who wall.actor;
BEGIN
    IF given IS NULL OR cardinality(part) <> 8 OR part[1] <> 'v1' THEN RETURN NULL; END IF;
    claims := convert_to(left(given, length(given) - length(part[8]) - 1), 'UTF8');
    PERFORM 1 FROM wall.key k
        WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || claims)), 'hex') = part[8];
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF part[6] <> pg_backend_pid()::text OR to_timestamp(part[7]::bigint) < statement_timestamp() THEN
        RETURN NULL;
    END IF;
    IF part[5] = 'system' THEN
        RETURN (NULL, NULL, part[4]::uuid, '', true)::wall.actor;
    END IF;
    IF part[5] = 'seen' THEN  -- claims: the watcher's membership, and whose she looks as
        RETURN wall.seen_as(part[2]::uuid, part[3]::uuid);
    END IF;
    IF part[5] = 'user' THEN
        RETURN (part[2]::uuid, NULL, NULL, '', false)::wall.actor;
    END IF;
    -- The membership itself is asked, so that one ended a moment ago opens nothing. By its key alone (IS TRUE): the
    -- planner would take the GiST index over people and days, which reads a hundred pages where the key reads three.
    SELECT m.user_id, m.id, m.authority_id, m.role, false INTO who
        FROM public.tenancy_membership m
        WHERE m.id = part[3]::uuid AND (m.user_id = part[2]::uuid) IS TRUE
          AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today());
    IF NOT FOUND THEN RETURN NULL; END IF;
    RETURN who;
END $$;

CREATE OR REPLACE FUNCTION wall.authority() RETURNS uuid LANGUAGE sql STABLE
    SET search_path = pg_catalog AS $$ SELECT (wall.me()).authority_id $$;
CREATE OR REPLACE FUNCTION wall.membership() RETURNS uuid LANGUAGE sql STABLE
    SET search_path = pg_catalog AS $$ SELECT (wall.me()).membership_id $$;
CREATE OR REPLACE FUNCTION wall.usr() RETURNS uuid LANGUAGE sql STABLE
    SET search_path = pg_catalog AS $$ SELECT (wall.me()).user_id $$;
CREATE OR REPLACE FUNCTION wall.role() RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog AS $$ SELECT coalesce((wall.me()).role, '') $$;
CREATE OR REPLACE FUNCTION wall.system() RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog AS $$ SELECT coalesce((wall.me()).system, false) $$;

-- For the functions that answer yes or no about one row by its id: to the web they say nothing of another authority's.
-- The worker, the owner and the figures ask about every authority's.
CREATE OR REPLACE FUNCTION wall.ours(house uuid) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog AS $$ SELECT session_user <> 'exit_app' OR house = wall.authority() $$;

-- Signed is locked. Arguments: the condition on OLD is decided by the caller's WHEN clause.
CREATE OR REPLACE FUNCTION wall.refuse() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog
    AS $$ BEGIN
    -- Destruction is by ``wall.dispose`` alone: no other function of exit_wall deletes, and nobody logs in as it.
    IF TG_OP = 'DELETE' AND current_user = 'exit_wall' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'Raden är låst (%).', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Accounts belong to no authority, and names are needed everywhere; but an account is made by an administrator or by
-- upkeep, and changed (its password) only by the person herself, acting as nobody but herself.
ALTER TABLE public.tenancy_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenancy_user FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS r ON public.tenancy_user;
DROP POLICY IF EXISTS i ON public.tenancy_user;
DROP POLICY IF EXISTS u ON public.tenancy_user;
CREATE POLICY r ON public.tenancy_user FOR SELECT TO exit_app, exit_worker USING (true);
CREATE POLICY i ON public.tenancy_user FOR INSERT TO exit_app
    WITH CHECK ((SELECT wall.role()) = 'administrator' OR (SELECT wall.system()));
CREATE POLICY u ON public.tenancy_user FOR UPDATE TO exit_app
    USING (id = (SELECT wall.usr())) WITH CHECK (id = (SELECT wall.usr()));
