"""One meeting: its page, what was prepared, what was said."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import can
from cases.door import case_page
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_sign
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.forms.meetings import LineForm, MinutesForm, PreparationForm
from plans.meetings import lines_of, next_meeting, titles_of
from plans.models import Goal, MeetingMinutes, MeetingPreparation, PlanVersion
from plans.operations.minutes import PREPARED
from plans.views.meetings import meeting_or_404


def _calls(row):
    return row.calls.select_related("membership__user", "member_authority", "member")


def _of(model, row):
    return model.objects.filter(meeting=row).first()


@require_GET
@allow(Permission.READ_CASE)
def meeting(request, meeting_id):
    row = meeting_or_404(request, meeting_id)
    by, now = request.acting, timezone.now()
    minutes = _of(MeetingMinutes, row)
    may_write = can(by, Permission.BUILD_TEAM, row.case) and row.case.closed_on is None
    following = next_meeting(by, row.case, at=now, after=row)
    has_begun = timezone.localdate(row.starts_at) <= timezone.localdate()
    context = {
        "meeting": row, "calls": _calls(row), "minutes": minutes, "preparation": _of(MeetingPreparation, row),
        "changes": row.changes.select_related("changed_by__user"), "may_write": may_write, "has_begun": has_begun,
        "mine": row.calls.filter(membership=by).first(), "following": following,
        "asks_for_next": may_write and has_begun and not row.cancelled_at and not following,
        **(_lines(by, row, minutes) if minutes and can(by, Permission.EDIT_PLAN, row.case) else {}),
    }  # fmt: skip
    return case_page(request, "plans/meeting.html", row.case, context, page="meeting")


def _lines(by, row, minutes):
    """Each line, and whether the open draft has it already."""
    draft = PlanVersion.objects.visible_to(by).filter(case=row.case, state__in=["draft", "out"]).first()
    there = titles_of(draft) if draft else ()
    lines = [{"place": i, "text": text, "there": text in there} for i, text in enumerate(lines_of(minutes))]
    return {"lines": lines, "draft": draft, "goals": list(draft.goals.all()) if draft else []}


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def meeting_prepare(request, meeting_id):
    row = meeting_or_404(request, meeting_id)
    there = _of(MeetingPreparation, row)
    if request.method == "POST":
        form = PreparationForm(request.POST)
        form.is_valid()
        return _save(request, row, form, "plans/meeting_prepare.html", operations.save_preparation, form.cleaned_data)
    form = PreparationForm(initial={name: getattr(there, name) for name in PREPARED} if there else None)
    return _page(request, row, form, "plans/meeting_prepare.html", there.row_version if there else 0)


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@fresh_to_sign
@once
def meeting_minutes(request, meeting_id):
    """Who came and what was said; saves itself, and is signed once."""
    row = meeting_or_404(request, meeting_id)
    there = _of(MeetingMinutes, row)
    if request.method == "POST":
        form = MinutesForm(request.POST, calls=_calls(row))
        if form.is_valid():
            data = {"text": form.cleaned_data["text"], "attendance": form.attendance}
            data["person"] = form.cleaned_data["person"] or MeetingMinutes.Person.NONE
            sign = "sign" in request.POST and not is_autosave(request)
            act = operations.sign_minutes if sign else operations.save_minutes
            return _save(request, row, form, "plans/meeting_minutes.html", act, data)
        if is_autosave(request):
            return not_saved("Något behöver rättas.")
        return _page(request, row, form, "plans/meeting_minutes.html", whole_number(request.POST.get("version")))
    initial = {"text": there.text, "person": there.person} if there else None
    form, version = MinutesForm(initial=initial, calls=_calls(row)), there.row_version if there else 0
    return _page(request, row, form, "plans/meeting_minutes.html", version)


def _save(request, row, form, template, act, data):
    if request.POST.get("keep") == "theirs":
        return redirect(request.path)
    seen = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version", ""))
    autosave = is_autosave(request)
    try:
        there = act(by=request.acting, meeting=row, expected=seen, **data)
    except Stale as stale:
        return _both(request, row, form, template, stale.current)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, row, form, template, seen)
    if autosave:
        return saved(there.row_version)
    messages.success(request, "Anteckningarna är signerade." if "sign" in request.POST else "Det är sparat.")
    return redirect("plans:meeting", row.pk)


def _both(request, row, form, template, theirs):
    names = [name for name in ("text", *PREPARED) if hasattr(theirs, name)]
    differs = [name for name in names if (form.cleaned_data[name] or "") != getattr(theirs, name)] or names[:1]
    who, when = last_touch(row)
    texts = {
        "mine": "\n".join(f"{form.fields[name].label}: {form.cleaned_data[name]}" for name in differs),
        "theirs": "\n".join(f"{form.fields[name].label}: {getattr(theirs, name)}" for name in differs),
        "saved_by": who, "saved_at": when, "seen_version": theirs.row_version,
    }  # fmt: skip
    if is_autosave(request):
        return both_versions(request, **texts)
    return _page(request, row, form, template, theirs.row_version, conflict=texts, status=409)


def _page(request, row, form, template, version, conflict=None, status=200):
    context = {
        "meeting": row, "form": form, "version": version,
        "conflict": conflict, "preparation": _of(MeetingPreparation, row),
        "following": next_meeting(request.acting, row.case, at=timezone.now(), after=row),
        "minutes": _of(MeetingMinutes, row),
    }  # fmt: skip
    return case_page(request, template, row.case, context, page="meeting", status=status)


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def meeting_measure(request, meeting_id):
    """One press: a line of the minutes is a measure in the open draft."""
    row = meeting_or_404(request, meeting_id)
    goals = Goal.objects.visible_to(request.acting).filter(
        version__case=row.case, version__state__in=["draft", "out"], version__plan__ended_on=None
    )
    form = LineForm(request.POST, goals=goals.select_related("version__plan"))
    if not form.is_valid():
        messages.warning(request, "Välj ett mål i utkastet.")
        return redirect("plans:meeting", row.pk)
    try:
        operations.measure_from_minutes(
            by=request.acting, meeting=row, line=form.cleaned_data["line"] - 1, goal=form.cleaned_data["goal"],
            expected=whole_number(request.POST.get("version")),
        )  # fmt: skip
    except Stale:
        messages.warning(request, "Anteckningarna har ändrats sedan sidan visades. Läs raderna igen.")
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Raden är nu en insats i utkastet.")
    return redirect("plans:meeting", row.pk)
