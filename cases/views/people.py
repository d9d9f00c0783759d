from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.duplicates import possible_duplicates
from cases.forms import CaseForm, KnownForm, SafeContactForm
from cases.models import Individual, SafeContact
from cases.open_list import cases_after, open_to
from cases.views.numbers import numbers_of
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.paging import STEP, opaque
from exitprogram.page.saving import whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def case_list(request):
    """The cases open to me, fifty at a time. Name and number only: no delicate column, no filter on people (R10). The
    place in the list is the id of the last case shown; one that is not hers begins the list anew."""
    by, after = request.acting, opaque(request.GET.get("efter", ""))
    cases = (after and cases_after(by, after, STEP)) or open_to(by, STEP)
    operations.view_list(by=by, cases=cases)
    left = cases[0].of - len(cases) if cases else 0
    context = {"cases": cases, "left": left, "last": cases[-1].pk if cases else None, "begun": after is not None}
    return render(request, "cases/list.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def case_open(request, individual_id):
    """A case for a person who is already here without one, or with one in the other programme."""
    individual = _individual_or_404(request, individual_id)
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = operations.open_case(by=request.acting, individual=individual, **form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"Ärende {case.number} är öppnat.")
            return redirect("plans:person", case.pk)
    operations.view_person(by=request.acting, individual=individual)
    return render(request, "cases/case_form.html", {"form": form, "individual": individual})


def _individual_or_404(request, individual_id):
    from django.shortcuts import get_object_or_404

    return get_object_or_404(Individual.objects.visible_to(request.acting), pk=individual_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def person_edit(request, case_id):
    """What has become known since the case was opened."""
    case = case_or_404(request, case_id)
    person, conflict = case.individual.root, None
    form = KnownForm(request.POST or None, initial=_known(person))
    # A form that comes back with a fault still carries what it was made from, or it would pass for fresh.
    version = whole_number(request.POST.get("version")) if form.is_bound else person.version
    if request.method == "POST" and form.is_valid():
        if request.POST.get("keep") == "theirs":
            return redirect("cases:person_edit", case.pk)
        seen = "seen_version" if request.POST.get("keep") == "mine" else "version"
        try:
            operations.save_person(
                by=request.acting, case=case, version=whole_number(request.POST.get(seen)), **form.cleaned_data
            )
        except Stale as stale:
            conflict, version = _conflict(form, stale.current, _known(stale.current)), stale.current.version
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Uppgifterna är sparade.")
            return redirect("plans:person", case.pk)
    context = {
        "form": form, "version": version, "conflict": conflict, "numbers": numbers_of(request.acting, case),
        "merged": person.pk != case.individual_id or person.merges_kept.standing().exists(),
        "duplicates": len(possible_duplicates(request.acting, case)),
    }  # fmt: skip
    status = 409 if conflict else 200
    return case_page(request, "cases/person_edit.html", case, context, page="person_edit", status=status)


def _known(person):
    name, alias = person.called
    return {
        "name": name, "alias": alias,
        "birth_date": person.birth_date, "protection": person.protection, "local_threat": person.local_threat,
        "language": person.language, "needs_interpreter": person.needs_interpreter, "gender": person.gender,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def safe_contact(request, case_id):
    case = case_or_404(request, case_id)
    card = SafeContact.objects.filter(individual=case.individual).first()
    shown = {name: getattr(card, name) for name in SafeContactForm.base_fields} if card else {}
    form = SafeContactForm(request.POST or None, initial=shown)
    # A form that comes back with a fault still carries what it was made from, or it would pass for fresh.
    version = whole_number(request.POST.get("version")) if form.is_bound else card.version if card else 0
    conflict = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("keep") == "theirs":
            return redirect("cases:safe_contact", case.pk)
        seen = "seen_version" if request.POST.get("keep") == "mine" else "version"
        try:
            operations.save_safe_contact(
                by=request.acting, case=case, version=whole_number(request.POST.get(seen)), **form.cleaned_data
            )
        except Stale as stale:
            conflict, version = _conflict(form, stale.current, _card(stale.current)), stale.current.version
        else:
            messages.success(request, "Säker kontakt är sparad.")
            return redirect("plans:person", case.pk)
    context = {"form": form, "version": version, "conflict": conflict}
    return case_page(request, "cases/safe_contact.html", case, context, page="contact", status=409 if conflict else 200)


def _card(card):
    return {name: getattr(card, name) for name in SafeContactForm.base_fields}


def _conflict(form, row, theirs):
    """Both versions, field by field."""
    fields = form.fields
    who, when = last_touch(row)
    return {
        "mine": "\n".join(f"{fields[name].label}: {_word(fields[name], form.cleaned_data[name])}" for name in fields),
        "theirs": "\n".join(f"{fields[name].label}: {_word(fields[name], theirs[name])}" for name in fields),
        "saved_by": who, "saved_at": when, "seen_version": row.version,
    }  # fmt: skip


def _word(field, value):
    """As the form says it: the label of a choice, yes or no, a day as it is written."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return ", ".join(str(dict(field.choices).get(one, one)) for one in value) or "–"
    return dict(getattr(field, "choices", ())).get(value, value) if value else "–"
