"""Grounds in law other than consent: chosen from the law of the day, with a reason, and never called consent."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.effect import effect_of
from cases.forms.secrecy import ExceptionForm
from cases.models import SecrecyException
from cases.views.consents import in_two_steps, released_to
from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


def _form(request, case, old=None):
    form = ExceptionForm(request.POST or None, by=request.acting, initial=_again(old))
    return in_two_steps(
        request, case, form, operations.record_exception, template="cases/exception_form.html",
        context={"kind": "exception", "renews": old}, done="Grunden är registrerad och gäller nu.", renews=old,
    )  # fmt: skip


def _again(old):
    if old is None:
        return None
    return {
        "recipient": old.recipient_id, "areas": old.areas, "rule_id": old.rule_id, "reason": old.reason,
        "ends_on": timezone.localdate() + (old.ends_on - old.starts_on),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def exception_new(request, case_id):
    return _form(request, case_or_404(request, case_id))


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def exception_renew(request, case_id, exception_id):
    """Judged anew, with the old answers there to begin from."""
    case, old = _exception_or_404(request, case_id, exception_id)
    if old.ended_at:
        messages.warning(request, "Grunden är avslutad. Registrera en ny i stället.")
        return redirect("cases:consents", case.pk)
    return _form(request, case, old)


def _exception_or_404(request, case_id, exception_id):
    case = case_or_404(request, case_id)
    rows = SecrecyException.objects.visible_to(request.acting).filter(case=case).select_related("recipient")
    return case, get_object_or_404(rows, pk=exception_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def exception_end(request, case_id, exception_id):
    case, exception = _exception_or_404(request, case_id, exception_id)
    if request.method == "POST":
        try:
            operations.end_exception(by=request.acting, case=case, exception=exception)
        except Refused as why:
            messages.warning(request, str(why))
        return redirect("cases:exception_end", case.pk, exception.pk)
    context = {"exception": exception, "released": released_to(request, case, exception.recipient_id)}
    if exception.ended_at is None:
        context["effect"] = effect_of(case, operations.end_exception, by=request.acting, exception=exception)
    return case_page(request, "cases/exception_end.html", case, context, page="consent")
