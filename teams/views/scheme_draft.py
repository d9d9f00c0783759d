"""Writing a new version of the delegation scheme, from a sheet or row by row, and putting it in force."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.sheets.forms import SheetForm
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.delegation import as_dict, draft_of, left_with_nobody, rows_of_scheme, saved_rows
from teams.forms.scheme import AdoptForm, RowForm, sealed, unsealed
from teams.models import DelegationRow, DelegationScheme
from teams.sheets import read_rows
from teams.views.scheme import told, told_difference
from teams.who_decides import stopped_by, vacant

GONE = "Det finns inget utkast. Börja på en ny version."


def _no_draft(request):
    messages.warning(request, GONE)
    return redirect("teams:scheme")


def _in_force():
    """What the draft is held against: the newest adopted version."""
    return DelegationScheme.objects.adopted().first()


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def scheme_draft(request):
    """The draft's rows, and what differs from the version before. POST begins one."""
    if request.method == "POST":
        try:
            operations.start_draft(by=request.acting)
        except Refused as why:
            messages.warning(request, str(why))
        return redirect("teams:scheme_draft")
    draft = draft_of()
    if draft is None:
        return _no_draft(request)
    saved = saved_rows(draft)
    rows, before = [as_dict(row) for row in saved], _in_force()
    context = {
        "draft": draft, "rows": [{**row, "pk": one.pk} for row, one in zip(told(rows), saved, strict=True)],
        "before": before, "difference": told_difference(rows_of_scheme(before), rows),
        "nobody": list(left_with_nobody(rows)),
    }  # fmt: skip
    return render(request, "teams/scheme_draft.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def row_new(request):
    if draft_of() is None:
        return _no_draft(request)
    form = RowForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_row, by=request.acting, **form.cleaned_data):
            messages.success(request, "Raden finns i utkastet.")
            return redirect("teams:scheme_draft")
    return render(request, "teams/row_form.html", {"form": form})


def _row_or_404(row_id):
    rows = DelegationRow.objects.filter(scheme__state=DelegationScheme.State.DRAFT).select_related("member__user")
    return get_object_or_404(rows, pk=row_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def row_edit(request, row_id):
    row = _row_or_404(row_id)
    form = RowForm(request.POST or None, by=request.acting, initial=as_dict(row))
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.change_row, by=request.acting, row=row, **form.cleaned_data):
            messages.success(request, "Raden är ändrad i utkastet.")
            return redirect("teams:scheme_draft")
    return render(request, "teams/row_form.html", {"form": form, "row": row})


@require_POST
@allow(Permission.ADMINISTER)
@once
def row_remove(request, row_id):
    row = _row_or_404(row_id)
    try:
        operations.remove_row(by=request.acting, row=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, f"Rad {row.number} är borttagen ur utkastet.")
    return redirect("teams:scheme_draft")


@require_POST
@allow(Permission.ADMINISTER)
@once
def scheme_drop(request):
    try:
        operations.drop_draft(by=request.acting)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Utkastet är borttaget. Ordningen som gäller är oförändrad.")
    return redirect("teams:scheme")


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def scheme_import(request):
    """A file is read and shown, with what is wrong row by row. Only a second press puts it in the draft."""
    if request.method == "POST" and "rows" in request.POST:
        return _put_in(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        read = tried(form, read_rows, by=request.acting, data=form.cleaned_data["file"])
        if read:
            context |= _shown(request.acting, read)
    return render(request, "teams/scheme_import.html", context)


def _shown(by, read):
    before = rows_of_scheme(draft_of() or _in_force())
    return {
        "read": read, "sealed": "" if read.faults else sealed(by, read.rows),
        "nobody": list(left_with_nobody(read.rows)),
        "difference": None if read.faults else told_difference(before, read.rows),
    }  # fmt: skip


def _put_in(request):
    rows = unsealed(request.acting, request.POST["rows"])
    try:
        if rows is None:
            raise Refused("Det är för länge sedan filen lästes in. Läs in den igen.")
        operations.replace_rows(by=request.acting, rows=rows)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("teams:scheme_import")
    messages.success(request, f"{len(rows)} rader finns i utkastet. Inget gäller förrän du sätter det i kraft.")
    return redirect("teams:scheme_draft")


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def scheme_adopt(request):
    """What the draft changes, whom it stops, the minute and the day: one page and one press."""
    draft, today = draft_of(), timezone.localdate()
    if draft is None:
        return _no_draft(request)
    form = AdoptForm(request.POST or None, initial={"minute_on": today, "valid_from": today, "shown_for": str(today)})
    day = today
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data}
        day, shown_for = given["valid_from"], given.pop("shown_for")
        if shown_for != str(day) and stopped_by(request.acting, draft, on=day):
            form.add_error(None, "Dagen är en annan än den som visades. Se vad som ändras då, och tryck igen.")
        elif adopted := tried(form, operations.adopt_draft, by=request.acting, **given):
            messages.success(request, f"Version {adopted.version} är satt i kraft.")
            return redirect("teams:scheme")
    return render(request, "teams/scheme_adopt.html", _effect(request.acting, draft, form, day))


def _effect(by, draft, form, day):
    rows, before = rows_of_scheme(draft), _in_force()
    return {
        "draft": draft, "before": before, "form": form, "day": day, "shown_for": str(day),
        "difference": told_difference(rows_of_scheme(before), rows), "nobody": list(left_with_nobody(rows)),
        "stopped": stopped_by(by, draft, on=day), "vacant": vacant(by, rows, on=day),
    }  # fmt: skip
