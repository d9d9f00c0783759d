"""«Kan det vara samma person?»: possible duplicates side by side, put together and taken apart again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.merges import MergeForm, UndoMergeForm
from cases.models import Case, Individual, PersonIdentifier, PersonMerge
from exitprogram.page.saving import tried
from exitprogram.page.templatetags.page import sv_date
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.CREATE_CASE)
def duplicates(request, case_id):
    case = case_or_404(request, case_id)
    found = operations.find_duplicates(by=request.acting, case=case)
    mine = case.individual.root
    context = {
        "candidates": [(one, side_by_side(request.acting, mine, one.individual)) for one in found],
        "merges": _merges(request, case),
    }
    return case_page(request, "cases/duplicates.html", case, context, page="duplicates")


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def merge(request, case_id, individual_id):
    case = case_or_404(request, case_id)
    mine = case.individual.root
    other = get_object_or_404(Individual.objects.visible_to(request.acting).exclude(pk=mine.pk), pk=individual_id)
    people = {str(mine.pk): mine, str(other.pk): other}
    choices = [(mine, f"{mine.shown_name} (den här)"), (other, f"{other.shown_name} (den andra)")]
    form = MergeForm(request.POST or None, people=choices)
    if request.method == "POST" and form.is_valid():
        kept = people.pop(form.cleaned_data["keep"])
        (merged,) = people.values()
        given = {"kept": kept, "merged": merged, "reason": form.cleaned_data["reason"]}
        if tried(form, operations.merge_people, by=request.acting, **given):
            messages.success(request, "De visas nu som en person. Det går att ta isär dem igen här.")
            return redirect("cases:duplicates", case.pk)
    operations.view_person(by=request.acting, individual=other)
    context = {"form": form, "rows": side_by_side(request.acting, mine, other), "other": other}
    return case_page(request, "cases/merge.html", case, context, page="duplicates")


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def merge_undo(request, case_id, merge_id):
    case = case_or_404(request, case_id)
    of_case = get_object_or_404(_merges(request, case), pk=merge_id)
    form = UndoMergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.undo_merge, by=request.acting, merge=of_case, **form.cleaned_data):
            messages.success(request, "De är två personer igen. Ingenting har flyttats.")
            return redirect("cases:duplicates", case.pk)
    context = {"form": form, "rows": side_by_side(request.acting, of_case.kept, of_case.merged), "merge": of_case}
    return case_page(request, "cases/merge_undo.html", case, context, page="duplicates")


def _merges(request, case):
    people = Individual.objects.visible_to(request.acting).same_as(case.individual)
    merges = PersonMerge.objects.visible_to(request.acting).standing().filter(merged__in=people)
    return merges.select_related("kept", "merged", "merged_by__user")


def side_by_side(by, one, other):
    """[(label, the one's, the other's, the same?)], field by field."""
    mine, theirs = _facts(by, one), _facts(by, other)
    return [(label, mine[label], theirs[label], bool(mine[label]) and mine[label] == theirs[label]) for label in mine]


def _facts(by, person):
    name, alias = person.called
    numbers = PersonIdentifier.objects.visible_to(by).filter(individual=person)
    cases = Case.objects.visible_to(by).filter(individual=person).order_by("number")
    return {
        "Namn": name, "Kallas": alias, "Födelsedag": sv_date(person.birth_date) if person.birth_date else "",
        "Nummer": ", ".join(number.shown for number in numbers), "Språk": person.language,
        "Tolk": "behövs" if person.needs_interpreter else "", "Skydd": "skyddade uppgifter" if person.guarded else "",
        "Ärenden": ", ".join(case.number for case in cases),
    }  # fmt: skip
