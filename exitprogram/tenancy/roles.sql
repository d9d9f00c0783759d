-- The cluster's roles, the database and its extensions. Run by psql as the cluster's superuser, before every
-- migrate; running it again changes nothing but the passwords. PostgreSQL 15 or newer.
--
-- Passwords come from the environment (psql's \getenv), so that they stand in no file, command line or server log.
\set ON_ERROR_STOP on
\getenv owner_password EXIT_OWNER_PASSWORD
\getenv app_password EXIT_APP_PASSWORD
\getenv worker_password EXIT_WORKER_PASSWORD
\getenv backup_password EXIT_BACKUP_PASSWORD
\getenv figures_password EXIT_FIGURES_PASSWORD
SET log_min_error_statement = panic;
SET client_min_messages = warning;
SET password_encryption = 'scram-sha-256';

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['exit_owner', 'exit_app', 'exit_worker', 'exit_backup', 'exit_figures', 'exit_wall']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- Owns the database and its tables; used by migrations only, never by a process that answers.
ALTER ROLE exit_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
-- The web and the worker: own nothing, bypass nothing.
ALTER ROLE exit_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
ALTER ROLE exit_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
    PASSWORD :'worker_password';
-- pg_dump fails, or worse saves a part, when forced row security binds the one who dumps.
ALTER ROLE exit_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
    PASSWORD :'backup_password';
-- Counts, and publishes what may be shown; reads no table of cases. The web does not have its password.
ALTER ROLE exit_figures LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION
    PASSWORD :'figures_password';
-- Owns the SECURITY DEFINER functions that must see past the policies. Nobody logs in as it.
ALTER ROLE exit_wall NOLOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;

GRANT pg_read_all_data TO exit_backup;
GRANT exit_wall TO exit_owner;  -- so that the owner may ALTER FUNCTION … OWNER TO exit_wall

-- Sessions of one role may read each other's running statements, values included; only a superuser can stop that.
ALTER ROLE exit_app SET track_activities = off;
ALTER ROLE exit_worker SET track_activities = off;
ALTER ROLE exit_figures SET track_activities = off;

ALTER ROLE exit_app SET statement_timeout = '30s';
ALTER ROLE exit_app SET lock_timeout = '10s';
ALTER ROLE exit_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE exit_worker SET statement_timeout = '30s';
ALTER ROLE exit_worker SET lock_timeout = '10s';
ALTER ROLE exit_worker SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE exit_figures SET statement_timeout = '5min';
ALTER ROLE exit_figures SET lock_timeout = '10s';
ALTER ROLE exit_figures SET idle_in_transaction_session_timeout = '9min';
ALTER ROLE exit_backup SET default_transaction_read_only = on;

-- pg_temp last: otherwise a temporary table could stand in for a real one.
ALTER ROLE exit_owner SET search_path = public, pg_temp;
ALTER ROLE exit_app SET search_path = public, pg_temp;
ALTER ROLE exit_worker SET search_path = public, pg_temp;
ALTER ROLE exit_figures SET search_path = public, pg_temp;
ALTER ROLE exit_backup SET search_path = public, pg_temp;

SELECT 'CREATE DATABASE exitprogram OWNER exit_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'exitprogram')
\gexec
ALTER DATABASE exitprogram OWNER TO exit_owner;
REVOKE ALL ON DATABASE exitprogram FROM PUBLIC;  -- CONNECT, TEMP
GRANT CONNECT ON DATABASE exitprogram TO exit_backup;

\connect exitprogram
SET client_min_messages = warning;
-- Restored from a backup and not yet opened by destroy_again: those who answer stay outside.
SELECT to_regclass('restored.mark') IS NULL AS opened \gset
\if :opened
\else
SELECT NOT EXISTS (SELECT FROM restored.mark WHERE opened_at IS NULL) AS opened \gset
\endif
\if :opened
GRANT CONNECT ON DATABASE exitprogram TO exit_app, exit_worker, exit_figures;
\endif
ALTER SCHEMA public OWNER TO exit_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO exit_app, exit_worker, exit_backup, exit_figures, exit_wall;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
-- What compares text is asked after the policies, never before: otherwise EXPLAIN, and time, tell whether anybody in any
-- authority has that very name.
SELECT format('ALTER FUNCTION %s NOT LEAKPROOF', oid::regprocedure) FROM pg_proc
WHERE proleakproof AND ('text'::regtype = ANY (proargtypes) OR 'bpchar'::regtype = ANY (proargtypes))
\gexec

-- The test databases are copies of template1. (Privileges on a database itself are not copied: see tests.)
\connect template1
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO exit_app, exit_worker, exit_backup, exit_figures, exit_wall;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SELECT format('ALTER FUNCTION %s NOT LEAKPROOF', oid::regprocedure) FROM pg_proc
WHERE proleakproof AND ('text'::regtype = ANY (proargtypes) OR 'bpchar'::regtype = ANY (proargtypes))
\gexec
