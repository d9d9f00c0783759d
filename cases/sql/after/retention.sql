-- What may be destroyed is what hangs on a case or a person; the right to do it is exit_wall's, for ``wall.dispose``.
DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('REVOKE DELETE ON %s FROM exit_wall', t);
    END LOOP;
    FOR t IN SELECT tab FROM wall.hanging() LOOP
        EXECUTE format('GRANT DELETE ON %s TO exit_wall', t);
    END LOOP;
    GRANT DELETE ON public.cases_notice, public.tenancy_submission TO exit_wall;
    GRANT INSERT ON public.audit_auditevent TO exit_wall;  -- that it was destroyed again, after a restore
    GRANT UPDATE (id) ON public.cases_disposallist, public.cases_case TO exit_wall;  -- to lock the rows, no more
END $$;
-- These are steps of ``wall.dispose``; called by themselves they would run without its rights, and find nothing to do.
REVOKE ALL ON FUNCTION wall.destroy_rows(uuid[], uuid, uuid[], uuid[]), wall.hangs_on(uuid[], uuid[], uuid[]),
    wall.destroy_whole(uuid, uuid[], uuid[]) FROM exit_app;
-- And these with the rights of the wall: they would tell of any row whose id somebody knows.
REVOKE ALL ON FUNCTION wall.same_people(uuid[]), wall.people_of_cases(uuid[]) FROM exit_app;
