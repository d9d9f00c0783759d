"""How a case began: known from the start, or filled in after a call in immediate danger."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.urgent import BeginningForm
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def beginning(request, case_id):
    case = case_or_404(request, case_id)
    before = {name: getattr(case, name) for name in BeginningForm.base_fields}
    form = BeginningForm(request.POST or None, programme=case.programme, initial=before)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.save_beginning, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Det är sparat.")
            return redirect("plans:person", case.pk)
    return case_page(request, "cases/beginning.html", case, {"form": form}, page="beginning")
