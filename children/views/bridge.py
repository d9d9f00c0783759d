"""The way to the adults' programme: in the child's case what is to be done, in the grown-up's what came along."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations as cases
from cases.door import case_or_404, case_page
from cases.majority import RULE, is_childs, known_of, may_be_of_age
from cases.models import Case
from children import operations
from children.bridging import bridge_of, childs_files, days_left, ended_at_eighteen, own_consent, steps
from children.forms.bridge import AdultCaseForm, AgeForm, AskForm, HandOverForm, ReasonForm
from children.models import Bridge
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def age(request, case_id):
    """What is known of the child's age, and on what ground."""
    case = case_or_404(request, case_id)
    known = known_of(case)
    form = AgeForm(
        request.POST or None, initial={"known": known and known.known, "birth_date": case.individual.root.birth_date}
    )
    if request.method == "POST" and form.is_valid():
        if tried(form, cases.state_age, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Åldern är sparad.")
            return redirect("children:bridge", case.pk)
    context = {"form": form, "known": known, "law": rule(RULE, on=timezone.localdate()), "childs": is_childs(case)}
    return case_page(request, "children/age.html", case, context, page="age")


@require_GET
@allow(Permission.READ_CASE)
def bridge(request, case_id):
    """Where the person stands on the way, what ends by itself on the day, and the next thing to do."""
    case, today = case_or_404(request, case_id), timezone.localdate()
    row = bridge_of(case)
    adult = row and Case.objects.visible_to(request.acting).filter(pk=row.adult_case_id).first()
    context = {
        "row": row, "steps": steps(case, row, on=today), "known": known_of(case), "left": days_left(case, on=today),
        "of_age": may_be_of_age(case), "ended": ended_at_eighteen(case), "law": rule(RULE, on=today),
        "adult": adult, "own_consent": adult and own_consent(adult), "childs": is_childs(case),
    }  # fmt: skip
    return case_page(request, "children/bridge.html", case, context, page="bridge")


def _step(request, case_id, form, act, template, done, **more):
    """One step of the bridge: its form, its operation, and back to the bridge."""
    case = case_or_404(request, case_id)
    form = form(request.POST or None, **more)
    if request.method == "POST" and form.is_valid():
        if tried(form, act, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, done)
            return redirect("children:bridge", case.pk)
    return case_page(request, template, case, {"form": form, "row": bridge_of(case)}, page="bridge")


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def ask(request, case_id):
    return _step(request, case_id, AskForm, operations.ask_person, "children/bridge_ask.html", "Svaret är sparat.")


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def adult_case(request, case_id):
    return _step(
        request, case_id, AdultCaseForm, operations.open_adult_case, "children/bridge_case.html",
        "Personen har ett eget ärende.", by=request.acting,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def hand_over(request, case_id):
    return _step(
        request, case_id, HandOverForm, operations.hand_over_person, "children/bridge_hand_over.html",
        "Överlämningen är gjord. Den som tar över får den att bekräfta.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def before(request, case_id):
    """In the grown-up's case: what was handed over; and the child's file, which is opened with a reason."""
    case = case_or_404(request, case_id)
    files = childs_files(case)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = next((row["id"] for row in files if str(row["id"]) == request.POST.get("file")), None)
        opened = tried(
            form, operations.open_childs_file, by=request.acting, adult_case=case, case_id=wanted, **form.cleaned_data
        )
        if opened:
            messages.success(
                request, "Barnets akt är öppen för dig en tid, för att läsas. De som har ärendet får veta det."
            )
            return redirect(reverse("plans:person", args=[opened.case_id]))
    row = Bridge.objects.visible_to(request.acting).filter(adult_case=case).select_related(
        "receiver__user", "handed_by__user", "confirmed_by__user"
    ).first()  # fmt: skip
    context = {
        "row": row, "files": files, "form": form,
        "days": rule("child.file_reading", on=timezone.localdate()).values["days"],
        "mine": bool(row and row.receiver_id == request.acting.pk),
    }  # fmt: skip
    return case_page(request, "children/before.html", case, context, page="before")


@require_POST
@allow(Permission.READ_CASE)
@once
def confirm(request, case_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(Bridge.objects.visible_to(request.acting), adult_case=case)
    try:
        operations.confirm_hand_over(by=request.acting, bridge=row)
        messages.success(request, "Överlämningen är bekräftad.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("children:before", case.pk)
