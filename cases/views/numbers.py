from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.numbers import EndNumberForm, NumberForm
from cases.models import Individual, PersonIdentifier
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def number_add(request, case_id):
    """One more number, never in place of another."""
    case = case_or_404(request, case_id)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.number_fields
        given["kind"] = given.pop("number_kind")
        more = {name: form.cleaned_data[name] for name in ("source", "valid_from")}
        if tried(form, operations.add_number, by=request.acting, case=case, **given, **more):
            messages.success(request, "Numret är tillagt.")
            return redirect("cases:person_edit", case.pk)
    return case_page(request, "cases/number_form.html", case, {"form": form}, page="numbers")


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def number_end(request, case_id, number_id):
    case = case_or_404(request, case_id)
    number = get_object_or_404(numbers_of(request.acting, case), pk=number_id)
    form = EndNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_number, by=request.acting, case=case, number=number, **form.cleaned_data):
            messages.success(request, "Numret är avslutat och finns kvar i listan.")
            return redirect("cases:person_edit", case.pk)
    return case_page(request, "cases/number_end.html", case, {"form": form, "number": number}, page="numbers")


def numbers_of(by, case):
    """All numbers of the person, those of merged rows too."""
    people = Individual.objects.visible_to(by).same_as(case.individual)
    return PersonIdentifier.objects.visible_to(by).filter(individual__in=people).select_related("region")
