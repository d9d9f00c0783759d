-- The administrators of the other parties are told, by a neutral mail, that something has happened to an agreement. Who
-- they are is for their own authority to know; the acting one is told only how many parties have nobody to tell.
CREATE OR REPLACE FUNCTION wall.tell_parties(agreement uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ BEGIN
    IF wall.role() <> 'administrator' OR NOT agreement = ANY (wall.agreements()) THEN
        RAISE EXCEPTION 'Bara en part berättar.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.cases_notice
        (id, authority_id, created_at, about, subject_id, recipient_id, recipient_authority_id, about_on, tries)
    SELECT gen_random_uuid(), m.authority_id, now(), 'agreement', agreement, m.id, m.authority_id, wall.today(), 0
    FROM wall.administrators_of_others(agreement) m
    ON CONFLICT DO NOTHING;
    RETURN (SELECT count(*) FROM public.tenancy_agreementparty p
            WHERE p.agreement_id = agreement AND p.party_authority_id <> wall.authority()
              AND NOT EXISTS (SELECT 1 FROM wall.administrators_of_others(agreement) m
                              WHERE m.authority_id = p.party_authority_id));
END $$;

-- A step of it; called by itself it would name staff elsewhere (``after/agreements.sql``).
CREATE OR REPLACE FUNCTION wall.administrators_of_others(agreement uuid) RETURNS TABLE (id uuid, authority_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT m.id, m.authority_id FROM public.tenancy_agreementparty p
    JOIN public.tenancy_membership m ON m.authority_id = p.party_authority_id AND m.role = 'administrator'
    WHERE p.agreement_id = agreement AND p.party_authority_id <> wall.authority()
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
    $$;
