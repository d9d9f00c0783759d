from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.residence import InterpreterForm, PermitDecisionForm, PermitForm, ResidenceForm, RevokedForm
from cases.models import InterpreterWishes, Permit, Residence
from cases.one_form import both, form_page
from cases.residence import entitlements
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission, may


@require_GET
@allow(Permission.READ_CASE)
def permits(request, case_id):
    case, today = case_or_404(request, case_id), timezone.localdate()
    rows = _permits(request, case).select_related("recorded_by__user")
    context = {
        "rows": rows, "today": today, "in_force": [row.pk for row in rows.in_force(on=today)],
        "rules": [rule(f"permit.{kind}", on=today) for kind in ("reflection", "proceedings")],
        "may_write": may(request.acting, Permission.WRITE_NOTE),
    }  # fmt: skip
    return case_page(request, "cases/permits.html", case, context, page="permits")


def _permits(request, case):
    return Permit.objects.visible_to(request.acting).filter(case=case)


def _back(case):
    return reverse("cases:permits", args=[case.pk]), "Tillstånd"


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def permit_new(request, case_id):
    """An application; also one for more time."""
    case = case_or_404(request, case_id)
    form = PermitForm(request.POST or None, permits=PermitForm.to_extend(_permits(request, case)))
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_permit, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Ansökan är införd. För in beslutet när det kommer.")
            return redirect("cases:permits", case.pk)
    today = timezone.localdate()
    return form_page(
        request, case, form, page="permit", heading="Ansökan om tillstånd", button="För in ansökan",
        back=_back(case), knowledge="permit.application",
        rules=[rule(f"permit.{kind}", on=today) for kind in ("reflection", "proceedings", "other")],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def permit_decide(request, case_id, permit_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(_permits(request, case), pk=permit_id)
    form = PermitDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.decide_permit, by=request.acting, case=case, permit=row, **form.cleaned_data):
            messages.success(request, "Beslutet är infört. Du påminns innan tiden går ut.")
            return redirect("cases:permits", case.pk)
    return form_page(
        request, case, form, page="permit", heading="Beslut om tillstånd", button="För in beslutet", back=_back(case),
        lead=f"{row.get_kind_display()}, ansökan {row.applied_on:%Y-%m-%d}.",
        rules=[rule(f"permit.{row.kind}", on=row.applied_on)],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def permit_revoke(request, case_id, permit_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(_permits(request, case), pk=permit_id)
    form = RevokedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.revoke_permit, by=request.acting, case=case, permit=row, **form.cleaned_data):
            messages.success(request, "Återkallelsen är införd.")
            return redirect("cases:permits", case.pk)
    return form_page(
        request, case, form, page="permit", heading="Tillståndet är återkallat", button="För in återkallelsen",
        back=_back(case),
    )  # fmt: skip


KEPT = ("status", "home", "home_text", "stay_text", "acting", "acting_text", "paying", "paying_text")


@require_GET
@allow(Permission.READ_CASE)
def residence(request, case_id):
    """What applies, in plain sentences. The municipalities themselves lie behind the password."""
    case, today = case_or_404(request, case_id), timezone.localdate()
    rows = list(Residence.objects.visible_to(request.acting).filter(case=case).select_related("recorded_by__user"))
    now = rows[0] if rows else None
    context = {
        "now": now, "past": rows[1:], "may_write": may(request.acting, Permission.WRITE_NOTE),
        "rules": entitlements(status=now.status, home=now.home, on=today) if now else [],
    }  # fmt: skip
    return case_page(request, "cases/residence.html", case, context, page="residence")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@fresh
@once
def residence_edit(request, case_id):
    """What is known now, and a new row when it has changed."""
    case = case_or_404(request, case_id)
    row = Residence.objects.visible_to(request.acting).filter(case=case).first()
    known = {name: getattr(row, name) for name in KEPT} if row else {}
    form = ResidenceForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_residence, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Det nya är infört. Det gamla står kvar.")
            return redirect("cases:residence", case.pk)
    return form_page(
        request, case, form, page="residence_edit", heading="Vad vi vet nu", button="Spara",
        back=(reverse("cases:residence", args=[case.pk]), "Vad som gäller var"),
        lead="Det som sparas läggs till. Det som stod förut ändras inte.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def interpreter(request, case_id):
    case = case_or_404(request, case_id)
    row = InterpreterWishes.objects.visible_to(request.acting).filter(individual=case.individual).first()
    form = InterpreterForm(request.POST or None, initial=_wishes(case.individual, row))
    # A form that comes back with a fault still carries what it was made from, or it would pass for fresh.
    version = whole_number(request.POST.get("version")) if form.is_bound else row.version if row else 0
    conflict = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("keep") == "theirs":
            return redirect("cases:interpreter", case.pk)
        seen = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version"))
        try:
            operations.save_interpreter_wishes(by=request.acting, case=case, version=seen, **form.cleaned_data)
        except Stale as stale:
            conflict = both(form, stale.current, _wishes(case.individual, stale.current))
            version = stale.current.version
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Önskemålen är sparade och visas när ett möte ska bokas.")
            return redirect("plans:person", case.pk)
    return form_page(
        request, case, form, page="interpreter", heading="Språk och tolk", button="Spara", knowledge="interpreter",
        back=(reverse("plans:person", args=[case.pk]), "Personens sida"), version=version, conflict=conflict,
        rules=[rule("interpreter.duty", on=timezone.localdate())],
        lead="Tolka aldrig genom ett barn, en anhörig eller någon ur samma krets. Fråga personen i enrum.",
    )  # fmt: skip


def _wishes(person, row):
    own = {name: getattr(row, name) for name in ("dialect", "voice", "way", "wanted", "never")} if row else {}
    return {"language": person.language, "needs_interpreter": person.needs_interpreter, **own}
