"""People whose plans cost something, written by the owner's hand into half-years that are over."""

import random
import uuid
from datetime import date, timedelta
from decimal import Decimal

from cases.areas import Area
from cases.models import Case, Individual
from exitprogram.tenancy.acting import acting
from plans.models import CoordinatedPlan, Goal, Measure, PlanVersion
from tests.connections import logged_in_as
from tests.populace import _day, _without_walls

MODELS = (Individual, Case, CoordinatedPlan, PlanVersion, Goal, Measure)


def settle_costs(member, seed, many):
    """Of all kinds: closed, protected, ended, with a second version that left a measure out or changed it."""
    rng = random.Random(seed)  # noqa: S311  people, not secrets
    with _without_walls(), logged_in_as("owner"), acting(member):
        rows = {model: [] for model in MODELS}
        for number in range(many):
            _somebody(rng, member, number, rows)
        for model in MODELS:
            model.objects.bulk_create(rows[model])


def _somebody(rng, member, number, rows):
    by, guarded = {"authority_id": member.authority_id}, rng.random() < 0.15
    person = Individual(
        **by, alias="" if guarded else f"Alias {number}", guarded=guarded, local_threat=guarded, created_by=member
    )  # fmt: skip
    agreed = date(2024, 9, 1) + timedelta(days=rng.randint(0, 600))
    closed = agreed + timedelta(days=rng.randint(30, 500)) if rng.random() < 0.3 else None
    case = Case(
        **by, number=f"C-{number}", individual=person, programme=rng.choice(("adult", "adult", "adult", "child")),
        contact_way="self", worker=member, created_by=member, opened_on=agreed - timedelta(days=40), closed_on=closed,
    )  # fmt: skip
    ended = agreed + timedelta(days=300) if rng.random() < 0.2 else None
    plan = CoordinatedPlan(**by, case=case, started_on=agreed, ended_on=ended)
    rows[Individual].append(person)
    rows[Case].append(case)
    rows[CoordinatedPlan].append(plan)
    threads = [uuid.uuid4() for _ in range(rng.randint(0, 6))]
    twice = rng.random() < 0.5
    for number, state in ((1, "superseded" if twice else "agreed"), (2, "agreed"))[: 2 if twice else 1]:
        day = agreed + timedelta(days=(number - 1) * 120)
        version = PlanVersion(
            **by, case=case, plan=plan, number=number, state=state, lead_principal_id=member.authority_id,
            starts_on=agreed, follow_up_on=day + timedelta(days=60), agreed_at=_day(day), agreed_by=member,
        )  # fmt: skip
        goal = Goal(**by, case=case, version=version, area="health", thread=uuid.UUID(int=number))
        rows[PlanVersion].append(version)
        rows[Goal].append(goal)
        kept = [thread for thread in threads if number == 1 or rng.random() < 0.8]
        rows[Measure] += [_measure(rng, by, case, version, goal, thread, day) for thread in kept]


def _measure(rng, by, case, version, goal, thread, day):
    kind = rng.choice(("social", "social", "other"))
    first = rng.choice((None, day + timedelta(days=rng.randint(-30, 150))))
    status = rng.choice(Measure.Status.values)
    return Measure(
        **by, case=case, version=version, goal=goal, thread=thread, area=rng.choice(Area.values[:4]),
        principal_kind=kind, principal_id=by["authority_id"] if kind == "social" else None,
        status=status, status_on=rng.choice((None, day + timedelta(days=rng.randint(0, 300)))), starts_on=first,
        ends_on=rng.choice((None, (first or day) + timedelta(days=rng.randint(0, 400)))),
        cost=rng.choice((None, rng.randint(0, 40_000), rng.randint(0, 40_000))),
        hours=rng.choice((None, Decimal(rng.randint(1, 200)) / 2)), rhythm=rng.choice(("once", "month")),
        payer_kind=rng.choice(("", *Measure.Payer.values[:3])),
    )  # fmt: skip


# The same figures by other arithmetic: numbers of months instead of a row for each, all rows instead of the wall's.
INDEPENDENT = """
    WITH v AS (SELECT *, (agreed_at AT TIME ZONE 'Europe/Stockholm')::date AS d FROM plans_planversion
               WHERE agreed_at IS NOT NULL AND (agreed_at AT TIME ZONE 'Europe/Stockholm')::date <= %(last)s),
    m AS (
        SELECT m.*, c.individual_id, c.closed_on, p.ended_on AS plan_end, v.d AS said_on,
               (SELECT min(x.d) FROM v x WHERE x.case_id = m.case_id) AS began,
               (SELECT min(x.d) FROM v x JOIN plans_measure y ON y.version_id = x.id
                 WHERE y.thread = m.thread AND x.case_id = m.case_id) AS first_said,
               (SELECT min(x.d) FROM v x WHERE x.case_id = m.case_id AND x.agreed_at > v.agreed_at) AS left_out
        FROM plans_measure m JOIN v ON v.id = m.version_id JOIN plans_coordinatedplan p ON p.id = v.plan_id
        JOIN cases_case c ON c.id = m.case_id JOIN cases_individual i ON i.id = c.individual_id
        WHERE c.authority_id = %(board)s AND c.programme = %(programme)s AND NOT i.guarded
          AND NOT EXISTS (SELECT FROM plans_measure y JOIN v x ON x.id = y.version_id
                          WHERE y.thread = m.thread AND y.case_id = m.case_id AND x.agreed_at > v.agreed_at)
          AND NOT (m.status = 'not_available' AND coalesce(m.status_on <= %(last)s, true))),
    days AS (
        SELECT m.*, coalesce(starts_on, first_said) AS a, least(%(last)s::date, closed_on, plan_end, left_out, ends_on,
               CASE WHEN status = 'done' OR status = 'stopped' THEN status_on END) AS b FROM m),
    numbered AS (
        SELECT *, extract(year FROM a) * 12 + extract(month FROM a) AS ma,
               least(extract(year FROM b) * 12 + extract(month FROM b), %(n)s + 5) AS mb,
               extract(year FROM began) * 12 + extract(month FROM began) + 5 AS mi FROM days WHERE a <= b),
    parts AS (
        SELECT n.*, phase,
               CASE WHEN rhythm = 'once' AND (cost IS NOT NULL OR hours IS NOT NULL)
                    THEN (ma >= %(n)s AND ma <= %(n)s + 5 AND (ma <= mi) = (phase = 'introduction'))::int
                    ELSE greatest(0, CASE phase WHEN 'introduction' THEN least(mb, mi) ELSE mb END
                         - CASE phase WHEN 'introduction' THEN greatest(ma, %(n)s)
                                ELSE greatest(ma, %(n)s, mi + 1) END + 1) END AS times
        FROM numbered n CROSS JOIN (VALUES ('introduction'), ('running')) p (phase))
    SELECT individual_id, area, principal_kind, CASE payer_kind WHEN '' THEN 'unsaid' ELSE payer_kind END, phase,
           coalesce(sum(cost * times), 0)::bigint, coalesce(sum(hours * times), 0)
    FROM parts WHERE times > 0 GROUP BY 1, 2, 3, 4, 5
"""
