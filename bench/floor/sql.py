"""What the floor asks. Each statement is prepared once in a connection."""

SESSION = """
    UPDATE tenancy_browsersession SET expire_date = now() + interval '15 minutes', used_at = now()
    WHERE session_key = %(key)s AND expire_date > now() AND began_at > now() - interval '8 hours'
    RETURNING session_data
"""
ACT = "SELECT set_config('app.ctx', %(context)s, true)"
WHO = """
    SELECT m.id, m.user_id, m.authority_id, m.role, u.name, a.name, u.password
    FROM tenancy_membership m JOIN tenancy_user u ON u.id = m.user_id JOIN tenancy_authority a ON a.id = m.authority_id
    WHERE m.id = %(me)s AND m.user_id = %(user)s AND u.is_active
      AND m.starts_on <= wall.today() AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
"""
TRACE = """
    INSERT INTO audit_auditevent (id, created_at, user_id, membership_id, membership_authority_id, authority_id, action,
                                  object_type, object_id, case_id, ground, details, request_id)
    SELECT gen_random_uuid(), now(), %(user)s, %(me)s, %(authority)s, %(authority)s, %(action)s,
           %(kind)s, o, c, %(ground)s, %(details)s::jsonb, %(request)s
    FROM unnest(%(objects)s::uuid[], %(cases)s::uuid[]) AS about (o, c)
"""
OPEN = "ANY ((SELECT wall.open_cases())::uuid[])"
LIST = f"""
    SELECT c.id, c.number, c.opened_on, u.name,
           CASE WHEN i.guarded OR i.local_threat THEN '' ELSE coalesce(k.name, i.name) END
    FROM cases_case c JOIN cases_individual i ON i.id = c.individual_id
    LEFT JOIN cases_personmerge p ON p.merged_id = i.id AND p.undone_at IS NULL
    LEFT JOIN cases_individual k ON k.id = p.kept_id
    JOIN tenancy_membership m ON m.id = c.worker_id JOIN tenancy_user u ON u.id = m.user_id
    WHERE c.id = {OPEN} AND c.closed_on IS NULL ORDER BY c.number, c.id LIMIT %(limit)s
"""
CLOCKS = f"""
    SELECT 'clock', k.id, k.kind, coalesce(k.extended_to, k.due_on) AS day, c.id, c.number, NULL::bytea, k.version,
           k.created_at
    FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
    WHERE k.done_at IS NULL AND k.owner_id = %(me)s AND k.case_id = {OPEN}
      AND coalesce(k.extended_to, k.due_on) <= wall.today() + 14 AND k.kind <> 'note_draft'
"""
DRAFTS = f"""
    SELECT 'draft', n.id, n.kind, n.event_on, c.id, c.number, NULL::bytea, n.version, n.created_at
    FROM cases_casenote n JOIN cases_case c ON c.id = n.case_id
    WHERE n.author_id = %(me)s AND n.signed_at IS NULL AND n.case_id = {OPEN}
"""
MEASURES = f"""
    SELECT 'measure', s.id, s.status, coalesce(s.moved_to, s.ends_on) AS day, c.id, c.number,
           CASE WHEN i.guarded OR i.local_threat THEN NULL ELSE s.title END, s.row_version, s.created_at
    FROM plans_measure s JOIN plans_planversion v ON v.id = s.version_id
    JOIN plans_coordinatedplan n ON n.id = v.plan_id JOIN cases_case c ON c.id = s.case_id
    JOIN cases_individual i ON i.id = c.individual_id LEFT JOIN teams_teammember t ON t.id = s.responsible_id
    WHERE s.case_id = {OPEN} AND c.authority_id = %(authority)s AND c.closed_on IS NULL AND n.ended_on IS NULL
      AND s.status IN ('planned', 'ongoing')
      AND coalesce(s.moved_to, s.ends_on) <= wall.today() + 14
      AND (v.state = 'agreed' OR v.state IN ('draft', 'out') AND NOT EXISTS (
           SELECT 1 FROM plans_planversion b WHERE b.plan_id = v.plan_id AND b.state = 'agreed'))
      AND (t.membership_id = %(me)s OR t.id IS NULL AND EXISTS (
           SELECT 1 FROM teams_coordinatorappointment a WHERE a.case_id = s.case_id AND a.kind = 'coordinator'
             AND a.membership_id = %(me)s AND a.starts_on <= wall.today()
             AND (a.ends_on IS NULL OR a.ends_on >= wall.today())))
"""
DAY = f"{CLOCKS} UNION ALL {DRAFTS} UNION ALL {MEASURES} ORDER BY 4, 2"
# What else could wait for her. In the measured country nothing does; it is asked all the same.
WAITING = f"""
    SELECT (SELECT count(*) FROM plans_section s WHERE s.requested_by_id = %(me)s
              AND s.state IN ('requested', 'writing') AND s.case_id = {OPEN}),
           (SELECT count(*) FROM teams_decision d WHERE d.sent_to_id = %(me)s AND d.state = 'proposed'),
           (SELECT count(*) FROM teams_teammember t WHERE t.invited_by_id = %(me)s AND t.state = 'invited'
              AND t.case_id = {OPEN}),
           (SELECT count(*) FROM cases_consent s WHERE s.case_id = {OPEN} AND s.withdrawn_at IS NULL
              AND s.starts_on <= wall.today() AND s.ends_on BETWEEN wall.today() AND wall.today() + 30),
           (SELECT count(*) FROM cases_secrecyexception e WHERE e.case_id = {OPEN}
              AND e.ended_at IS NULL AND e.ends_on BETWEEN wall.today() AND wall.today() + 30),
           (SELECT count(*) FROM plans_meeting t WHERE t.case_id = {OPEN} AND t.starts_at > now()
              AND t.cancelled_at IS NULL),
           (SELECT count(*) FROM cases_urgentstep g WHERE g.case_id = {OPEN} AND g.handled_at IS NULL),
           (SELECT count(*) FROM cases_emergencyaccess e WHERE e.case_id = {OPEN} AND e.reviewed_at IS NULL),
           (SELECT count(*) FROM cases_notice n WHERE n.recipient_id = %(me)s AND n.about_on >= wall.today() - 14)
"""
CASE = f"""
    SELECT c.id, c.number, c.authority_id, c.opened_on, c.programme, i.id, coalesce(k.name, i.name), i.language, u.name,
           s.id, s.channels, s.hours, s.verified_on
    FROM cases_case c JOIN cases_individual i ON i.id = c.individual_id
    LEFT JOIN cases_personmerge p ON p.merged_id = i.id AND p.undone_at IS NULL
    LEFT JOIN cases_individual k ON k.id = p.kept_id
    JOIN tenancy_membership m ON m.id = c.worker_id JOIN tenancy_user u ON u.id = m.user_id
    LEFT JOIN cases_safecontact s ON s.individual_id = i.id
    WHERE c.id = %(case)s AND c.id = {OPEN}
"""
CURRENT = """
    SELECT v.id, v.number, v.agreed_at, v.follow_up_on, v.what_matters, v.authority_id
    FROM plans_planversion v JOIN plans_coordinatedplan n ON n.id = v.plan_id
    WHERE v.case_id = %(case)s AND n.ended_on IS NULL ORDER BY v.number DESC
"""
AREAS = """
    SELECT g.area, count(s.id), count(s.id) FILTER (WHERE s.status IN ('ongoing', 'done')) FROM plans_goal g
    LEFT JOIN plans_measure s ON s.goal_id = g.id WHERE g.version_id = %(version)s GROUP BY g.area, g.position
    ORDER BY g.position
"""
# The small lines of a case: what is watched, consents, the team, who coordinates, meetings, the last note.
AROUND = """
    SELECT 'clock', k.kind, coalesce(k.extended_to, k.due_on) FROM cases_clock k
    WHERE k.case_id = %(case)s AND k.done_at IS NULL AND k.kind <> 'note_draft'
    UNION ALL SELECT 'consent', a.name, s.ends_on FROM cases_consent s LEFT JOIN tenancy_authority a
      ON a.id = s.recipient_id WHERE s.case_id = %(case)s AND s.withdrawn_at IS NULL AND s.starts_on <= wall.today()
    UNION ALL SELECT 'member', u.name, NULL FROM teams_teammember t JOIN tenancy_membership m ON m.id = t.membership_id
      JOIN tenancy_user u ON u.id = m.user_id WHERE t.case_id = %(case)s AND t.state IN ('invited', 'joined')
    UNION ALL SELECT 'function', t.function, NULL FROM teams_teammember t
      WHERE t.case_id = %(case)s AND t.state IN ('invited', 'joined')
    UNION ALL SELECT 'coordinator', u.name, NULL FROM teams_coordinatorappointment a
      JOIN tenancy_membership m ON m.id = a.membership_id JOIN tenancy_user u ON u.id = m.user_id
      WHERE a.case_id = %(case)s AND a.starts_on <= wall.today() AND (a.ends_on IS NULL OR a.ends_on >= wall.today())
    UNION ALL SELECT 'meeting', t.id::text, t.starts_at::date FROM plans_meeting t
      WHERE t.case_id = %(case)s AND t.starts_at > now()
    UNION ALL (SELECT 'note', '', n.event_on FROM cases_casenote n WHERE n.case_id = %(case)s
      AND n.signed_at IS NOT NULL ORDER BY n.event_on DESC, n.created_at DESC LIMIT 1)
"""
GROUND = """
    SELECT g.kind FROM cases_accessgrant g WHERE g.content_object_id = %(case)s AND g.membership_id = %(me)s
      AND g.ended_at IS NULL AND g.starts_on <= wall.today() AND (g.ends_on IS NULL OR g.ends_on >= wall.today())
      AND (g.until IS NULL OR g.until > now()) ORDER BY g.kind IN ('emergency', 'reading'), g.created_at, g.id LIMIT 1
"""
VERSION = f"""
    SELECT v.id, v.authority_id, v.case_id, v.number, v.starts_on, v.follow_up_on, v.agreed_at, a.name, c.number,
           i.name, v.what_matters, v.current_situation, v.strengths, v.own_part, v.participation
    FROM plans_planversion v JOIN cases_case c ON c.id = v.case_id JOIN cases_individual i ON i.id = c.individual_id
    JOIN tenancy_authority a ON a.id = v.lead_principal_id
    WHERE v.id = %(version)s AND v.case_id = {OPEN}
"""
GOALS = (
    "SELECT id, authority_id, area, own_words, wording FROM plans_goal WHERE version_id = %(version)s ORDER BY position"
)
STEPS = """
    SELECT s.id, s.authority_id, s.goal_id, s.need, s.title, s.starts_on, s.ends_on, s.status, a.name, u.name
    FROM plans_measure s LEFT JOIN tenancy_authority a ON a.id = s.principal_id
    LEFT JOIN teams_teammember t ON t.id = s.responsible_id LEFT JOIN tenancy_membership m ON m.id = t.membership_id
    LEFT JOIN tenancy_user u ON u.id = m.user_id WHERE s.version_id = %(version)s ORDER BY s.created_at, s.id
"""
SECTIONS = """
    SELECT s.id, s.area, s.text, s.state, s.signed_at, a.name, u.name
    FROM plans_section s JOIN tenancy_authority a ON a.id = s.principal_id
    LEFT JOIN tenancy_membership m ON m.id = s.writer_id LEFT JOIN tenancy_user u ON u.id = m.user_id
    WHERE s.version_id = %(version)s ORDER BY s.created_at, s.id
"""
FOUND = "SELECT * FROM bench.find(%(words)s::text[], %(sounds)s::text[])"
GUARDED = f"""
    SELECT c.id, c.number, i.authority_id, i.id, i.sealed_name, i.sealed_alias
    FROM cases_case c JOIN cases_individual i ON i.id = c.individual_id WHERE c.id = {OPEN} AND i.guarded
"""
REMEMBER = "UPDATE tenancy_browsersession SET session_data = %(data)s WHERE session_key = %(key)s"
SEARCHED = """
    INSERT INTO audit_auditevent (id, created_at, user_id, membership_id, membership_authority_id, authority_id, action,
                                  object_type, object_id, case_id, ground, details, request_id)
    VALUES (%(id)s, now(), %(user)s, %(me)s, %(authority)s, %(authority)s, 'person.searched', '', NULL, NULL, '',
            %(details)s::jsonb, %(request)s)
"""
STANDS = """
    SELECT 1 FROM audit_auditevent WHERE id = %(id)s AND membership_id = %(me)s AND action = 'person.searched'
      AND created_at >= now() - interval '30 minutes'
"""
ONCE = """
    INSERT INTO tenancy_submission (id, authority_id, created_at, membership_id, went_to)
    VALUES (%(key)s, %(authority)s, now(), %(me)s, %(to)s) ON CONFLICT DO NOTHING
"""
SAVE = f"""
    UPDATE cases_casenote SET kind = %(kind)s, event_on = %(event_on)s, source = %(source)s, fact = %(fact)s,
                              assessment = %(assessment)s, version = version + 1
    WHERE id = %(note)s AND case_id = %(case)s AND case_id = {OPEN} AND author_id = %(me)s AND signed_at IS NULL
      AND version = %(version)s
"""
UNIT = """
    SELECT c.case_id, c.number, c.opened_on, c.follow_up_on, w.name, k.name, count(*) OVER () FROM wall.unit_cases() c
    JOIN tenancy_membership m ON m.id = c.worker_id JOIN tenancy_user w ON w.id = m.user_id
    LEFT JOIN tenancy_membership o ON o.id = c.coordinator_id LEFT JOIN tenancy_user k ON k.id = o.user_id
    ORDER BY k.name IS NOT NULL, c.follow_up_on >= wall.today() OR c.follow_up_on IS NULL, c.number LIMIT %(most)s
"""
LED = """
    SELECT (SELECT count(*) FROM wall.escalated()),
           (SELECT count(*) FROM cases_notice n WHERE n.recipient_id = %(me)s AND n.about_on > wall.today() - 14),
           (SELECT count(*) FROM cases_emergencyaccess e WHERE e.authority_id = %(authority)s),
           (SELECT count(*) FROM tenancy_unit t WHERE t.authority_id = %(authority)s),
           (SELECT count(*) FROM tenancy_unitmanager t WHERE t.authority_id = %(authority)s),
           (SELECT count(*) FROM cases_archiveexport e WHERE e.authority_id = %(authority)s)
"""
