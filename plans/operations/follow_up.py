from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Clock
from cases.operations import finish_about, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission
from plans.clocks import PlanClock
from plans.experience import questionnaire
from plans.follow_ups import next_day_faults
from plans.models import FollowUp, GoalAnswer, PlanVersion
from plans.operations.agree import new_version
from plans.operations.closing import end_plan
from plans.operations.content import save_version
from teams.models import CoordinatorAppointment

TEXTS = ("own_words", "summary", "outcome", "next_on", "end_reason", "held_on")
ANSWER = ("person_answer", "person_words", "worker_answer", "worker_words")


@transaction.atomic
def save_follow_up(*, by, plan_version, expected=0, answers=None, experience=None, **fields):
    """Write on in the following-up of an agreed version, or begin it; it is one, and everybody who has the case writes
    in the same. ``answers``: {goal's id: {person_answer, person_words, worker_answer, worker_words}}. ``expected`` is
    the row version that the page showed, 0 for none yet; raises Stale."""
    require(by, Permission.EDIT_PLAN, plan_version.case)
    version = _in_force(plan_version)
    row = FollowUp.objects.select_for_update(of=("self",)).filter(version=version, done_at=None).first()
    if expected is not None and (row.row_version if row else 0) != expected:
        if row is None:
            raise Refused("Uppföljningen är redan klar. Läs den, eller börja nästa.")
        raise Stale(row)
    _require_known(fields, experience or {})
    row = row or FollowUp(
        authority_id=version.authority_id, version=version, case=version.case, begun_by=by, row_version=0
    )
    for name, value in fields.items():
        setattr(row, name, value)
    if row.held_on > timezone.localdate():
        raise Refused("Dagen för uppföljningen ligger i framtiden.")
    if experience is not None:
        row.experience = {"edition": questionnaire().edition, **experience} if experience else {}
    row.row_version += 1
    row.save()
    _save_answers(row, answers or {})
    record(by=by, action="plan.follow_up_saved", obj=row, case=version.case)
    return row


def _in_force(version):
    version = PlanVersion.objects.select_related("case", "plan").get(pk=version.pk)
    if version.plan.ended_on:
        raise Refused("Planen är avslutad.")
    if version.state != PlanVersion.State.AGREED:
        raise Refused("Bara en överenskommen plan följs upp.")
    return version


def _require_known(fields, experience):
    if unknown := set(fields) - set(TEXTS):
        raise TypeError(f"En uppföljning har inga fält {sorted(unknown)}")
    asked = questionnaire()
    if any(name not in asked.questions or code not in asked.answers for name, code in experience.items()):
        raise Refused("Ett svar passar inte frågan. Ladda om sidan och försök igen.")


def _save_answers(row, answers):
    goals = {goal.pk: goal for goal in row.version.goals.all()}
    there = {answer.goal_id: answer for answer in row.answers.all()}
    for goal_id, given in answers.items():
        if goal_id not in goals or set(given) - set(ANSWER):
            raise Refused("Målet finns inte i planen. Ladda om sidan och försök igen.")
        answer = there.get(goal_id) or GoalAnswer(
            authority_id=row.authority_id, follow_up=row, case=row.case, goal=goals[goal_id]
        )
        for name, value in given.items():
            setattr(answer, name, value)
        answer.save()


@transaction.atomic
def finish_follow_up(*, by, follow_up):
    """Done and locked: the clock is done, and the plan goes on, is made anew or ends. Unless it ends, the next day is
    watched. The person's own answers are voluntary and may all be empty; the worker's may not."""
    require(by, Permission.EDIT_PLAN, follow_up.case)
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("version__plan", "case").get(pk=follow_up.pk)
    if row.done_at:
        raise Refused("Uppföljningen är redan klar.")
    version = _in_force(row.version)
    _require_whole(row, version)
    row.done_at, row.done_by = timezone.now(), by
    row.row_version += 1
    if row.outcome == FollowUp.Outcome.ENDED:
        row.next_on = None
    row.save()
    record(by=by, action="plan.followed_up", obj=row, case=row.case, outcome=row.outcome)
    for clock in Clock.objects.open().filter(case=row.case, kind=PlanClock.FOLLOW_UP):
        finish_about(by=by, case=row.case, kind=clock.kind, subject=_Subject(clock.subject_id))
    _go_on(by, row, version)
    return row


class _Subject:
    def __init__(self, pk):
        self.pk = pk


def _require_whole(row, version):
    if not row.outcome:
        raise Refused("Välj om planen fortsätter, görs om eller avslutas.")
    judged = set(row.answers.exclude(worker_answer="").values_list("goal_id", flat=True))
    if any(goal.pk not in judged for goal in version.goals.all()):
        raise Refused("Skriv er bedömning av varje mål. Personens egna svar är frivilliga.")
    if row.outcome == FollowUp.Outcome.ENDED and not row.end_reason.strip():
        raise Refused("Skriv varför planen avslutas.")
    for sentence in next_day_faults(version, row.outcome, row.next_on).values():
        raise Refused(sentence)


def _go_on(by, row, version):
    if row.outcome == FollowUp.Outcome.ENDED:
        end_plan(by=by, plan=version.plan, reason=row.end_reason)
        return
    if row.outcome == FollowUp.Outcome.REVISED:
        draft = version.plan.versions.filter(state__in=["draft", "out"]).first() or new_version(
            by=by, plan=version.plan
        )
        if draft.ends_on is None or row.next_on <= draft.ends_on:
            save_version(by=by, plan_version=draft, expected=None, follow_up_on=row.next_on)
    coordinator = CoordinatorAppointment.objects.coordinators().on_day(timezone.localdate()).filter(case=row.case)
    holder = coordinator.select_related("membership").first()
    start_clock(
        by=by, case=row.case, kind=PlanClock.FOLLOW_UP, rule_id="plan.follow_up", subject_id=row.pk,
        owner=holder.membership if holder else by, due_on=row.next_on,
    )  # fmt: skip
