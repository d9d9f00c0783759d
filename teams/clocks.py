"""What is watched about decisions."""

from django.utils import timezone

from cases.clocks import ADMINISTERS, declare
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission

REMIND_DAYS = rule("delegation.report", on=timezone.localdate()).values["remind_days"]
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
