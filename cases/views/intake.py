from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms import TARGET_GROUPS
from cases.forms.intake import HandledForm, IntakeForm, written
from cases.intake import urgent_steps
from cases.models import Intake, UrgentStep
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def intake(request, case_id):
    """*Första kontakten*: saves itself as one types; two who write at once see both texts."""
    case = case_or_404(request, case_id)
    if request.method == "POST":
        return _save(request, case)
    row = Intake.objects.visible_to(request.acting).filter(case=case).first()
    form = IntakeForm(initial=written(row), on=timezone.localdate())
    return _page(request, case, form, row.version if row else 0)


def _save(request, case):
    if request.POST.get("keep") == "theirs":
        return redirect("cases:intake", case.pk)
    form, autosave = IntakeForm(request.POST, on=timezone.localdate()), is_autosave(request)
    version = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version"))
    if not form.is_valid():
        return not_saved("Något behöver rättas.") if autosave else _page(request, case, form, version)
    try:
        row = operations.save_intake(by=request.acting, case=case, version=version, **form.given)
    except Stale as stale:
        both = _both(form, stale.current)
        if autosave:
            return both_versions(request, **both)
        return _page(request, case, form, both["seen_version"], both, status=409)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, case, form, version)
    return saved(row.version) if autosave else _done(request, case)


def _done(request, case):
    if urgent_steps(request.acting, case):
        messages.warning(request, "Sparat. Det som behöver göras genast står under Nu.")
    else:
        messages.success(request, "Första kontakten är sparad.")
    return redirect("plans:person", case.pk)


def _both(form, theirs):
    """Only what differs, mine beside theirs, in the words of the page."""
    there = written(theirs)
    differs = [name for name in form.fields if (form.cleaned_data[name] or "") != (there.get(name) or "")]
    who, when = last_touch(theirs)
    return {
        "mine": "\n".join(_line(form, name, form.cleaned_data[name]) for name in differs),
        "theirs": "\n".join(_line(form, name, there.get(name)) for name in differs),
        "saved_by": who, "saved_at": when, "seen_version": theirs.version,
    }  # fmt: skip


def _line(form, name, value):
    field = form.fields[name]
    label = form.fields[f"t_{name[2:]}"].label + " Med egna ord" if name.startswith("w_") else field.label
    if hasattr(field, "choices"):
        names = dict(field.choices)
        value = ", ".join(names.get(one, "") for one in (value if isinstance(value, list) else [value]) if one)
    return f"{label}: {value or '–'}"


def _page(request, case, form, version, conflict=None, status=200):
    groups = dict(TARGET_GROUPS[case.programme])
    context = {
        "form": form, "version": version, "conflict": conflict, "urgent": urgent_steps(request.acting, case),
        "target_group": groups.get(case.target_group, ""),
    }  # fmt: skip
    return case_page(request, "cases/intake.html", case, context, page="intake", status=status)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def urgent_handled(request, case_id, step_id):
    """What was done about something that stood under *Nu*."""
    case = case_or_404(request, case_id)
    step = get_object_or_404(UrgentStep.objects.visible_to(request.acting), pk=step_id, case=case)
    form = HandledForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.handle_urgent, by=request.acting, case=case, step=step, **form.cleaned_data):
            messages.success(request, "Antecknat. Det står inte längre under Nu.")
            return redirect("plans:person", case.pk)
    waiting = [one for one in urgent_steps(request.acting, case) if one["step"].pk == step.pk]
    context = {"form": form, "urgent": waiting[0] if waiting else None}
    return case_page(request, "cases/urgent_handled.html", case, context, page="urgent")
