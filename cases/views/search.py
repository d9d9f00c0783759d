"""The search that comes before a person is added. What was searched for never stands in an address: it lies sealed in
the session, under the id of the logged search, for half an hour and for the one who searched."""

import base64
import json
import uuid

from cryptography.exceptions import InvalidTag
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.access import is_child_worker
from cases.forms import PersonForm
from cases.forms.urgent import UrgentPersonForm
from exitprogram.crypto import keys
from exitprogram.crypto.sealing import seal, unseal
from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

SEARCHES = "searches"
KEPT = 5  # searches in one session that Back can still show


@require_POST
@allow(Permission.SEARCH_PERSON)
def search(request):
    """By POST, so that no name lies in an address, a history or a proxy's log; then to a page that Back can show."""
    query = request.POST.get("q", "").strip()
    try:
        found, alone = operations.start_search(by=request.acting, query=query)
    except Refused:
        found, alone = uuid.uuid4(), None  # the results page says why
    if alone:
        return redirect("plans:person", alone.pk)
    _remember(request, found, query, request.POST.get("contact_way", ""))
    return redirect("cases:search_results", found)


@require_GET
@allow(Permission.SEARCH_PERSON)
def results(request, search_id):
    known = remembered(request, search_id)
    if known is None:
        return search_again(request)
    query, _contact_way = known
    context = {"query": query, "hits": [], "why": "", "search": None, "child_worker": is_child_worker(request.acting)}
    try:
        context["hits"] = operations.show_search(by=request.acting, search=search_id, query=query)
        context["search"] = search_id
    except Refused as why:
        context["why"] = str(why)
    return render(request, "cases/search.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def person_add(request, search_id):
    """Reached from a search only; the operation asks for it too."""
    form = PersonForm(request.POST or None, initial=_guess(*(remembered(request, search_id) or ("", ""))))
    if request.method == "GET" and remembered(request, search_id) is None:
        return search_again(request)
    case = _opened(request, search_id, form)
    if case is None:
        return render(request, "cases/person_form.html", {"form": form})
    messages.success(request, f"Ärende {case.number} är öppnat. Registrera samtycke när ni har pratat.")
    return redirect("plans:person", case.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def person_urgent(request, search_id):
    """A call in immediate danger: what the person is called opens the case, and the triage comes next."""
    known = remembered(request, search_id)
    if request.method == "GET" and known is None:
        return search_again(request)
    form = UrgentPersonForm(request.POST or None, initial={"alias": (known or ("",))[0]})
    case = _opened(request, search_id, form)
    if case is None:
        return render(request, "cases/person_urgent.html", {"form": form})
    messages.success(request, f"Ärende {case.number} är öppnat. Börja med det som behöver göras genast.")
    return redirect("cases:intake", case.pk)


def _opened(request, search_id, form):
    """The person and the case together, or None with what is wrong on the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        with transaction.atomic():
            person = operations.add_person(by=request.acting, after_search=search_id, **form.person_fields)
            return operations.open_case(by=request.acting, individual=person, **form.case_fields)
    except Refused as why:
        form.add_error(None, str(why))
        return None


def _guess(query, contact_way):
    """What was searched for goes into the right field, so that it isn't typed again. From open access comes how the
    contact came, never which contact."""
    digits = sum(c.isdigit() for c in query)
    return {"number" if digits >= 6 else "name": query, "contact_way": contact_way}


def search_again(request):
    """The same answer for a search that is forgotten, somebody else's or none at all."""
    messages.warning(request, "Sök igen. En sökning visas i en halvtimme, och bara för den som sökte.")
    return redirect("cases:list")


def _seal_of(request, search_id):
    """(key, whose it is): another membership's, also of the same user, does not open."""
    by = request.acting
    return keys.derived(keys.newest(), "search", by.authority_id), f"search|{by.pk}|{search_id}"


def _remember(request, search_id, query, contact_way):
    key, whose = _seal_of(request, search_id)
    sealed = seal(key, json.dumps([query, contact_way]).encode(), bound_to=whose)
    kept = {**request.session.get(SEARCHES, {}), str(search_id): base64.b64encode(sealed).decode()}
    request.session[SEARCHES] = dict(list(kept.items())[-KEPT:])


def remembered(request, search_id):
    sealed = request.session.get(SEARCHES, {}).get(str(search_id))
    key, whose = _seal_of(request, search_id)
    try:
        return json.loads(unseal(key, base64.b64decode(sealed), bound_to=whose)) if sealed else None
    except InvalidTag:
        return None
