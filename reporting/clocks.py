"""What is watched about oversight: a question that nobody has answered."""

from datetime import timedelta

from django.utils import timezone

from cases.clocks import declare
from exitprogram.law.rules import rule

DAYS = rule("region.question", on=timezone.localdate()).values["days"]


def answer_day(asked_on):
    """The day by which a question of that day is answered."""
    return asked_on + timedelta(days=DAYS)


class OversightClock:
    # Told at once by a notice of its own; this is what escalates when no answer comes.
    QUESTION = declare(
        "region_question", "Fråga att svara på", rule_id="region.question", moves=False, shown=False,
        page="reporting:questions", button="Svara", ends="Bevakningen blir klar när frågan är besvarad.",
        watched=f"""
            SELECT q.authority_id, q.case_id, q.id, coalesce(
                (SELECT a.membership_id FROM public.teams_coordinatorappointment a WHERE a.case_id = q.case_id
                 AND a.kind = 'coordinator' AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on >= today)),
                c.worker_id), d.day, d.day
            FROM public.reporting_flowquestion q
            JOIN public.cases_case c ON c.id = q.case_id AND c.closed_on IS NULL
            CROSS JOIN LATERAL (
                SELECT (q.created_at AT TIME ZONE 'Europe/Stockholm')::date + {DAYS}) d (day)
            WHERE q.answered_at IS NULL AND d.day <= today + AHEAD""",  # noqa: S608
    )  # fmt: skip
