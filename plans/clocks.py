"""What is watched about the plan."""

from cases.clocks import declare


class PlanClock:
    FOLLOW_UP = declare("follow_up", "Uppföljning av plan")
    # In the version that holds: the agreed one, or the open one where nothing is agreed yet. Hers who is named when she
    # works for the board, else the coordinator's or the worker's. What stands still is late when it was to move again.
    MEASURE = declare(
        "measure", "Insats att göra", rule_id="measure.due", moves=False, personal=False,
        ends="Bevakningen blir klar när insatsen är klar.",
        watched="""
            SELECT m.authority_id, m.case_id, m.thread, coalesce(
                (SELECT t.membership_id FROM public.teams_teammember t WHERE t.id = m.responsible_id
                 AND t.member_authority_id = m.authority_id AND t.state = 'joined'),
                (SELECT a.membership_id FROM public.teams_coordinatorappointment a WHERE a.case_id = m.case_id
                 AND a.kind = 'coordinator' AND a.starts_on <= today AND (a.ends_on IS NULL OR a.ends_on >= today)),
                c.worker_id), m.ends_on, greatest(coalesce(m.moved_to, m.ends_on), m.stuck_until)
            FROM public.plans_measure m
            JOIN public.plans_planversion v ON v.id = m.version_id
            JOIN public.plans_coordinatedplan p ON p.id = v.plan_id AND p.ended_on IS NULL
            JOIN public.cases_case c ON c.id = m.case_id AND c.closed_on IS NULL
            WHERE m.status IN ('planned', 'ongoing') AND coalesce(m.moved_to, m.ends_on) <= today + AHEAD
              AND (v.state = 'agreed' OR v.state IN ('draft', 'out') AND NOT EXISTS (
                  SELECT 1 FROM public.plans_planversion o WHERE o.plan_id = v.plan_id AND o.state = 'agreed'))""",
    )  # fmt: skip
