"""The end of a plan and of a case, and a case taken up again. Here, in the highest room that has a say in it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases import ending
from cases.access import require
from cases.clocks import CaseClock
from cases.models import AccessGrant, Case, Clock, Closure
from cases.operations import end_access, finish_about, grant_access, start_clock
from children.operations import name_next
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission, Role
from plans.clocks import PlanClock
from plans.closing import ENDED_BY_CLOSING, remaining
from plans.models import CoordinatedPlan, Meeting
from plans.operations.meetings import cancel_meeting
from plans.operations.outcomes import watch_outcomes
from teams.models import CoordinatorAppointment, TeamMember
from teams.operations import appoint_coordinator, leave_team

MAY_CLOSE = (AccessGrant.Kind.WORKER, AccessGrant.Kind.COORDINATOR)
WHY = "Ärendet avslutas."


@transaction.atomic
def end_plan(*, by, plan, reason, who="", name="", next_reason=""):
    """The plan is finished; the case goes on and may get a new one. What was agreed stays as it was. ``who``: who takes
    over, which a child's plan does not end without."""
    require(by, Permission.EDIT_PLAN, plan.case)
    if who:
        name_next(by=by, case=plan.case, about="programme", subject=plan, who=who, name=name, reason=next_reason)
    ending.require(plan.case, plan)
    plan = _end_plan(by, plan, reason)
    watch_outcomes(by=by, plan=plan)
    return plan


def _end_plan(by, plan, reason):
    plan = CoordinatedPlan.objects.select_for_update(of=("self",)).select_related("case").get(pk=plan.pk)
    if plan.ended_on:
        raise Refused("Planen är redan avslutad.")
    if not reason.strip():
        raise Refused("Skriv varför planen avslutas.")
    plan.ended_on, plan.end_reason = timezone.localdate(), reason.strip()
    plan.save(update_fields=["ended_on", "end_reason"])
    _finish_clocks(by, plan.case, [PlanClock.FOLLOW_UP, CaseClock.OUTCOME])
    record(by=by, action="plan.ended", obj=plan, case=plan.case)
    return plan


def _finish_clocks(by, case, kinds):
    for clock in Clock.objects.open().filter(case=case, kind__in=kinds):
        finish_about(by=by, case=case, kind=clock.kind, subject=_Subject(clock.subject_id))


class _Subject:
    def __init__(self, pk):
        self.pk = pk


@transaction.atomic
def close_case(*, by, case, kind, reason):
    """Close the case with everything that goes on in it, in one transaction: plan, team, coordinator, who can open it.
    Refused with a sentence that lists what is not done. The worker, and a manager who has it, can still read."""
    require(by, Permission.CLOSE_CASE, case)
    _require_closer(by, case)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.closed_on:
        raise Refused("Ärendet är redan avslutat.")
    if not reason.strip():
        raise Refused("Skriv med egna ord varför ärendet avslutas.")
    if left := remaining(by, case):
        raise Refused("Detta är kvar: " + "; ".join(part.text for part in left) + ".")
    if kind == Closure.Kind.TRANSFERRED and not case.transfers.exclude(confirmed_at=None).exists():
        raise Refused("Ingen annan nämnd har bekräftat att den har tagit över ärendet.")
    _end_all(by, case, reason)
    closure = Closure(
        authority_id=case.authority_id, case=case, kind=kind, reason=reason.strip(), closed_on=timezone.localdate(),
        closed_by=by,
    )  # fmt: skip
    closure.save(force_insert=True)
    case.closed_on = closure.closed_on
    case.version += 1
    case.save(update_fields=["closed_on", "version"])
    record(by=by, action="case.closed", obj=closure, case=case, kind=kind)
    _end_grants(by, case)
    return closure


def _require_closer(by, case):
    """Being in the team is not enough."""
    grants = AccessGrant.objects.in_force(by, on=timezone.localdate()).filter(content_object=case)
    if by.role != Role.UNIT_MANAGER and not grants.filter(kind__in=MAY_CLOSE).exists():
        raise NotAllowed("Bara den som handlägger ärendet, samordnaren eller enhetschefen kan avsluta det.")


def _end_all(by, case, reason):
    today = timezone.localdate()
    for plan in CoordinatedPlan.objects.filter(case=case, ended_on=None):
        _end_plan(by, plan, reason)
    _finish_clocks(by, case, ENDED_BY_CLOSING)
    for meeting in Meeting.objects.filter(case=case, starts_at__gte=timezone.now(), held=False, cancelled_at=None):
        cancel_meeting(by=by, meeting=meeting, reason=WHY)  # while the team is still there to be told
    for member in TeamMember.objects.filter(case=case, state__in=["invited", "joined"]):
        if not member.is_outside and member.membership.role == Role.UNIT_MANAGER:
            _keep_reading(by, case, member.membership)
        leave_team(by=by, case=case, member=member, reason=WHY)
    for appointment in CoordinatorAppointment.objects.on_day(today).filter(case=case):
        appointment.ends_on = today
        appointment.save(update_fields=["ends_on"])


def _keep_reading(by, case, manager):
    held = AccessGrant.objects.in_force(manager, on=timezone.localdate()).filter(content_object=case)
    if not held.exclude(kind=AccessGrant.Kind.TEAM).exists():
        grant_access(
            by=by, case=case, membership=manager, kind=AccessGrant.Kind.NAMED,
            reason="Enhetschef, kan läsa det avslutade ärendet.",
        )  # fmt: skip


def _end_grants(by, case):
    """All but the worker's and the managers'; one's own last, since it is what the others are ended by."""
    rows = AccessGrant.objects.filter(content_object=case, ended_at=None).select_related("membership__user")
    rows = [grant for grant in rows if grant.kind not in (AccessGrant.Kind.WORKER, *AccessGrant.TAKEN)]
    rows = [g for g in rows if g.membership.role != Role.UNIT_MANAGER or g.kind == AccessGrant.Kind.TEAM]
    for grant in sorted(rows, key=lambda grant: grant.membership_id == by.pk):
        end_access(by=by, case=case, membership=grant.membership, kind=grant.kind)


def _coordinated_again(by, case, chosen):
    """By the one who is chosen, else by the one who held it last, else by whoever takes it up. A case that has had a
    coordinator is not taken up again without one; the database says so too."""
    last = CoordinatorAppointment.objects.coordinators().filter(case=case).order_by("-ends_on", "-starts_on").first()
    if chosen is not None:
        return appoint_coordinator(by=by, case=case, membership=chosen)
    if last is None:
        return None
    for membership in (last.membership, by):
        try:
            with transaction.atomic():
                return appoint_coordinator(by=by, case=case, membership=membership)
        except Refused:
            continue
    raise Refused("Den som var samordnare kan inte vara det längre. Välj vem som är samordnare nu.")


@transaction.atomic
def reopen_case(*, by, case, reason, coordinator=None):
    """A setback closes nothing: the same thread goes on, with its plan. The team is put together anew, since each
    part in it was for what was then; a clock sees to it that plan, consents and protection are looked over."""
    require(by, Permission.CLOSE_CASE, case)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not case.closed_on:
        raise Refused("Ärendet är inte avslutat.")
    if not reason.strip():
        raise Refused("Skriv varför ärendet tas upp igen.")
    if Case.objects.filter(individual=case.individual_id, programme=case.programme, closed_on=None).exists():
        raise Refused("Personen har ett nyare öppet ärende i programmet. Fortsätt i det.")
    closure = case.closures.select_for_update(of=("self",)).get(reopened_on=None)
    today = timezone.localdate()
    closure.reopened_on, closure.reopened_by, closure.reopen_reason = today, by, reason.strip()
    closure.save(update_fields=["reopened_on", "reopened_by", "reopen_reason"])
    case.closed_on = None
    case.version += 1
    case.save(update_fields=["closed_on", "version"])
    for plan in CoordinatedPlan.objects.filter(case=case, ended_on=closure.closed_on).order_by("-created_at")[:1]:
        plan.ended_on, plan.end_reason = None, ""
        plan.save(update_fields=["ended_on", "end_reason"])
    _coordinated_again(by, case, coordinator)
    start_clock(
        by=by, case=case, kind=PlanClock.FOLLOW_UP, rule_id="case.reopened", subject_id=closure.pk, owner=by,
        due_on=today + timedelta(days=rule("case.reopened", on=today).values["days"]),
    )  # fmt: skip
    record(by=by, action="case.reopened", obj=closure, case=case)
    return case
