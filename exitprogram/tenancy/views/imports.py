"""Units and people from a spreadsheet. A file is read and shown line by line; only a second press does anything."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import tried
from exitprogram.sheets.book import XLSX
from exitprogram.sheets.carried import brought_back, carried
from exitprogram.sheets.forms import SheetForm
from exitprogram.tenancy import imports, operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def units_import(request):
    return _import(request, "units")


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def people_import(request):
    return _import(request, "people")


@require_GET
@allow(Permission.ADMINISTER)
def units_template(request):
    return _file(imports.template_of(request.acting, "units"), "enheter")


@require_GET
@allow(Permission.ADMINISTER)
def people_template(request):
    return _file(imports.template_of(request.acting, "people"), "personal")


def _file(data, name):
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _import(request, what):
    if request.method == "POST" and "rows" in request.POST:
        return _confirmed(request, what)
    form, context = SheetForm(request.POST or None, request.FILES or None), {}
    if request.method == "POST" and form.is_valid():
        if read := tried(form, imports.read_rows, by=request.acting, what=what, data=form.cleaned_data["file"]):
            context = _shown(request.acting, what, *read)
    return _page(request, what, form, context)


def _page(request, what, form, context, status=200):
    return render(request, "tenancy/import.html", {**context, "form": form, "what": what}, status=status)


def _shown(by, what, rows, faults):
    """The lines that can be read are tried too, so that everything wrong is said at once."""
    outcomes = imports.tried_out(by, what, rows)
    every = sorted([*faults, *outcomes], key=lambda one: one.number)
    return {**_sorted(every), "sealed": _sealed(by, what, rows, outcomes, every)}


def _sorted(every):
    found = {kind: [one for one in every if one.what == kind] for kind in ("new", "changed", "same", "fault")}
    return {"found": found, "lines": found["new"] + found["changed"], "count": len({one.number for one in every})}


def _sealed(by, what, rows, outcomes, every):
    """Nothing to confirm when something is wrong, or when there is nothing to do."""
    kinds = {one.what for one in every}
    if imports.FAULT in kinds or kinds <= {imports.SAME}:
        return ""
    return carried(by, what, [rows, imports.plain(outcomes)])


def _confirmed(request, what):
    by = request.acting
    try:
        rows, shown = brought_back(by, what, request.POST["rows"])
        made = operations.read_in(by=by, what=what, rows=rows, shown=shown)
    except Stale as stale:
        return _differs(request, what, rows, shown, stale)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect(f"tenancy:{what}_import")
    messages.success(request, f"Inläst: {made['new']} nya, {made['changed']} ändrade.")
    return redirect(f"tenancy:{what}")


def _differs(request, what, rows, shown, stale):
    """Both sides of every line that has become another, and a new press to confirm what it does now."""
    then = [imports.Outcome(**one) for one in shown]
    pairs = [(a, b) for a, b in zip(then, stale.current, strict=True) if a != b]
    sealed = _sealed(request.acting, what, rows, stale.current, stale.current)
    context = {**_sorted(stale.current), "pairs": pairs, "why": str(stale), "sealed": sealed}
    return _page(request, what, SheetForm(), context, status=409)
