import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations, signs
from cases.before_meeting import threats
from cases.door import case_or_404, case_page
from cases.forms.trafficking import AvoidPlaceForm, EndedForm, IdentificationForm, SupportPeriodForm
from cases.models import AvoidPlace, Identification, SupportPeriod
from cases.one_form import both, form_page
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_sign
from exitprogram.tenancy.roles import Permission, may


@require_GET
@allow(Permission.READ_CASE)
def identifications(request, case_id):
    case = case_or_404(request, case_id)
    rows = Identification.objects.visible_to(request.acting).filter(case=case).select_related("author__user")
    context = {
        "rows": [{"row": row, "signs": signs.texts(row.sign_ids)} for row in rows],
        "rules": [rule("identification.signs", on=timezone.localdate())],
        "may_write": may(request.acting, Permission.WRITE_NOTE),
    }  # fmt: skip
    return case_page(request, "cases/identifications.html", case, context, page="identifications")


@require_GET
@allow(Permission.WRITE_NOTE)
def identification_new(request, case_id):
    """An empty page with its id chosen; one's own unsigned draft comes first."""
    case = case_or_404(request, case_id)
    draft = Identification.objects.filter(case=case, author=request.acting, signed_at=None).first()
    if draft is not None:
        return redirect("cases:identification", case.pk, draft.pk)
    return _identification_page(request, case, IdentificationForm(), uuid.uuid4(), 0)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@fresh_to_sign
@once
def identification(request, case_id, identification_id):
    """Write, save as one types, sign. One's own draft only."""
    case = case_or_404(request, case_id)
    mine = Identification.objects.visible_to(request.acting).filter(pk=identification_id, case=case).first()
    if mine is None and request.method == "GET":  # not there, or a colleague's draft: the same answer
        return redirect("cases:identifications", case.pk)
    if mine is not None and (mine.author_id != request.acting.pk or mine.signed_at):
        return redirect("cases:identifications", case.pk)
    if request.method == "POST":
        return _save(request, case, mine, identification_id)
    return _identification_page(request, case, IdentificationForm(initial=_shown(mine)), mine.pk, mine.version)


def _shown(row):
    shown = {name: getattr(row, name) for name in IdentificationForm.base_fields if name != "signs"}
    return {**shown, "signs": row.sign_ids}


def _save(request, case, mine, identification_id):
    if request.POST.get("keep") == "theirs":
        return redirect("cases:identification", case.pk, identification_id)
    form, autosave, seen = IdentificationForm(request.POST), is_autosave(request), _version(request)
    if not form.is_valid():
        return not_saved("Något behöver rättas.") if autosave else _identification_page(
            request, case, form, identification_id, seen
        )  # fmt: skip
    try:
        mine = operations.save_identification(
            by=request.acting, case=case, identification=mine, identification_id=identification_id, version=seen,
            **form.cleaned_data,
        )  # fmt: skip
        if "sign" in request.POST:
            operations.sign_identification(by=request.acting, case=case, identification=mine)
    except Stale as stale:
        conflict = both(form, stale.current, _shown(stale.current))
        if autosave:
            return both_versions(request, **conflict)
        return _identification_page(request, case, form, identification_id, stale.current.version, conflict)
    except Refused as why:
        form.add_error(None, str(why))
        seen = mine.version if mine else seen
        return not_saved(str(why)) if autosave else _identification_page(request, case, form, identification_id, seen)
    if autosave:
        return saved(mine.version)
    messages.success(request, "Identifieringen är signerad." if "sign" in request.POST else "Utkastet är sparat.")
    return redirect("cases:identifications", case.pk)


def _version(request):
    return whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version"))


def _identification_page(request, case, form, identification_id, version, conflict=None):
    context = {"form": form, "identification_id": identification_id, "version": version, "conflict": conflict}
    status = 409 if conflict else 200
    return case_page(request, "cases/identification_form.html", case, context, page="identification", status=status)


# The national support programme


STEPS = ("rest", "rehabilitation", "integration", "single")


@require_GET
@allow(Permission.READ_CASE)
def support_periods(request, case_id):
    case, today = case_or_404(request, case_id), timezone.localdate()
    rows = SupportPeriod.objects.visible_to(request.acting).filter(case=case).select_related("recorded_by__user")
    context = {
        "rows": rows, "today": today, "may_write": may(request.acting, Permission.WRITE_NOTE),
        "rules": [rule("programme.beside", on=today), *(rule(f"programme.{step}", on=today) for step in STEPS)],
    }  # fmt: skip
    return case_page(request, "cases/support_periods.html", case, context, page="support_periods")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def support_period_new(request, case_id):
    case = case_or_404(request, case_id)
    form = SupportPeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_support_period, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Perioden är införd.")
            return redirect("cases:support_periods", case.pk)
    return form_page(
        request, case, form, page="support_period", heading="Ny period i stödprogrammet", button="För in perioden",
        back=_periods(case), rules=[rule(f"programme.{step}", on=timezone.localdate()) for step in STEPS],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def support_period_end(request, case_id, period_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(SupportPeriod.objects.visible_to(request.acting), pk=period_id, case=case)
    form = EndedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_support_period, by=request.acting, case=case, period=row, **form.cleaned_data):
            messages.success(request, "Perioden är avslutad.")
            return redirect("cases:support_periods", case.pk)
    return form_page(
        request, case, form, page="support_period", heading="Perioden slutade tidigare", button="Avsluta perioden",
        back=_periods(case),
    )  # fmt: skip


def _periods(case):
    return reverse("cases:support_periods", args=[case.pk]), "Stödprogrammet"


# Whom and where to avoid


@require_GET
@allow(Permission.READ_CASE)
def avoid(request, case_id):
    case = case_or_404(request, case_id)
    rows = AvoidPlace.objects.visible_to(request.acting).filter(case=case).select_related("recorded_by__user")
    context = {
        "places": [row for row in rows if row.ended_on is None], "past": [row for row in rows if row.ended_on],
        "threats": threats(request.acting, case), "may_write": may(request.acting, Permission.WRITE_NOTE),
    }  # fmt: skip
    return case_page(request, "cases/avoid.html", case, context, page="avoid")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def avoid_place_new(request, case_id):
    case = case_or_404(request, case_id)
    form = AvoidPlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_avoid_place, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Platsen är införd och visas när ett möte ska bokas.")
            return redirect("cases:avoid", case.pk)
    return form_page(
        request, case, form, page="avoid_place", heading="En plats att undvika", button="För in platsen",
        back=(reverse("cases:avoid", args=[case.pk]), "Att undvika"),
    )  # fmt: skip


@require_POST
@allow(Permission.WRITE_NOTE)
@once
def avoid_place_end(request, case_id, place_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(AvoidPlace.objects.visible_to(request.acting), pk=place_id, case=case)
    try:
        operations.end_avoid_place(by=request.acting, case=case, place=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Platsen är struken. Den står kvar bland tidigare.")
    return redirect("cases:avoid", case.pk)
