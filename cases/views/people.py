from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms import CaseForm, KnownForm, PersonForm, SafeContactForm
from cases.models import Case, Individual, PersonIdentifier, SafeContact
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def case_list(request):
    """The cases open to me. Name and number only: no delicate column, no filter on people (R10)."""
    cases = Case.objects.visible_to(request.acting).active().select_related("individual", "worker__user")
    cases = list(cases.order_by("number", "pk"))
    operations.view_list(by=request.acting, cases=cases)
    return render(request, "cases/list.html", {"cases": cases})


@require_POST
@allow(Permission.SEARCH_PERSON)
def search(request):
    """By POST, so that no name lies in an address, a history or a proxy's log."""
    query = request.POST.get("q", "").strip()
    context = {"query": query, "hits": [], "why": "", "search": None}
    try:
        context["hits"], context["search"] = operations.search_people(by=request.acting, query=query)
    except Refused as why:
        context["why"] = str(why)
    if len(context["hits"]) == 1 and context["hits"][0].case:
        return redirect("plans:person", context["hits"][0].case.pk)
    return render(request, "cases/search.html", context)


@require_http_methods(["POST"])
@allow(Permission.CREATE_CASE)
@once
def person_add(request):
    """Reached from a search only; the operation asks for it too. The first arrival shows the form, the next saves."""
    if "programme" not in request.POST:
        initial = {"after_search": request.POST.get("search"), **_guess(request.POST.get("q", ""))}
        return render(request, "cases/person_form.html", {"form": PersonForm(initial=initial)})
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                person = operations.add_person(by=request.acting, **form.person_fields)
                case = operations.open_case(by=request.acting, individual=person, **form.case_fields)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"Ärende {case.number} är öppnat. Registrera samtycke när ni har pratat.")
            return redirect("plans:person", case.pk)
    return render(request, "cases/person_form.html", {"form": form})


def _guess(query):
    """What was searched for goes into the right field, so that it isn't typed again."""
    digits = sum(c.isdigit() for c in query)
    return {"number": query} if digits >= 6 else {"name": query}


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
    person, conflict = case.individual, None
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
    numbers = PersonIdentifier.objects.visible_to(request.acting).filter(individual=person)
    context = {"form": form, "version": version, "conflict": conflict, "numbers": numbers}
    status = 409 if conflict else 200
    return case_page(request, "cases/person_edit.html", case, context, page="person_edit", status=status)


def _known(person):
    sealed = person.is_protected
    return {
        "name": person.sealed_name if sealed else person.name, "alias": person.sealed_alias if sealed else person.alias,
        "birth_date": person.birth_date, "protection": person.protection, "local_threat": person.local_threat,
        "language": person.language, "needs_interpreter": person.needs_interpreter, "number": "",
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
        "mine": "\n".join(f"{fields[name].label}: {form.cleaned_data[name] or '–'}" for name in fields),
        "theirs": "\n".join(f"{fields[name].label}: {theirs[name] or '–'}" for name in fields),
        "saved_by": who, "saved_at": when, "seen_version": row.version,
    }  # fmt: skip
