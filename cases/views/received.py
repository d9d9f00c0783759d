"""What others have sent to the acting membership by name. No case, no person: only the copy."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.forms.disclosures import FileReceivedForm
from cases.models import Case, Disclosure
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may


@require_GET
@allow(Permission.RECEIVE)
def received(request):
    """Sender and day, unopened first; what it holds is seen by opening it."""
    rows = Disclosure.objects.received_by(request.acting).select_related("authority").prefetch_related("receipts")
    rows = sorted(rows, key=lambda row: row.is_received)
    context = {
        "may_transfer": may(request.acting, Permission.TRANSFER_CASE),
        "unopened": [r for r in rows if not r.is_received],
        "opened": [r for r in rows if r.is_received],
    }
    return render(request, "cases/received.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECEIVE)
@once
def received_one(request, disclosure_id):
    """Opening it is the receipt. From here it can be put in a case of one's own."""
    mine = Disclosure.objects.received_by(request.acting).select_related("authority").prefetch_related("items")
    row = get_object_or_404(mine, pk=disclosure_id)
    operations.open_received(by=request.acting, disclosure=row)
    form = _form(request)
    if form is not None and request.method == "POST" and form.is_valid():
        case = form.cleaned_data["case"]
        if tried(form, operations.file_received, by=request.acting, disclosure=row, case=case):
            messages.success(request, f"Lagt i akten för {case.number} som en signerad anteckning.")
            return redirect("cases:received_one", row.pk)
    return render(request, "cases/received_one.html", {"disclosure": row, "form": form})


def _form(request):
    by = request.acting
    if not may(by, Permission.WRITE_NOTE):
        return None
    return FileReceivedForm(request.POST or None, cases=Case.objects.visible_to(by).order_by("number"))
