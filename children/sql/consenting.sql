-- Which question an answer is to: the plan of a case, or what one recipient may know. ``children.consenting.key_of``.
CREATE OR REPLACE FUNCTION wall.asked_key(of_case uuid, of_kind text, recipient uuid, areas text[]) RETURNS uuid
    LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT md5(of_case::text || ':' || of_kind || ':' || coalesce(recipient::text, '') || ':'
               || coalesce((SELECT string_agg(a, ',' ORDER BY a COLLATE "C") FROM unnest(areas) a), ''))::uuid
    $$;

-- The newest answer of one guardian; of the child itself when ``beside`` is NULL.
CREATE OR REPLACE FUNCTION wall.newest_answer(of_case uuid, asked uuid, beside uuid) RETURNS TABLE (answer text, weight text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT a.answer, a.weight FROM public.children_guardiananswer a
    WHERE a.case_id = of_case AND a.subject_id = asked AND a.guardian_id IS NOT DISTINCT FROM beside
      AND a.day <= wall.today()
    ORDER BY a.day DESC, a.created_at DESC, a.id DESC LIMIT 1
    $$;

-- All who have custody today have said yes, none of them is marked, and custody is not known to end before the consent.
CREATE OR REPLACE FUNCTION wall.guardians_agree(of_case uuid, asked uuid, until date) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$
    SELECT count(*) = max(CASE c.kind WHEN 'joint' THEN 2 ELSE 1 END)
       AND bool_and(coalesce((SELECT n.answer = 'yes' FROM wall.newest_answer(of_case, asked, c.guardian_id) n), false))
       AND bool_and(c.ends_on IS NULL OR coalesce(until <= c.ends_on, false))
       AND NOT bool_or(EXISTS (SELECT 1 FROM public.children_guardianmark m
                               WHERE m.guardian_id = c.guardian_id AND m.ended_at IS NULL))
    FROM public.children_custody c
    WHERE c.case_id = of_case AND c.starts_on <= wall.today() AND (c.ends_on IS NULL OR c.ends_on >= wall.today())
    $$;

CREATE OR REPLACE FUNCTION wall.child_says_no(of_case uuid, asked uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog
    AS $$ SELECT EXISTS (SELECT 1 FROM wall.newest_answer(of_case, asked, NULL) n
                         WHERE n.answer = 'no' AND n.weight <> 'considered') $$;

-- What the child's own answer must be by age: nothing of a small one, there from twelve, yes from fifteen.
CREATE OR REPLACE FUNCTION wall.child_has_answered(of_case uuid, asked uuid, alone boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
    AS $$
BEGIN
    RETURN (SELECT NOT wall.child_says_no(of_case, asked) AND CASE
        WHEN alone THEN wall.child_is_party(g.earliest_on, wall.today())
            AND EXISTS (SELECT 1 FROM wall.newest_answer(of_case, asked, NULL) n WHERE n.answer = 'yes' AND n.weight = 'alone')
        WHEN wall.child_is_party(g.earliest_on, wall.today())
            THEN EXISTS (SELECT 1 FROM wall.newest_answer(of_case, asked, NULL) n WHERE n.answer = 'yes')
        WHEN g.earliest_on IS NULL OR wall.child_is_heard(g.earliest_on, wall.today())
            THEN EXISTS (SELECT 1 FROM wall.newest_answer(of_case, asked, NULL) n WHERE n.answer <> 'silent')
        ELSE true END
    FROM public.cases_case c
    LEFT JOIN public.cases_comingofage g ON g.individual_id = c.individual_id AND g.replaced_at IS NULL
    WHERE c.id = of_case AND wall.ours(c.authority_id));
END $$;

-- In a child's case a consent is written only when all whose answer is needed have said yes.
CREATE OR REPLACE FUNCTION wall.childs_consent_is_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
DECLARE
    asked uuid := wall.asked_key(NEW.case_id, NEW.kind, NEW.recipient_id, NEW.areas);
    alone boolean := NEW.given_by = 'self';
BEGIN
    IF NOT NEW.case_id = ANY (wall.open_cases()) THEN RETURN NEW; END IF;  -- the wall refuses, and says nothing of it
    IF NOT wall.guardians_consent(NEW.case_id) THEN RETURN NEW; END IF;  -- grown up, or not in the programme for children
    IF NOT coalesce(wall.child_has_answered(NEW.case_id, asked, alone), false)
       OR NOT alone AND NOT coalesce(wall.guardians_agree(NEW.case_id, asked, NEW.ends_on), false) THEN
        RAISE EXCEPTION 'Alla vars samtycke behövs har inte sagt ja (6 kap. 11 och 13 §§ FB; 3 kap. 4 § SoL).'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER childs_consent_is_whole BEFORE INSERT ON public.cases_consent FOR EACH ROW
    EXECUTE FUNCTION wall.childs_consent_is_whole();

-- A no, a suspicion, or another custody: what was consented to before has been withdrawn when the transaction ends.
CREATE OR REPLACE FUNCTION wall.childs_consent_falls() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
    AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM public.cases_consent w
        CROSS JOIN LATERAL (SELECT wall.asked_key(w.case_id, w.kind, w.recipient_id, w.areas) AS asked) k
        WHERE w.case_id = NEW.case_id AND w.withdrawn_at IS NULL AND (w.ends_on IS NULL OR w.ends_on >= wall.today())
          AND wall.guardians_consent(w.case_id)
          AND (wall.child_says_no(w.case_id, k.asked)
               OR w.given_by = 'guardian' AND NOT coalesce(wall.guardians_agree(w.case_id, k.asked, w.ends_on), false)))
    THEN
        RAISE EXCEPTION 'Ett samtycke vilar på det här och måste återkallas.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['guardiananswer', 'guardianmark', 'custody'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS childs_consent_falls ON public.children_%s', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER childs_consent_falls AFTER INSERT OR UPDATE ON public.children_%s'
                       ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wall.childs_consent_falls()', t);
    END LOOP;
END $$;
