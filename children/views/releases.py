"""What one guardian may be given: chosen, reasoned, handed over, taken back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from cases.door import case_page
from cases.models import Document
from children import operations
from children.door import childs_case_or_404
from children.forms import guardians as forms
from children.models import Guardian, GuardianRelease
from children.releases import why_marked
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_send
from exitprogram.tenancy.roles import Permission

PAGE = "guardians"


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def release_new(request, case_id, guardian_id):
    case = childs_case_or_404(request, case_id)
    row = get_object_or_404(Guardian.objects.visible_to(request.acting), pk=guardian_id, case=case)
    form = forms.ReleaseForm(request.POST or None, by=request.acting, case=case)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.acting, "case": case, "guardian": row, **form.given}
        if done := tried(form, operations.release_to_guardian, **given):
            messages.success(request, f"{len(done)} uppgifter får lämnas till {row.name}. Inget har gått i väg.")
            return redirect("children:guardians", case.pk)
    context = {"form": form, "row": row, "marked": why_marked(row)}
    return case_page(request, "children/release_form.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def release_withdraw(request, case_id, release_id):
    case, row = _release_or_404(request, case_id, release_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.acting, "case": case, "release": row, **form.cleaned_data}
        if tried(form, operations.withdraw_release, **given):
            messages.success(request, "Taget tillbaka. Det går inte att lämna längre.")
            return redirect("children:guardians", case.pk)
    context = {
        "form": form, "row": row.guardian, "title": "Ta tillbaka", "button": "Ta tillbaka", "danger": True,
        "said": f"{row.heading}. Det som redan har lämnats står kvar i registret.",
    }  # fmt: skip
    return case_page(request, "children/guardian_form.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@fresh_to_send
def release_hand(request, case_id, release_id):
    """The paper itself, as a file to hand over. A second press is a second copy, with its own number and row."""
    case, row = _release_or_404(request, case_id, release_id)
    document = get_object_or_404(Document.objects.visible_to(request.acting), pk=row.object_id, case=case)
    form = forms.HandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.acting, "case": case, "guardian": row.guardian, "document": document}
        if done := tried(form, operations.hand_document, **given, **form.cleaned_data):
            response = HttpResponse(done[0], content_type=document.content_type)
            response.headers["Content-Disposition"] = f'attachment; filename="handling-{done[1].copy_number}"'
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response
    context = {
        "form": form, "row": row.guardian, "title": "Lämna handlingen", "button": "Hämta för att lämna", "again": True,
        "said": f"{row.heading}. Kopian får ett nummer och skrivs upp bland det som har lämnats ut.",
    }  # fmt: skip
    return case_page(request, "children/guardian_form.html", case, context, page=PAGE)


def _release_or_404(request, case_id, release_id):
    case = childs_case_or_404(request, case_id)
    rows = GuardianRelease.objects.visible_to(request.acting).filter(withdrawn_at=None).select_related("guardian")
    return case, get_object_or_404(rows, pk=release_id, case=case)
