"""What is watched about decisions."""

from django.utils import timezone

from cases.clocks import ADMINISTERS, declare
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission

REMIND_DAYS = rule("delegation.report", on=timezone.localdate()).values["remind_days"]
ANSWER_DAYS = rule("log.question", on=timezone.localdate()).values["days"]
ENDS = "Bevakningen blir klar när det är gjort och antecknat på beslutets sida."


class DecisionClock:
    APPEAL = declare(
        "appeal", "Överklagande att ta hand om", moves=False, ends=ENDS, rolls=True,
        settled="wall.decision_settled('appeal', subject)",
    )  # fmt: skip
    TELL = declare(
        "tell", "Beslut att underrätta om", moves=False, ends=ENDS, settled="wall.decision_settled('tell', subject)",
        outsiders="wall.my_decision(subject)", begun_by=Permission.DECIDE,
    )  # fmt: skip
    # Begun by who decided, and need not have the case.
    UNEXECUTED = declare(
        "unexecuted", "Beslut att verkställa", moves=False, ends=ENDS, rolls=True,
        settled="wall.decision_settled('unexecuted', subject)", outsiders="wall.my_decision(subject)",
        begun_by=Permission.DECIDE,
    )  # fmt: skip


class HouseClock:
    """Of no case: told to those who administer. An agreement that ends is each party's own."""

    AGREEMENT_ENDS = declare(
        "agreement_ends", "En överenskommelse upphör", page="teams:agreements", rule_id="agreement.ends",
        moves=False, of_house=True,
        ends="Bevakningen blir klar när överenskommelsen har upphört.",
        watched=f"""
            SELECT p.party_authority_id, NULL::uuid, p.id, {ADMINISTERS.format("p.party_authority_id")}, e.day, e.day
            FROM public.tenancy_agreementparty p
            JOIN public.tenancy_cooperationagreement a ON a.id = p.agreement_id
            CROSS JOIN LATERAL (SELECT least(a.ends_on, (
                SELECT min(o.leaves_on) FROM public.tenancy_agreementparty o WHERE o.agreement_id = a.id))) e (day)
            WHERE e.day BETWEEN today AND today + AHEAD AND NOT EXISTS (
                SELECT 1 FROM public.tenancy_agreementparty o
                WHERE o.agreement_id = a.id AND (o.accepted_at IS NULL OR o.declined_at IS NOT NULL))""",  # noqa: S608
    )  # fmt: skip
    SCHEME_ENDS = declare(
        "scheme_ends", "Delegationsordningen upphör", page="teams:scheme", rule_id="scheme.ends",
        moves=False, of_house=True,
        ends="Bevakningen blir klar när en ny delegationsordning tar vid.",
        watched=f"""
            SELECT s.authority_id, NULL::uuid, s.id, {ADMINISTERS.format("s.authority_id")}, s.valid_to, s.valid_to
            FROM public.teams_delegationscheme s
            WHERE s.state = 'adopted' AND s.valid_to BETWEEN today AND today + AHEAD AND NOT EXISTS (
                SELECT 1 FROM public.teams_delegationscheme n
                WHERE n.authority_id = s.authority_id AND n.state = 'adopted' AND n.valid_from > s.valid_from)""",  # noqa: S608
    )  # fmt: skip
    # What the board has not taken note of; what is told each quarter may wait a quarter more.
    UNREPORTED = declare(
        "unreported", "Beslut som ska anmälas till nämnden", page="teams:board", rule_id="delegation.report",
        moves=False, of_house=True, ends="Bevakningen blir klar när beslutet är anmält.",
        watched=f"""
            SELECT d.authority_id, NULL::uuid, d.id, {ADMINISTERS.format("d.authority_id")}, d.day, d.day
            FROM (SELECT d.authority_id, d.id, d.decided_on + {REMIND_DAYS} * CASE r.reported
                      WHEN 'quarter' THEN 3 ELSE 1 END AS day
                  FROM public.teams_decision d JOIN public.teams_delegationrow r ON r.id = d.row_id
                  WHERE d.state = 'decided'
                  UNION ALL
                  SELECT u.authority_id, u.id, u.decided_on + {REMIND_DAYS} FROM public.teams_urgentdecision u) d
            WHERE d.day <= today + AHEAD AND NOT EXISTS (
                SELECT 1 FROM public.teams_boardline l JOIN public.teams_boardmeeting m ON m.id = l.meeting_id
                WHERE l.authority_id = d.authority_id AND l.subject = d.id AND m.reported_at IS NOT NULL)""",  # noqa: S608
    )  # fmt: skip
    # The oldest month of three that a manager has not signed, if anybody else read anything in it.
    LOG_REVIEW = declare(
        "log_review", "Loggkontroll att signera", page="teams:overview", rule_id="log.review",
        moves=False, of_house=True, ends="Bevakningen blir klar när enhetschefen har signerat månadens loggkontroll.",
        watched=f"""
            SELECT w.authority_id, NULL::uuid, w.id, {ADMINISTERS.format("w.authority_id")}, w.day, w.day
            FROM (SELECT m.authority_id, m.id, min((k.month + interval '1 month')::date) + 14 AS day
                  FROM public.tenancy_membership m
                  JOIN public.tenancy_user u ON u.id = m.user_id AND u.is_active
                  CROSS JOIN LATERAL (
                      SELECT (date_trunc('month', today) - back * interval '1 month')::date AS month
                      FROM generate_series(1, 3) back) k
                  WHERE m.role = 'unit_manager' AND m.starts_on <= k.month AND m.starts_on <= today
                    AND (m.ends_on IS NULL OR m.ends_on >= today)
                    AND NOT EXISTS (SELECT 1 FROM public.teams_logreview r WHERE r.authority_id = m.authority_id
                        AND r.reviewer_id = m.id AND r.month = k.month AND r.signed_at IS NOT NULL)
                    AND EXISTS (SELECT 1 FROM public.audit_auditevent a
                        JOIN public.tenancy_membership o ON o.id = a.membership_id AND o.authority_id = m.authority_id
                        WHERE a.authority_id = m.authority_id AND o.user_id <> m.user_id AND a.case_id IS NOT NULL
                          AND a.created_at >= wall.morning_of(k.month) AND wall.is_read(a.action)
                          AND a.created_at < wall.morning_of((k.month + interval '1 month')::date))
                  GROUP BY m.authority_id, m.id) w
            WHERE w.day <= today + AHEAD""",  # noqa: S608
    )  # fmt: skip
    # Told at once by a notice of its own; this is what escalates when no answer comes, or nobody judges it.
    LOG_QUESTION = declare(
        "log_question", "Fråga om en läsning utan svar", page="teams:overview", rule_id="log.question", moves=False,
        of_house=True, ends="Bevakningen blir klar när frågan är besvarad, eller avgjord av enhetschefen.",
        watched=f"""
            SELECT q.authority_id, NULL::uuid, q.id, {ADMINISTERS.format("q.authority_id")}, d.day, d.day
            FROM public.teams_logquestion q
            CROSS JOIN LATERAL (
                SELECT (q.created_at AT TIME ZONE 'Europe/Stockholm')::date + {ANSWER_DAYS}) d (day)
            WHERE q.answered_at IS NULL AND q.settled_at IS NULL AND d.day <= today + AHEAD""",  # noqa: S608
    )  # fmt: skip
