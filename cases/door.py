"""The way into a case from any page: fetch and authorise in one line, log the reading, show the fixed bar."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cases.models import Case
from cases.operations import view_case, view_desk
from exitprogram.tenancy.roles import Permission, may

ACTIONS = (
    ("Anteckning", "cases:note_new", "notebook-pen", "A", Permission.WRITE_NOTE, "skriva anteckningar"),
    ("Åtgärd", "plans:measure_new", "list-checks", "Q", Permission.EDIT_PLAN, "ändra i planen"),
    ("Beslut", "teams:decision_new", "gavel", "B", Permission.PROPOSE_DECISION, "starta beslut"),
    ("Möte", "plans:meeting_new", "calendar", "M", Permission.BUILD_TEAM, "kalla till möte"),
    ("PDF", "plans:copies", "file-down", "P", Permission.EXPORT_PLAN, "lämna ut planen"),
)

# What the file holds, under headings: label, view, the permission that shows it. A case's new page has its line here.
FILE = (
    ("Personen", (
        ("Uppgifter", "cases:person_edit", Permission.CREATE_CASE),
        ("Säker kontakt", "cases:safe_contact", Permission.READ_CASE),
    )),
    ("Arbetet", (
        ("Planen", "plans:plan", Permission.READ_CASE),
        ("Anteckningar", "cases:notes", Permission.READ_CASE),
        ("Teamet", "teams:team", Permission.READ_CASE),
    )),
    ("Insyn", (
        ("Samtycken och utlämnat", "cases:consents", Permission.READ_CASE),
        ("Vem kan se", "plans:insight", Permission.READ_CASE),
    )),
)  # fmt: skip


def case_or_404(request, case_id):
    """The case, when it is open to the acting membership. Unknown and not allowed look the same."""
    cases = Case.objects.visible_to(request.acting).select_related("individual", "worker__user", "authority")
    return get_object_or_404(cases, pk=case_id)


def case_bar(case, by, current=""):
    actions = [
        {
            "label": label, "url": reverse(name, args=[case.pk]), "icon": icon, "key": key,
            "enabled": may(by, permission), "why": f"Din roll ger inte rätt att {what}.", "current": name == current,
        }
        for label, name, icon, key, permission, what in ACTIONS
    ]  # fmt: skip
    return {
        "number": case.number, "name": case.individual.short_name, "url": reverse("plans:person", args=[case.pk]),
        "actions": actions, "file": _file(case, by, current),
    }  # fmt: skip


def _file(case, by, current):
    return [
        (heading, [(label, reverse(name, args=[case.pk]), name == current)
                   for label, name, permission in pages if may(by, permission)])
        for heading, pages in FILE
    ]  # fmt: skip


def case_page(request, template, case, context, *, page, status=200):
    """A page about the person: the reading is logged in the same transaction, before anything is shown."""
    view_case(by=request.acting, case=case, page=page)
    current = f"{request.resolver_match.namespace}:{request.resolver_match.url_name}"
    context = {"case": case, "person": case.individual, "case_bar": case_bar(case, request.acting, current), **context}
    return render(request, template, context, status=status)


def desk_page(request, template, context, *, page):
    """A page over many cases, by number and without a person: one line in the log says that it was read."""
    view_desk(by=request.acting, page=page)
    return render(request, template, context)
