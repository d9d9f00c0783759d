"""Where the day begins, and the one page about a person."""

from collections import defaultdict

from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.door import case_or_404, case_page, desk_page
from cases.emergencies import waiting
from cases.intake import urgent_cases
from cases.models import Clock
from exitprogram.page.paging import Piece
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission, may
from plans import day, one_case
from plans.asked import asked_of
from plans.day import CONSENT_WARNS, due
from plans.due import COMING, LATE, NOW, OF_OTHERS
from plans.follow_ups import next_day
from plans.from_team import from_team
from plans.models import Measure, PlanVersion
from plans.requirements import missing
from teams.escalated import waits_for_her


@require_GET
@allow(Permission.READ_CASE)
def my_day(request):
    """What must be done now, before what there is. Case numbers, no names of those it is about."""
    by, today = request.acting, timezone.localdate()
    groups, team = due(request), from_team(by)
    late, now, ahead, of_others = (groups[group] for group in (LATE, NOW, COMING, OF_OTHERS))
    drafts = [n for n in day.drafts(by) if not any(isinstance(r, Clock) and r.subject_id == n.pk for r in late)]
    context = {
        "today": today, "may_tick": may(by, Permission.EDIT_PLAN),
        "late": late, "now": now, "ahead": ahead, "of_others": of_others,
        "emergencies": waiting(by),
        "urgent": urgent_cases(by),
        "from_team": team | {kind: Piece(request, kind, team[kind]) for kind in ("stuck", "declined", "left")},
        "escalated": Piece(request, "eskalerat", waits_for_her(by, on=today)),
        "asked": asked_of(by),
        "drafts": Piece(request, "utkast", drafts),
        "to_decide": day.to_decide(by),
        "with_nobody": day.with_nobody(by),
        "sections": Piece(request, "avsnitt", day.sections(by)),
        "invitations": Piece(request, "inbjudna", day.invitations(by)),
        "consents": Piece(request, "samtycken", day.consents(by)),
        "grounds": Piece(request, "grunder", day.grounds(by)),
        "meetings": day.meetings(by),
    }  # fmt: skip
    return desk_page(request, "plans/my_day.html", context, page="my_day")


@require_GET
@allow(Permission.READ_CASE)
def person(request, case_id):
    """One person, one page: safe contact, own words, the plan's line, now, the plan in short, the team."""
    case = case_or_404(request, case_id)
    by, today = request.acting, timezone.localdate()
    versions = one_case.versions(by, case.pk)
    current = next((v for v in versions if v.state == PlanVersion.State.AGREED), None)
    draft = next((v for v in versions if v.is_open), None)
    shown, follow_up_on = current or draft, next_day(current) if current else None
    consents, notes = one_case.consents(by, case.pk), one_case.last_note(by, case.pk)
    context = {
        "today": today, "current": current, "draft": draft, "shown": shown,
        "steps": _steps(consents, current, draft, follow_up_on), "follow_up_on": follow_up_on,
        "areas": _areas(by, shown.pk) if shown else [],
        "lacking": missing(draft, on=today) if draft else [],
        "clocks": [
            c for c in one_case.clocks(by, case.pk) if not c.said.watched and (c.said.shown or c.day < today)
        ],
        "waiting": one_case.unsigned(by, draft.pk) if draft else [],
        "consents": consents, "has_plan_consent": any(c.kind == "plan" for c in consents),
        "runs_out": [c for c in consents if c.ends_on and c.ends_on <= today + CONSENT_WARNS],
        "team": one_case.team(by, case.pk), "appointments": one_case.appointments(by, case.pk),
        "last_note": notes[0] if notes else None, "meetings": one_case.meetings(by, case.pk),
    }  # fmt: skip
    return case_page(request, "plans/person.html", case, context, page="person")


def _steps(consents, current, draft, follow_up_on):
    """Consent → team and draft → agreed → followed up: where the plan is."""
    consented = any(c.kind == "plan" for c in consents)
    done = [consented, bool(current or draft), bool(current), False]
    labels = ["Samtycke", "Plan skrivs", "Överenskommen", "Följs upp"]
    when = ["", "", sv_day(current.agreed_at) if current else "", sv_day(follow_up_on) if current else ""]
    first_open = done.index(False)
    return [
        {"label": label, "state": "done" if done[i] else "now" if i == first_open else "todo", "when": when[i]}
        for i, label in enumerate(labels)
    ]


def _areas(by, version_id):
    """Per goal area: how many measures are under way or done, of how many."""
    moving = (Measure.Status.ONGOING, Measure.Status.DONE)
    found, measures = {}, defaultdict(list)
    for measure in one_case.measures(by, version_id):
        measures[measure.goal_id].append(measure)
    for goal in one_case.goals(by, version_id):
        row = found.setdefault(goal.area, {"label": goal.get_area_display(), "all": 0, "moving": 0, "unmet": 0})
        for measure in measures[goal.pk]:
            row["all"] += 1
            row["moving"] += measure.status in moving
            row["unmet"] += measure.status == Measure.Status.NOT_AVAILABLE
    return list(found.values())
