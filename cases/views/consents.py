from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms import PeriodForm, WaiverForm
from cases.models import Consent, Disclosure
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def consent_list(request, case_id):
    case = case_or_404(request, case_id)
    consents = (
        Consent.objects.visible_to(request.acting).filter(case=case).select_related("recipient", "taken_by__user")
    )
    today = timezone.localdate()
    context = {
        "in_force": [c for c in consents if _holds(c, today)],
        "past": [c for c in consents if not _holds(c, today)],
        "has_plan_consent": any(c.kind == "plan" and _holds(c, today) for c in consents),
        "disclosures": Disclosure.objects.visible_to(request.acting).filter(case=case).select_related(
            "disclosed_by__user"
        ),
        "today": today,
    }  # fmt: skip
    return case_page(request, "cases/consents.html", case, context, page="consents")


def _holds(consent, on):
    return not consent.withdrawn_at and consent.starts_on <= on and (consent.ends_on is None or consent.ends_on >= on)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_plan(request, case_id):
    """Consent to the plan being made (SoL 10:8)."""
    case = case_or_404(request, case_id)
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_consent, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Samtycket till planen är registrerat.")
            return redirect("cases:consents", case.pk)
    context = {"form": form, "kind": "plan"}
    return case_page(request, "cases/consent_form.html", case, context, page="consent")


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_waiver(request, case_id):
    """Waiver of secrecy towards one recipient (OSL 10:1, 12:2)."""
    case = case_or_404(request, case_id)
    form = WaiverForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_waiver, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Samtycket är registrerat och gäller nu.")
            return redirect("cases:consents", case.pk)
    context = {"form": form, "kind": "waiver"}
    return case_page(request, "cases/consent_form.html", case, context, page="consent")


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_withdraw(request, case_id, consent_id):
    """The effect is shown before it happens; it happens at once."""
    case = case_or_404(request, case_id)
    consent = get_object_or_404(
        Consent.objects.visible_to(request.acting).filter(case=case).select_related("recipient"), pk=consent_id
    )
    if request.method == "POST":
        try:
            operations.withdraw_consent(by=request.acting, case=case, consent=consent)
        except Refused as why:
            messages.warning(request, str(why))
        else:
            messages.success(request, "Samtycket är återkallat. Åtkomsten är stängd.")
        return redirect("cases:consents", case.pk)
    released = Disclosure.objects.visible_to(request.acting).filter(case=case, recipient=consent.recipient)
    others = Consent.objects.visible_to(request.acting).filter(case=case).waivers().in_force(on=timezone.localdate())
    kept = {area for c in others.filter(recipient=consent.recipient).exclude(pk=consent.pk) for area in c.areas}
    context = {
        "consent": consent, "released": released if consent.recipient_id else [],
        "lost": [label for area, label in zip(consent.areas, consent.area_labels, strict=True) if area not in kept],
    }  # fmt: skip
    return case_page(request, "cases/consent_withdraw.html", case, context, page="consent")
