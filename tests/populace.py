"""Many people at once, for counting: rows written by the owner's hand, since nobody opens hundreds of cases one by one.
Every day lies in the second half of 2025 or close to it."""

import random
from datetime import UTC, date, datetime, timedelta

from cases.areas import Area
from cases.models import Assessment, Case, Closure, Consent, Individual, Intake
from exitprogram.tenancy.acting import acting
from plans.models import CoordinatedPlan, FollowUp, Goal, GoalAnswer, Measure, PlanVersion
from tests.connections import connected, logged_in_as

SINCE, UNTIL = date(2025, 7, 1), date(2025, 12, 31)
MODELS = (Individual, Case, Intake, Consent, CoordinatedPlan, PlanVersion, Goal, Measure, FollowUp, GoalAnswer,
          Assessment, Closure)  # fmt: skip


def settle(members, seed, most):
    """People in the boards of ``members``, at every stage."""
    rng = random.Random(seed)  # noqa: S311  people, not secrets
    with _without_walls(), logged_in_as("owner"):
        for member in members:
            with acting(member):
                rows = {model: [] for model in MODELS}
                for number in range(rng.randint(most // 3, most)):
                    _somebody(rng, member, number, rows)
                for model in MODELS:
                    model.objects.bulk_create(rows[model])


class _without_walls:
    def __enter__(self):
        self._say("NO FORCE")

    def __exit__(self, *exception):
        self._say("FORCE")

    def _say(self, word):
        with connected("owner", autocommit=True) as owner:
            for model in MODELS:
                owner.execute(f"ALTER TABLE {model._meta.db_table} {word} ROW LEVEL SECURITY")


def _day(day):
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def _somebody(rng, member, number, rows):
    by = {"authority_id": member.authority_id}
    guarded = rng.random() < 0.1
    person = Individual(
        **by, alias="" if guarded else f"Alias {number}", guarded=guarded, local_threat=guarded, created_by=member
    )  # fmt: skip
    if rng.random() < 0.8:
        person.birth_date = date(rng.randint(1960, 2012), rng.randint(1, 12), rng.randint(1, 28))
        person.gender = rng.choice(("", *Individual.Gender.values))
    day = SINCE + timedelta(days=rng.randint(-200, 180))
    case = Case(
        **by, number=f"P-{number}", individual=person, programme=rng.choice(("adult", "adult", "child")),
        contact_way="self", worker=member, created_by=member, opened_on=day,
    )  # fmt: skip
    rows[Individual].append(person)
    rows[Case].append(case)
    if rng.random() < 0.9:
        day += timedelta(days=rng.randint(0, 20))
        rows[Intake].append(Intake(**by, case=case, started_by=member, created_at=_day(day)))
    if rng.random() < 0.8:
        day += timedelta(days=rng.randint(0, 50))
        rows[Consent].append(Consent(**by, case=case, kind="plan", form="oral", taken_on=day, taken_by=member))
        if rng.random() < 0.8:
            day = _planned(rng, member, case, day + timedelta(days=rng.randint(0, 120)), rows)
    if rng.random() < 0.5:
        closed = day + timedelta(days=rng.randint(1, 90))
        case.closed_on = closed
        kind = rng.choice(Closure.Kind.values)
        rows[Closure].append(Closure(**by, case=case, kind=kind, closed_on=closed, closed_by=member))


def _planned(rng, member, case, day, rows):
    by = {"authority_id": member.authority_id, "case": case}
    plan = CoordinatedPlan(**by, started_on=day)
    version = PlanVersion(
        **by, plan=plan, number=1, state="agreed", lead_principal_id=member.authority_id, starts_on=day,
        follow_up_on=day + timedelta(days=60), agreed_at=_day(day), agreed_by=member,
    )  # fmt: skip
    rows[CoordinatedPlan].append(plan)
    rows[PlanVersion].append(version)
    goals = []
    for area in rng.sample(Area.values, rng.randint(1, 5)):
        goals.append(Goal(**by, version=version, area=area))
        rows[Goal].append(goals[-1])
        for status in rng.choices(Measure.Status.values, k=rng.randint(0, 3)):
            lack = rng.choice(("", *Measure.Lack.values)) if status == "not_available" else ""
            rows[Measure].append(
                Measure(**by, version=version, goal=goals[-1], area=area, principal_kind="other", status=status,
                        lack=lack)
            )  # fmt: skip
    _answered(rng, member, case, day, rows)
    for _time in range(rng.randint(0, 2)):
        day += timedelta(days=rng.randint(20, 60))
        follow_up = FollowUp(
            **by, version=version, held_on=day, outcome="ended", begun_by=member, done_at=_day(day), done_by=member
        )  # fmt: skip
        follow_up.experience = {
            "edition": "1",
            **{name: rng.choice(("yes", "partly", "no")) for name in ("mine", "safe")},
        }
        rows[FollowUp].append(follow_up)
        answers = ("", *GoalAnswer.Answer.values)
        rows[GoalAnswer] += [
            GoalAnswer(**by, follow_up=follow_up, goal=goal, person_answer=rng.choice(answers),
                       worker_answer=rng.choice(answers))
            for goal in goals
        ]  # fmt: skip
        _answered(rng, member, case, day, rows)
    return day


def _answered(rng, member, case, day, rows):
    if rng.random() < 0.7:
        row = Assessment(
            authority_id=member.authority_id, case=case, instrument="outcome", instrument_version="1", day=day,
            author=member, signed_at=_day(day),
        )  # fmt: skip
        row.answers = {"safe": rng.randint(0, 10), "who5": rng.choice(("declined", rng.randint(0, 100)))}
        rows[Assessment].append(row)
