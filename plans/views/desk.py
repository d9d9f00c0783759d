"""Where the day begins, and the one page about a person."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.clocks import CaseClock
from cases.door import case_or_404, case_page, desk_page
from cases.emergencies import waiting
from cases.intake import urgent_cases
from cases.models import Acknowledgement, CaseNote, Clock, Consent, SecrecyException
from cases.operations import view_list
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission, may
from plans.asked import asked_of
from plans.due import AHEAD, measures_due
from plans.follow_ups import next_day
from plans.from_team import from_team
from plans.models import Measure, Meeting, PlanVersion, Section
from plans.requirements import missing
from teams.escalated import waits_for_her
from teams.models import CoordinatorAppointment, Decision, TeamMember
from teams.nobody import waits_for_nobody

CONSENT_WARNS = timedelta(days=30)


@require_GET
@allow(Permission.READ_CASE)
def my_day(request):
    """What must be done now, before what there is. Case numbers, no names of those it is about."""
    by, today = request.acting, timezone.localdate()
    late, now, ahead, of_others = _due(by, today)
    drafts = CaseNote.objects.visible_to(by).filter(author=by, signed_at=None).select_related("case")
    unanswered = [Section.State.REQUESTED, Section.State.WRITING]
    sections = Section.objects.visible_to(by).filter(state__in=unanswered, requested_by=by)
    runs_out = Consent.objects.visible_to(by).in_force(on=today).filter(ends_on__lte=today + CONSENT_WARNS)
    lawful = SecrecyException.objects.visible_to(by).in_force(on=today)
    meetings = Meeting.objects.visible_to(by).ahead(at=timezone.now()).filter(case__authority_id=by.authority_id)
    context = {
        "today": today, "may_tick": may(by, Permission.EDIT_PLAN),
        "late": late, "now": now, "ahead": ahead, "of_others": of_others,
        "emergencies": waiting(by),
        "urgent": urgent_cases(by),
        "from_team": from_team(by),
        "escalated": waits_for_her(by, on=today),
        "asked": asked_of(by),
        "drafts": drafts.exclude(pk__in=[row.subject_id for row in late if isinstance(row, Clock)]),
        "to_decide": Decision.across.visible_to(by).waiting().filter(sent_to=by).select_related("authority"),
        "with_nobody": _with_nobody(by, today),
        "sections": sections.select_related("case", "principal", "writer__user"),
        "invitations": TeamMember.objects.visible_to(by).waiting().filter(invited_by=by).select_related(
            "case", "membership__user"
        ),
        "consents": runs_out.select_related("case", "recipient").order_by("ends_on", "pk"),
        "grounds": lawful.filter(ends_on__lte=today + CONSENT_WARNS).select_related("case", "recipient").order_by(
            "ends_on", "pk"
        ),
        "meetings": meetings.select_related("case").order_by("starts_at", "pk")[:5],
    }  # fmt: skip
    return desk_page(request, "plans/my_day.html", context, page="my_day")


def _with_nobody(by, today):
    """What I have proposed and nobody can decide: sent back, or sent to one whose post or mandate has ended."""
    mine = Decision.objects.visible_to(by).waiting().filter(proposed_by=by).exclude(sent_to=by)
    mine = list(mine.select_related("case", "sent_to"))
    ids = waits_for_nobody(mine, by, on=today)
    return [decision for decision in mine if decision.pk in ids]


def _due(by, today):
    """What is watched and the measures of plans, each with its line of the page: late, today, ahead, and others'."""
    covers = CoordinatorAppointment.objects.on_day(today).filter(kind="cover", membership=by)
    away = covers.filter(case=OuterRef("case"), appointed_by=OuterRef("owner"))  # whose days are mine while she is away
    clocks = Clock.objects.visible_to(by).open().filter(Q(owner=by) | Exists(away)).select_related("case")
    clocks = list(clocks.exclude(kind=CaseClock.EMERGENCY_REVIEW))  # shown as the emergency itself
    shown = [c for c in clocks if not c.said.watched and (c.day < today or c.said.shown)]
    shown = [c for c in shown if c.day <= today + AHEAD or c.first_reminder <= today]
    measures = measures_due(by, on=today)
    view_list(by=by, cases=[m.case for m in measures])
    told = [c for c in shown if c.day + timedelta(days=c.cover_days) <= today]
    seen = set(Acknowledgement.objects.filter(clock__in=told).values_list("clock_id", "of_day"))
    for row in shown:
        row.line, row.unseen = "cases/clock_row.html", row in told and (row.pk, row.day) not in seen
    for row in measures:
        row.line = "plans/measure_row.html"
    mine = sorted([*shown, *[m for m in measures if m.mine]], key=lambda row: row.day)
    late, now = [row for row in mine if row.day < today], [row for row in mine if row.day == today]
    return late, now, [row for row in mine if row.day > today], [m for m in measures if not m.mine]


@require_GET
@allow(Permission.READ_CASE)
def person(request, case_id):
    """One person, one page: safe contact, own words, the plan's line, now, the plan in short, the team."""
    case = case_or_404(request, case_id)
    by, today = request.acting, timezone.localdate()
    versions = list(PlanVersion.objects.visible_to(by).filter(case=case, plan__ended_on=None).order_by("-number"))
    current = next((v for v in versions if v.state == PlanVersion.State.AGREED), None)
    draft = next((v for v in versions if v.is_open), None)
    shown = current or draft
    consents = list(Consent.objects.visible_to(by).in_force(on=today).filter(case=case).select_related("recipient"))
    context = {
        "today": today, "current": current, "draft": draft, "shown": shown,
        "steps": _steps(consents, current, draft), "follow_up_on": next_day(current) if current else None,
        "areas": _areas(shown) if shown else [],
        "lacking": missing(draft, on=today) if draft else [],
        "clocks": [
            c for c in Clock.objects.visible_to(by).open().filter(case=case)
            if not c.said.watched and (c.said.shown or c.day < today)
        ],
        "waiting": Section.objects.visible_to(by).filter(version=draft).exclude(
            state__in=["signed", "declined"]
        ).select_related("principal") if draft else [],
        "consents": consents, "has_plan_consent": any(c.kind == "plan" for c in consents),
        "runs_out": [c for c in consents if c.ends_on and c.ends_on <= today + CONSENT_WARNS],
        "team": TeamMember.objects.visible_to(by).filter(case=case, state__in=["invited", "joined"]).select_related(
            "membership__user", "member_authority"
        ),
        "appointments": CoordinatorAppointment.objects.visible_to(by).on_day(today).filter(case=case).select_related(
            "membership__user"
        ),
        "last_note": CaseNote.objects.visible_to(by).filter(case=case).exclude(signed_at=None).first(),
        "meetings": Meeting.objects.visible_to(by).ahead(at=timezone.now()).filter(case=case)[:3],
    }  # fmt: skip
    return case_page(request, "plans/person.html", case, context, page="person")


def _steps(consents, current, draft):
    """Consent → team and draft → agreed → followed up: where the plan is."""
    consented = any(c.kind == "plan" for c in consents)
    done = [consented, bool(current or draft), bool(current), False]
    labels = ["Samtycke", "Plan skrivs", "Överenskommen", "Följs upp"]
    when = ["", "", sv_day(current.agreed_at) if current else "", sv_day(next_day(current)) if current else ""]
    first_open = done.index(False)
    return [
        {"label": label, "state": "done" if done[i] else "now" if i == first_open else "todo", "when": when[i]}
        for i, label in enumerate(labels)
    ]


def _areas(version):
    """Per goal area: how many measures are under way or done, of how many."""
    moving = (Measure.Status.ONGOING, Measure.Status.DONE)
    found = {}
    for goal in version.goals.prefetch_related("measures"):
        row = found.setdefault(goal.area, {"label": goal.get_area_display(), "all": 0, "moving": 0, "unmet": 0})
        for measure in goal.measures.all():
            row["all"] += 1
            row["moving"] += measure.status in moving
            row["unmet"] += measure.status == Measure.Status.NOT_AVAILABLE
    return list(found.values())
