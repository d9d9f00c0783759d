from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.areas import Area
from cases.door import case_or_404, case_page
from cases.effect import effect_of
from cases.forms import PeriodForm, WaiverForm
from cases.models import Consent, Disclosure, SecrecyException
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def consent_list(request, case_id):
    case = case_or_404(request, case_id)
    by, today = request.acting, timezone.localdate()
    consents = Consent.objects.visible_to(by).filter(case=case).select_related("recipient", "taken_by__user")
    grounds = SecrecyException.objects.visible_to(by).filter(case=case).select_related("recipient", "decided_by__user")
    in_force = [c for c in consents if _holds(c, today)]
    lawful = [e for e in grounds if e.ended_at is None and e.starts_on <= today <= e.ends_on]
    context = {
        "in_force": in_force, "past": [c for c in consents if c not in in_force],
        "lawful": lawful, "lawful_past": [e for e in grounds if e not in lawful],
        "has_plan_consent": any(c.kind == "plan" for c in in_force),
        "today": today,
    }  # fmt: skip
    return case_page(request, "cases/consents.html", case, context, page="consents")


def _holds(consent, on):
    return not consent.withdrawn_at and consent.starts_on <= on and (consent.ends_on is None or consent.ends_on >= on)


def in_two_steps(request, case, form, act, *, template, context, done, **more):
    """The form; then, by name, what it would change; then saved. «Ändra» comes back with all that was typed."""
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        given = {"by": request.acting, "case": case, **form.cleaned_data, **more}
        if "save" in request.POST:
            if tried(form, act, **given):
                messages.success(request, done)
                return redirect("cases:consents", case.pk)
        elif (effect := tried(form, effect_of, act=act, **given)) is not None:
            shown = {"form": form, "effect": effect, "given": _in_words(form.cleaned_data), **context}
            shown["reaches"] = given["recipient"].pk in effect.in_team if "recipient" in given else True
            return case_page(request, "cases/consent_preview.html", case, shown, page="consent")
    return case_page(request, template, case, {"form": form, **context}, page="consent")


def _in_words(data):
    return {**data, "areas": [Area(area).label for area in data.get("areas", ())]}


def _plan_form(request, case, old=None):
    """Consent to the plan being made (SoL 10:8)."""
    form = PeriodForm(request.POST or None, initial=_again(old))
    return in_two_steps(
        request, case, form, operations.record_consent, template="cases/consent_form.html",
        context={"kind": "plan", "renews": old}, done="Samtycket till planen är registrerat.", renews=old,
    )  # fmt: skip


def _waiver_form(request, case, old=None):
    """Waiver of secrecy towards one recipient (OSL 10:1, 12:2)."""
    form = WaiverForm(request.POST or None, by=request.acting, initial=_again(old))
    return in_two_steps(
        request, case, form, operations.record_waiver, template="cases/consent_form.html",
        context={"kind": "waiver", "renews": old}, done="Samtycket är registrerat och gäller nu.", renews=old,
    )  # fmt: skip


def _again(old):
    """What is filled in already when a consent is renewed: the same, from today, for as long as last time."""
    if old is None:
        return None
    length = old.ends_on - old.starts_on if old.ends_on else None
    return {
        "recipient": old.recipient_id, "areas": old.areas, "not_covering": old.not_covering, "form": old.form,
        "taken_on": timezone.localdate(), "ends_on": timezone.localdate() + length if length else None,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_plan(request, case_id):
    return _plan_form(request, case_or_404(request, case_id))


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_waiver(request, case_id):
    return _waiver_form(request, case_or_404(request, case_id))


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_renew(request, case_id, consent_id):
    """The same form, filled in. The new one takes the place of the old in the moment it is saved."""
    case, old = _consent_or_404(request, case_id, consent_id)
    if old.withdrawn_at:
        messages.warning(request, "Samtycket är återkallat. Registrera ett nytt i stället.")
        return redirect("cases:consents", case.pk)
    return (_plan_form if old.kind == Consent.Kind.PLAN else _waiver_form)(request, case, old)


def _consent_or_404(request, case_id, consent_id):
    case = case_or_404(request, case_id)
    rows = Consent.objects.visible_to(request.acting).filter(case=case).select_related("recipient")
    return case, get_object_or_404(rows, pk=consent_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_withdraw(request, case_id, consent_id):
    """The effect is shown before it happens; it happens at once; then what has left already and can't be taken back."""
    case, consent = _consent_or_404(request, case_id, consent_id)
    if request.method == "POST":
        try:
            operations.withdraw_consent(by=request.acting, case=case, consent=consent)
        except Refused as why:
            messages.warning(request, str(why))
        return redirect("cases:consent_withdraw", case.pk, consent.pk)
    context = {"consent": consent, "released": released_to(request, case, consent.recipient_id)}
    if consent.withdrawn_at is None:
        context["effect"] = effect_of(case, operations.withdraw_consent, by=request.acting, consent=consent)
    return case_page(request, "cases/consent_withdraw.html", case, context, page="consent")


def released_to(request, case, recipient_id):
    """What has been given out to this recipient, newest first."""
    rows = Disclosure.objects.visible_to(request.acting).filter(case=case, recipient=recipient_id)
    return rows.select_related("disclosed_by__user") if recipient_id else rows.none()
