"""Following up the plan together: how it went with each goal, twice told, and what happens next."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.door import case_or_404, case_page
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may
from plans import operations
from plans.experience import questionnaire
from plans.follow_ups import done, next_day, suggested_day, version_to_follow
from plans.forms.follow_up import FollowUpForm, as_written
from plans.models import FollowUp
from plans.outcomes import next_time, over_time, times


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def follow_up(request, case_id):
    """The one that is open, or an empty page; earlier ones below. Saves itself."""
    case = case_or_404(request, case_id)
    version = version_to_follow(request.acting, case)
    if request.method == "POST":
        return _save(request, case, version)
    form, row = None, None
    if version is not None and not case.closed_on and may(request.acting, Permission.EDIT_PLAN):
        row = FollowUp.objects.visible_to(request.acting).filter(version=version, done_at=None).first()
        empty = {"next_on": suggested_day(version, on=timezone.localdate())}
        form = FollowUpForm(version=version, initial=as_written(row) if row else empty)
    return _page(request, case, version, form, row.row_version if row else 0)


def _save(request, case, version):
    autosave, finishing = is_autosave(request), "finish" in request.POST and not is_autosave(request)
    if version is None:
        return _nothing_to_follow(request, case, autosave)
    if request.POST.get("keep") == "theirs":
        return redirect("plans:follow_up", case.pk)
    form = FollowUpForm(request.POST, version=version, finishing=finishing)
    seen = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version", ""))
    if not form.is_valid():
        return not_saved("Något behöver rättas.") if autosave else _page(request, case, version, form, seen)
    try:
        row = _written(request.acting, version, seen, form, finishing)
    except Stale as stale:
        return _both(request, case, version, form, stale.current, autosave)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, case, version, form, seen)
    if autosave:
        return saved(row.row_version)
    return _saved_page(request, case, row)


def _nothing_to_follow(request, case, autosave):
    why = "Det finns ingen överenskommen plan att följa upp."
    if autosave:
        return not_saved(why)
    messages.warning(request, why)
    return redirect("plans:follow_up", case.pk)


@transaction.atomic
def _written(by, version, seen, form, finishing):
    """Saved and finished together: what is refused at the end is not half there."""
    row = operations.save_follow_up(by=by, plan_version=version, expected=seen, **form.given)
    return operations.finish_follow_up(by=by, follow_up=row) if finishing else row


def _saved_page(request, case, row):
    if row.done_at is None:
        messages.success(request, "Uppföljningen är sparad.")
        return redirect("plans:follow_up", case.pk)
    messages.success(request, "Uppföljningen är klar.")
    if row.outcome == FollowUp.Outcome.REVISED:
        return redirect("plans:plan", case.pk)
    return redirect(reverse("plans:follow_up", args=[case.pk]) + "#tidigare")


def _both(request, case, version, form, theirs, autosave):
    """Only what differs, mine beside theirs."""
    old = FollowUpForm(initial=as_written(theirs), version=version)
    pairs = {}
    for name, field in form.fields.items():
        mine, other = str(form[name].value() or ""), str(old[name].value() or "")
        if mine != other:
            pairs[f"{field.label} ({_goal_of(form, name)})" if _goal_of(form, name) else field.label] = mine, other
    who, when = last_touch(theirs)
    texts = {
        "mine": "\n".join(f"{label}: {mine or '–'}" for label, (mine, _) in pairs.items()),
        "theirs": "\n".join(f"{label}: {other or '–'}" for label, (_, other) in pairs.items()),
        "saved_by": who, "saved_at": when, "seen_version": theirs.row_version,
    }  # fmt: skip
    if autosave:
        return both_versions(request, **texts)
    return _page(request, case, version, form, theirs.row_version, conflict=texts, status=409)


def _goal_of(form, name):
    return next((goal.own_words or goal.wording for goal in form.goals if name.endswith(goal.pk.hex)), "")


def _page(request, case, version, form, row_version, conflict=None, status=200):
    by, today = request.acting, timezone.localdate()
    asked = times(by, case)
    earlier = [{"row": row, "experience": questionnaire().in_words(row.experience)} for row in done(by, case)]
    context = {
        "version": version, "form": form, "row_version": row_version, "conflict": conflict, "earlier": earlier,
        "due_on": next_day(version) if version else None, "today": today,
        "series": over_time(by, case), "times": asked, "next_time": next_time(asked, on=today),
        "may_assess": may(by, Permission.WRITE_NOTE),
    }  # fmt: skip
    return case_page(request, "plans/follow_up.html", case, context, page="follow_up", status=status)
