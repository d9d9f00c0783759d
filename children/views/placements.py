"""Placements and what the law asks of them; visits, and how long since the child was talked with alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.door import case_or_404, case_page
from cases.majority import is_childs
from children import operations
from children.chain import left_of_placement, plan_parts, running_placement, since_alone, uncounted_home
from children.forms.chain import ConsiderForm, EndPlacementForm, HealthForm, PlacementForm, PlanForm, VisitForm
from children.models import ChildVisit, Guardian, Placement
from children.operations.placement import PLAN
from children.views.chain import form_page
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

HERE = {"back": "children:placements", "page": "placements"}


@require_GET
@allow(Permission.READ_CASE)
def placements(request, case_id):
    case = case_or_404(request, case_id)
    now = running_placement(case)
    plans = [(plan, plan_parts(plan)) for plan in now.plans.select_related("signed_by__user")] if now else []
    context = {
        "now": now, "plans": plans, "childs": is_childs(case),
        "uncounted": rule("court.transfer.first", on=timezone.localdate()) if now and uncounted_home(now) else None,
        "left": left_of_placement(case, on=timezone.localdate()) if now else [],
        "health": now.health_offers.select_related("written_by__user") if now else [],
        "consented": Guardian.objects.filter(case=case, pk__in=now.consented) if now else [],
        "considered": now.reviews.exclude(considered_on=None).select_related("considered_by__user") if now else [],
        "past": Placement.objects.visible_to(request.acting).filter(case=case).exclude(ends_on=None),
    }  # fmt: skip
    return case_page(request, "children/placements.html", case, context, page="placements")


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def place(request, case_id):
    case = case_or_404(request, case_id)
    form = PlacementForm(request.POST or None, case=case)
    return form_page(
        request, case, form, operations.place, given=lambda _said: form.given,
        heading="Ny placering", text="Skriv aldrig var hemmet ligger: adressen är en egen plats, under Platser.",
        button="Spara placeringen", done="Placeringen är skriven. Det som ska göras nu står på Min dag.", **HERE,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def placement_end(request, case_id):
    return form_page(
        request, case_or_404(request, case_id), EndPlacementForm(request.POST or None), operations.end_placement,
        heading="Avsluta placeringen", text="Barnets placering slutar inte utan att någon tar vid.", button="Avsluta",
        done="Placeringen är avslutad.", **HERE,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def consider(request, case_id):
    return form_page(
        request, case_or_404(request, case_id), ConsiderForm(request.POST or None), operations.consider_placement,
        heading="Övervägande", text=rule("placement.consider", on=timezone.localdate()).text, button="Spara",
        done="Övervägandet är skrivet.", **HERE,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def placement_plan(request, case_id, kind):
    if kind not in PLAN:
        raise Http404
    case, law = case_or_404(request, case_id), rule(PLAN[kind], on=timezone.localdate())
    return form_page(
        request, case, PlanForm(request.POST or None, law=law), operations.sign_placement_plan,
        heading="Vårdplan" if kind == "care" else "Genomförandeplan", text=law.text, button="Signera",
        done="Planen är signerad.", given=lambda said: {"kind": kind, "content": said}, **HERE,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def health_offer(request, case_id):
    return form_page(
        request, case_or_404(request, case_id), HealthForm(request.POST or None), operations.record_health_offer,
        heading="Hälsoundersökning", text=rule("placement.health_check", on=timezone.localdate()).text, button="Spara",
        done="Svaret är skrivet.", **HERE,
    )  # fmt: skip


@require_POST
@allow(Permission.BUILD_TEAM)
@once
def region_told(request, case_id):
    case = case_or_404(request, case_id)
    try:
        operations.tell_region(by=request.acting, case=case)
        messages.success(request, "Det står att regionen har fått veta.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("children:placements", case.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def visits(request, case_id):
    case, today = case_or_404(request, case_id), timezone.localdate()
    last, days, long_ago = since_alone(case, on=today)
    form = VisitForm(request.POST or None)
    if request.method == "POST":
        return form_page(
            request, case, form, operations.record_visit, heading="Besök och samtal", text="", button="Spara",
            done="Besöket är skrivet.", back="children:visits", page="visits",
        )  # fmt: skip
    context = {
        "form": form, "last": last, "days": days, "long_ago": long_ago, "law": rule("placement.visits", on=today),
        "rows": ChildVisit.objects.visible_to(request.acting).filter(case=case).select_related("seen_by__user"),
    }  # fmt: skip
    return case_page(request, "children/visits.html", case, context, page="visits")
