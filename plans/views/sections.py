"""One's own section: the question, the goals it belongs to, one's own words, who will read them, and the signature."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_send
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.content import goals_in_order
from plans.contributions import own_sections, readers_of, with_askers
from plans.forms.sections import DeclineForm, SectionForm
from plans.models import Goal, Section
from plans.section_text import PARTS, read_out, taken_apart
from teams.models import TeamMember
from teams.presented import NEUTRAL, presented_to


def _own_or_404(request, section_id):
    return get_object_or_404(own_sections(request.acting).select_related("authority"), pk=section_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def section(request, section_id):
    """Saves itself while one types. «Signera» goes on to the page that says who will read it."""
    row = _own_or_404(request, section_id)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row, SectionForm.of(row))


def _save(request, row):
    form, autosave = SectionForm(request.POST), is_autosave(request)
    if request.POST.get("keep") == "theirs":
        return redirect("plans:section", row.pk)
    form.is_valid()
    seen = request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version", "")
    try:
        row = operations.save_section(by=request.acting, section=row, text=form.text, expected=whole_number(seen))
    except Stale as stale:
        both = _both(form.text, stale.current)
        return both_versions(request, **both) if autosave else _page(request, stale.current, form, both, status=409)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, row, form)
    if autosave:
        return saved(row.row_version)
    if "sign" in request.POST:
        return redirect("plans:section_sign", row.pk)
    messages.success(request, "Avsnittet är sparat.")
    return redirect("plans:section", row.pk)


def _both(mine, current):
    return {
        "mine": mine, "theirs": current.text, "saved_by": "Du själv i en annan flik", "saved_at": timezone.now(),
        "seen_version": current.row_version,
    }  # fmt: skip


def _around(request, row):
    """The question and who it is about, as far as she may be told; her reading of it is written down."""
    by = request.acting
    operations.view_section(by=by, section=row)
    with_askers([row])
    part = TeamMember.objects.joined_by(by, on=timezone.localdate()).filter(case=row.case_id).first()
    return {"section": row, "presented": presented_to(part) if part else NEUTRAL, "part": part}


def _page(request, row, form, conflict=None, status=200):
    by = request.acting
    goals = Goal.objects.visible_to(by).filter(version=row.version_id, area=row.area)
    context = _around(request, row) | {
        "form": form, "conflict": conflict, "goals": goals_in_order(goals), "last": _last(by, row),
        "parts": read_out(row.text),
        "readers": readers_of(by, row), "may_write": row.state in (Section.State.REQUESTED, Section.State.WRITING),
    }  # fmt: skip
    return render(request, "plans/section.html", context, status=status)


def _last(by, row):
    """What the same principal signed about the same area in the version before."""
    before = Section.objects.visible_to(by).filter(
        case=row.case_id, area=row.area, principal=row.principal_id, state=Section.State.SIGNED,
        created_at__lt=row.created_at,
    )  # fmt: skip
    last = before.order_by("-signed_at").first()
    return last and {"signed_at": last.signed_at, "parts": read_out(last.text)}


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@fresh_to_send
@once
def section_sign(request, section_id):
    """Asked once more, with exactly who will be able to read it: it cannot be taken back. The form says which text it
    means; another one, saved meanwhile, is shown instead."""
    row = _own_or_404(request, section_id)
    if request.method == "POST":
        return _sign(request, row)
    if row.state in (Section.State.SIGNED, Section.State.DECLINED):
        return redirect("plans:section", row.pk)
    if not row.text.strip():
        messages.warning(request, "Skriv något innan du signerar.")
        return redirect("plans:section", row.pk)
    parts = taken_apart(row.text)
    context = _around(request, row) | {
        "readers": readers_of(request.acting, row), "parts": read_out(row.text),
        "lacking": [PARTS[name] for name in PARTS if not parts[name]],
    }  # fmt: skip
    return render(request, "plans/section_sign.html", context)


def _sign(request, row):
    seen = whole_number(request.POST.get("version", ""))
    try:
        operations.sign_section(by=request.acting, section=row, expected=seen)
    except Stale:
        messages.warning(request, "Texten har ändrats i en annan flik. Läs igenom den och signera sedan.")
        return redirect("plans:section_sign", row.pk)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:section", row.pk)
    messages.success(request, "Avsnittet är signerat. Tack!")
    return redirect("plans:contributions")


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def section_decline(request, section_id):
    """I cannot contribute, or am not the one to ask."""
    row = _own_or_404(request, section_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.decline_section, by=request.acting, section=row, **form.cleaned_data):
            messages.success(request, "Samordnaren har fått veta det. Tack för ditt svar.")
            return redirect("plans:contributions")
    return render(request, "plans/section_decline.html", _around(request, row) | {"form": form})


@require_POST
@allow(Permission.CONTRIBUTE)
@once
def section_take_up(request, section_id):
    row = _own_or_404(request, section_id)
    try:
        operations.take_up_section(by=request.acting, section=row)
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("plans:section", row.pk)


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def section_drop(request, section_id):
    """For those who hold the plan: take back a question that nobody answers."""
    row = get_object_or_404(Section.objects.visible_to(request.acting), pk=section_id)
    try:
        operations.drop_section(by=request.acting, section=row)
        messages.success(request, "Frågan är tillbakatagen.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("plans:version", row.version_id)
