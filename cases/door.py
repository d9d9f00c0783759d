"""The way into a case from any page: fetch and authorise in one line, log the reading, show the fixed bar."""

from django.db import connection
from django.http import Http404
from django.shortcuts import render

from cases.access import AFTER_CLOSING, IN_EMERGENCY
from cases.emergencies import banner
from cases.models import Case
from cases.operations import view_case, view_desk
from cases.protection import PRINTING, what_to_do
from exitprogram.errors import GoFirst
from exitprogram.page.links import link
from exitprogram.tenancy.models import is_resting
from exitprogram.tenancy.prepared import prepared_rows
from exitprogram.tenancy.roles import Permission, may

ACTIONS = (
    ("Anteckning", "cases:note_new", "notebook-pen", "A", Permission.WRITE_NOTE, "skriva anteckningar"),
    ("Åtgärd", "plans:measure_new", "list-checks", "Q", Permission.EDIT_PLAN, "ändra i planen"),
    ("Beslut", "teams:decision_new", "gavel", "B", Permission.PROPOSE_DECISION, "starta beslut"),
    ("Möte", "plans:meeting_new", "calendar", "M", Permission.BUILD_TEAM, "kalla till möte"),
    ("PDF", "plans:copies", "file-down", "P", Permission.EXPORT_PLAN, "lämna ut planen"),
)

# What the file holds, under headings: label, view, the permission that shows it. A case's new page has its line here.
# Headings that belong to one programme alone stand in ``ONLY``.
ONLY = {"Barnet": Case.Programme.CHILD}
FILE = (
    ("Personen", (
        ("Första kontakten", "cases:intake", Permission.WRITE_NOTE),
        ("Uppgifter", "cases:person_edit", Permission.CREATE_CASE),
        ("Säker kontakt", "cases:safe_contact", Permission.READ_CASE),
        ("Skydd", "cases:protection", Permission.READ_CASE),
        ("Platser", "cases:places", Permission.READ_CASE),
        ("Kommuner", "cases:residence", Permission.READ_CASE),
    )),
    ("Barnet", (
        ("Anmälningar och utredning", "children:reports", Permission.READ_CASE),
        ("Skydd nu", "children:protection", Permission.READ_CASE),
        ("Vårdnadshavare", "children:guardians", Permission.READ_CASE),
        ("Vems samtycke", "children:consents", Permission.READ_CASE),
        ("Barnets röst", "children:voices", Permission.READ_CASE),
        ("Planen för barnet", "plans:childs_plan", Permission.EXPORT_PLAN),
        ("Samråd i barnahus", "children:consultations", Permission.READ_CASE),
        ("Stödkedjan", "children:chain", Permission.READ_CASE),
        ("Besök och samtal", "children:visits", Permission.WRITE_NOTE),
        ("Ålder", "children:age", Permission.READ_CASE),
        ("Bron till 18 år", "children:bridge", Permission.READ_CASE),
        ("Domstol och nämnd", "children:court", Permission.READ_CASE),
    )),
    ("Arbetet", (
        ("Planen", "plans:plan", Permission.READ_CASE),
        ("Uppföljning", "plans:follow_up", Permission.READ_CASE),
        ("Anteckningar", "cases:notes", Permission.READ_CASE),
        ("Handlingar", "cases:documents", Permission.READ_CASE),
        ("Bedömningar", "cases:assessments", Permission.READ_CASE),
        ("Teamet", "teams:team", Permission.READ_CASE),
        ("Placering", "children:placements", Permission.READ_CASE),
    )),
    ("Andra länder", (
        ("Identifiering", "cases:identifications", Permission.READ_CASE),
        ("Tillstånd och betänketid", "cases:permits", Permission.READ_CASE),
        ("Språk och tolk", "cases:interpreter", Permission.WRITE_NOTE),
        ("Nationella stödprogrammet", "cases:support_periods", Permission.READ_CASE),
        ("Trygg återresa", "cases:return", Permission.READ_CASE),
        ("Att undvika", "cases:avoid", Permission.READ_CASE),
    )),
    ("Insyn", (
        ("Samtycken", "cases:consents", Permission.READ_CASE),
        ("Utlämnat", "cases:register", Permission.READ_CASE),
        ("Vem kan se", "plans:insight", Permission.READ_CASE),
        ("Frågor från regionen", "reporting:questions", Permission.READ_CASE),
        ("Spärra någon", "cases:blocks", Permission.BUILD_TEAM),
    )),
    ("Avslut", (
        ("Överflyttning", "cases:transfer", Permission.TRANSFER_CASE),
        ("Avsluta ärendet", "plans:close", Permission.CLOSE_CASE),
        ("Gallring", "cases:case_retention", Permission.READ_CASE),
        ("Till arkivet", "cases:exports", Permission.DISCLOSE),
    )),
)  # fmt: skip


@prepared_rows
def open_case(by, case_id):
    cases = Case.objects.visible_to(by).select_related("individual", "worker__user", "authority")
    return cases.filter(pk=case_id)


def case_or_404(request, case_id):
    """The case, when it is open to the acting membership. Unknown and not allowed look the same."""
    open_to_her = open_case(request.acting, case_id)
    if not open_to_her:
        _asked_first(case_id)
        raise Http404
    found = open_to_her[0]
    if found.individual.guarded and is_resting(request.acting):
        raise GoFirst(link("tenancy:resting"))
    return found


def _asked_first(case_id):
    """Somebody has opened it to her, and she has not answered yet whether she knows the person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM wall.questions() q WHERE q.case_id = %s)", [case_id])
        if cursor.fetchone()[0]:
            raise GoFirst(link("teams:question", case_id))


CLOSED = "Ärendet är avslutat. Ta upp det igen om arbetet ska fortsätta."
READ_ONLY = "Med nödåtkomst går det att läsa och att skriva anteckningar, inget annat."


def case_bar(case, by, current=""):
    emergency = banner(by, case)
    actions = [
        {
            "label": label, "url": link(name, case.pk), "icon": icon, "key": key,
            "enabled": may(by, permission)
            and not (emergency and permission not in IN_EMERGENCY)
            and not (case.closed_on and permission not in AFTER_CLOSING),
            "why": _why(by, case, permission, what),
            "current": name == current,
        }
        for label, name, icon, key, permission, what in ACTIONS
    ]  # fmt: skip
    return {
        "number": case.number, "name": case.individual.root.short_name, "url": link("plans:person", case.pk),
        "actions": actions, "file": _file(case, by, current), "closed_on": case.closed_on, "banner": emergency,
        "on_paper": what_to_do(case.individual, PRINTING),
    }  # fmt: skip


def _why(by, case, permission, what):
    if not may(by, permission):
        return f"Din roll ger inte rätt att {what}."
    return CLOSED if case.closed_on else READ_ONLY


def _file(case, by, current):
    return [
        (heading, [(label, link(name, case.pk), name == current)
                   for label, name, permission in pages if may(by, permission)])
        for heading, pages in FILE if ONLY.get(heading, case.programme) == case.programme
    ]  # fmt: skip


def case_page(request, template, case, context, *, page, status=200):
    """A page about the person: the reading is logged in the same transaction, before anything is shown."""
    view_case(by=request.acting, case=case, page=page)
    current = f"{request.resolver_match.namespace}:{request.resolver_match.url_name}"
    bar = case_bar(case, request.acting, current)
    context = {"case": case, "person": case.individual.root, "case_bar": bar, **context}
    return render(request, template, context, status=status)


def desk_page(request, template, context, *, page):
    """A page over many cases, by number and without a person: one line in the log says that it was read."""
    view_desk(by=request.acting, page=page)
    return render(request, template, context)
