"""What leaves the file: chosen, seen as it will be, sent, and in the register for ever."""

import hashlib

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import beside, grounds, operations
from cases.door import case_or_404, case_page
from cases.forms.disclosures import DisclosureForm, ReceiptForm
from cases.models import Disclosure, TransferRequest
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_send
from exitprogram.tenancy.letterheads import letterhead_of
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def register(request, case_id):
    """Everything that has ever left the authority from this case. Can be printed."""
    case = case_or_404(request, case_id)
    by = request.acting
    rows = Disclosure.objects.visible_to(by).filter(case=case).select_related("disclosed_by__user", "recipient")
    context = {
        "disclosures": rows.prefetch_related("receipts", "items"),
        "transfers": TransferRequest.objects.visible_to(by).filter(case=case).select_related("recipient"),
        "printed_at": timezone.now(),
    }
    return case_page(request, "cases/register.html", case, context, page="register")


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@fresh_to_send
@once
def disclose(request, case_id):
    """Choose; see exactly the copy; send."""
    case = case_or_404(request, case_id)
    form = DisclosureForm(request.POST or None, by=request.acting, case=case)
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        if "send" in request.POST:
            if sent := tried(form, operations.disclose, by=request.acting, case=case, **form.cleaned_data):
                messages.success(request, "Kopian är lämnad och står i registret.")
                return redirect("cases:disclosure", case.pk, sent.pk)
        elif checked := tried(form, _checked, by=request.acting, case=case, form=form):
            return case_page(request, "cases/disclose_preview.html", case, {"form": form, **checked}, page="disclose")
    return case_page(request, "cases/disclose.html", case, {"form": form}, page="disclose")


def _checked(by, case, form):
    """The ground tried against the recipient, before anything is sent, and what the preview says of it."""
    data, today = form.cleaned_data, timezone.localdate()
    to = form.receivers.get(data["receiver"])
    recipient = Authority.objects.get(pk=to.authority_id) if to else None
    rule, consent = grounds.checked(
        data["ground"], by=by, case=case, to_kind=recipient.kind if to else data["outside_kind"],
        recipient=recipient, on=today,
    )  # fmt: skip
    outside = data["outside"]
    if not to and data["outside_kind"] == beside.KIND:
        outside = beside.require_released(case, data["guardian"], form.chosen).words
    elif not to:
        beside.refuse_named(case, outside, data["handed_over"])
    copy = Copy(to.words if to else outside, rule.citation, None, today, case.number, form.chosen)
    return {"copy": copy, "rule": rule, "consent": consent}


class Copy:
    """What the paper, the preview and the register's page all show."""

    def __init__(self, to, ground, number, on, case_number, items):
        self.to, self.ground, self.number, self.on = to, ground, number, on
        self.case_number, self.items = case_number, items


def _copy_of(disclosure, case):
    day = timezone.localtime(disclosure.created_at).date()
    return Copy(disclosure.recipient_text, disclosure.ground, disclosure.copy_number, day, case.number,
                list(disclosure.items.all()))  # fmt: skip


def _disclosure_or_404(request, case_id, disclosure_id):
    case = case_or_404(request, case_id)
    rows = Disclosure.objects.visible_to(request.acting).filter(case=case, what=Disclosure.FILE)
    return case, get_object_or_404(rows.prefetch_related("items", "receipts"), pk=disclosure_id)


@require_GET
@allow(Permission.READ_CASE)
def disclosure(request, case_id, disclosure_id):
    """One copy, as it was sent."""
    case, row = _disclosure_or_404(request, case_id, disclosure_id)
    context = {"disclosure": row, "copy": _copy_of(row, case), "digest": bytes(row.sha256).hex()}
    return case_page(request, "cases/disclosure.html", case, context, page="disclosure")


@require_POST
@allow(Permission.DISCLOSE)
@fresh_to_send
def disclosure_copy(request, case_id, disclosure_id):
    """The copy as a file, for somebody outside. The same file however often: its words and number are fixed."""
    case, row = _disclosure_or_404(request, case_id, disclosure_id)
    try:
        operations.print_copy(by=request.acting, case=case, disclosure=row)
        data = _pdf(row, case)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("cases:disclosure", case.pk, row.pk)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="kopia-{row.copy_number}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pdf(row, case):
    html = render_to_string(
        "cases/disclosure_copy.html", {"copy": _copy_of(row, case), "letterhead": letterhead_of(case.authority)}
    )
    return pdf_of(html, identifier=hashlib.sha256(f"{row.pk}|{row.copy_number}".encode()).digest()[:16])


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def disclosure_receipt(request, case_id, disclosure_id):
    """Somebody outside has told that the copy has come."""
    case, row = _disclosure_or_404(request, case_id, disclosure_id)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.register_receipt, by=request.acting, case=case, disclosure=row, **form.given):
            messages.success(request, "Kvittot är registrerat.")
            return redirect("cases:disclosure", case.pk, row.pk)
    context = {"form": form, "disclosure": row}
    return case_page(request, "cases/disclosure_receipt.html", case, context, page="disclosure")
