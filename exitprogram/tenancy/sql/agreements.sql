-- Cooperation between authorities. Nothing here opens a row of a case: it says who cooperates with whom, and who may be
-- asked to decide. Everything is about the acting authority; nobody can ask about two others.

-- Agreements in which the acting authority is a party, proposals among them.
CREATE OR REPLACE FUNCTION wall.agreements() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(p.agreement_id), '{}') FROM public.tenancy_agreementparty p
    WHERE p.party_authority_id = wall.authority()
    $$;

-- Has every party said yes?
CREATE OR REPLACE FUNCTION wall.agreed(agreement uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT NOT EXISTS (SELECT 1 FROM public.tenancy_agreementparty p
                       WHERE p.agreement_id = agreement AND (p.accepted_at IS NULL OR p.declined_at IS NOT NULL))
    $$;

-- Has anybody but the drafting side said yes or no?
CREATE OR REPLACE FUNCTION wall.answered(agreement uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (SELECT 1 FROM public.tenancy_agreementparty p
                   WHERE p.agreement_id = agreement AND wall.ours(p.authority_id) AND (p.declined_at IS NOT NULL
                     OR (p.accepted_at IS NOT NULL AND p.party_authority_id <> p.authority_id)))
    $$;

-- Agreement and other party, in force today for the acting authority. Who asks is asked once (OFFSET 0, here and in
-- the other rooms): else the planner puts the question into each row, and a nurse with fifty cases waited a minute.
CREATE OR REPLACE FUNCTION wall.bonds() RETURNS TABLE (agreement_id uuid, other_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT a.id, other.party_authority_id
    FROM (SELECT wall.authority() AS authority, wall.today() AS today OFFSET 0) me
    JOIN public.tenancy_agreementparty mine ON mine.party_authority_id = me.authority
    JOIN public.tenancy_cooperationagreement a ON a.id = mine.agreement_id
    JOIN public.tenancy_agreementparty other
      ON other.agreement_id = a.id AND other.party_authority_id <> me.authority
    WHERE a.starts_on <= me.today AND (a.ends_on IS NULL OR a.ends_on >= me.today)
      AND (mine.leaves_on IS NULL OR mine.leaves_on >= me.today)
      AND (other.leaves_on IS NULL OR other.leaves_on >= me.today)
      AND NOT EXISTS (  -- ``wall.agreed`` written out: a function per row costs more than the row
          SELECT 1 FROM public.tenancy_agreementparty p
          WHERE p.agreement_id = a.id AND (p.accepted_at IS NULL OR p.declined_at IS NOT NULL))
    $$;

-- Authorities with an agreement in force today: their callable staff may be asked to a team. It opens no case row.
CREATE OR REPLACE FUNCTION wall.partners() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ SELECT coalesce(array_agg(DISTINCT b.other_id), '{}') FROM wall.bonds() b $$;

-- Mandates in force today in which the acting authority is the board or the employer, for the programmes of their
-- agreement.
DROP FUNCTION IF EXISTS wall.mandates();
CREATE FUNCTION wall.mandates()
    RETURNS TABLE (id uuid, authority_id uuid, employer_authority_id uuid, membership_id uuid, role text, kinds text[],
                   programmes text[], starts_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT m.id, m.authority_id, m.employer_authority_id, m.membership_id, m.role::text, m.kinds::text[],
           a.programmes::text[], m.starts_on
    FROM (SELECT wall.authority() AS authority, wall.today() AS today OFFSET 0) me
    JOIN public.tenancy_mandate m ON me.authority IN (m.authority_id, m.employer_authority_id)
    JOIN public.tenancy_cooperationagreement a ON a.id = m.agreement_id
    JOIN wall.bonds() b ON b.agreement_id = m.agreement_id AND b.other_id IN (m.authority_id, m.employer_authority_id)
    WHERE m.starts_on <= me.today AND (m.ends_on IS NULL OR m.ends_on >= me.today)
    $$;

-- Staff elsewhere whom the acting board may know by name: those whom its agreements and proposals name, and those who
-- hold a role that has a mandate for it today.
CREATE OR REPLACE FUNCTION wall.mandated() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT id), '{}') FROM (
        SELECT m.membership_id AS id FROM public.tenancy_mandate m
        WHERE m.membership_id IS NOT NULL AND m.agreement_id = ANY (wall.agreements())
        UNION ALL
        SELECT s.id FROM wall.mandates() m
        JOIN public.tenancy_membership s ON s.authority_id = m.employer_authority_id AND s.role = m.role
        WHERE m.authority_id = wall.authority()
          AND s.starts_on <= wall.today() AND (s.ends_on IS NULL OR s.ends_on >= wall.today())
    ) all_of_them
    $$;

-- Boards for which the acting membership may decide something today.
CREATE OR REPLACE FUNCTION wall.mandating() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT coalesce(array_agg(DISTINCT m.authority_id), '{}') FROM wall.mandates() m
    WHERE m.employer_authority_id = wall.authority()
      AND (m.membership_id = wall.membership() OR (m.role <> '' AND m.role = wall.role()))
    $$;

-- May the acting administrator write down this mandate? As part of a proposal of her own that nobody has answered, or,
-- for her own board, within an agreement that all have signed. Both sides are parties of a KL 9:37 agreement, the days
-- lie within it, and it is to nobody but others.
CREATE OR REPLACE FUNCTION wall.may_mandate(
    agreement uuid, board uuid, employer uuid, member uuid, first date, last date, giver uuid)
    RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM (SELECT wall.authority() AS authority, wall.usr() AS usr OFFSET 0) me
        JOIN public.tenancy_cooperationagreement a ON a.id = agreement
        JOIN public.tenancy_agreementparty b ON b.agreement_id = a.id AND b.party_authority_id = board
        JOIN public.tenancy_agreementparty e ON e.agreement_id = a.id AND e.party_authority_id = employer
        LEFT JOIN public.tenancy_membership s ON s.id = member
        WHERE a.ground = 'kl_9_37' AND first >= a.starts_on
          AND (a.ends_on IS NULL OR coalesce(last, a.ends_on) <= a.ends_on)
          AND (s.user_id IS NULL OR s.user_id <> me.usr)
          AND CASE WHEN giver IS NULL THEN a.authority_id = me.authority AND NOT wall.answered(a.id)
                   ELSE board = me.authority AND wall.agreed(a.id) AND b.leaves_on IS NULL AND e.leaves_on IS NULL END)
    $$;

-- One answer, and in the right order: nobody accepts what has been refused or has ended, or a second agreement on the
-- same ground for the same programme while there is one; nobody says no to what all have signed, or gives notice of
-- anything else, or for an earlier day than was agreed.
CREATE OR REPLACE FUNCTION wall.party_answers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$ DECLARE
    a public.tenancy_cooperationagreement;
BEGIN
    SELECT * INTO a FROM public.tenancy_cooperationagreement WHERE id = OLD.agreement_id;
    IF OLD.accepted_at IS DISTINCT FROM NEW.accepted_at THEN
        PERFORM pg_advisory_xact_lock(hashtext('tenancy_cooperationagreement'));
        IF EXISTS (SELECT 1 FROM public.tenancy_agreementparty p
                   WHERE p.agreement_id = a.id AND p.declined_at IS NOT NULL) OR a.ends_on < wall.today() THEN
            RAISE EXCEPTION 'Förslaget gäller inte längre.' USING ERRCODE = 'restrict_violation';
        END IF;
        IF wall.agreed_twice(a.id) THEN
            RAISE EXCEPTION 'Det finns redan en sådan överenskommelse.' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF OLD.declined_at IS DISTINCT FROM NEW.declined_at AND wall.agreed(a.id) THEN
        RAISE EXCEPTION 'Alla har godkänt. Säg upp i stället.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.leaves_on IS DISTINCT FROM NEW.leaves_on AND (NOT wall.agreed(a.id)
       OR NEW.leaves_on < (wall.today() + make_interval(months => a.notice_months))::date) THEN
        RAISE EXCEPTION 'Uppsägningstiden hålls.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER answers BEFORE UPDATE ON public.tenancy_agreementparty FOR EACH ROW
    EXECUTE FUNCTION wall.party_answers();

-- Is there another agreement, signed by all, on the same ground and for some of the same programmes and days, in which
-- two of the parties are the same?
CREATE OR REPLACE FUNCTION wall.agreed_twice(agreement uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.tenancy_cooperationagreement a
        JOIN public.tenancy_cooperationagreement b ON b.id <> a.id AND b.ground = a.ground
         AND daterange(b.starts_on, b.ends_on, '[]') && daterange(a.starts_on, a.ends_on, '[]')
         AND (b.programmes && a.programmes OR (b.programmes = '{}' AND a.programmes = '{}'))
        WHERE a.id = agreement AND wall.agreed(b.id)
          AND 2 <= (SELECT count(*) FROM public.tenancy_agreementparty pa
                    JOIN public.tenancy_agreementparty pb ON pb.party_authority_id = pa.party_authority_id
                    WHERE pa.agreement_id = a.id AND pb.agreement_id = b.id
                      AND (pb.leaves_on IS NULL OR pb.leaves_on >= a.starts_on)))
    $$;
