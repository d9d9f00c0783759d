"""A case on its way to another board: the sender's page, and the pages of the board that is asked."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.access import can
from cases.door import case_or_404, case_page
from cases.forms.transfers import AnswerTransferForm, GiveTransferForm, HandOverForm, TakeOverForm, TransferForm
from cases.models import Disclosure, TransferRequest
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, Role

STEPS = (("asked", "Begärd"), ("accepted", "Svar"), ("handed_over", "Överlämnat"), ("taken", "Övertaget"))


def steps_of(transfer):
    """Where it stands, for the line of steps: a no and a withdrawal stop it where it was."""
    codes = [code for code, _label in STEPS]
    at = codes.index(transfer.step) if transfer.step in codes else 0
    when = (transfer.created_at, transfer.answered_at,
            transfer.disclosure.created_at if transfer.disclosure_id else None, transfer.confirmed_at)  # fmt: skip
    return [
        {"label": label, "state": "done" if place <= at else "now" if place == at + 1 else "todo",
         "when": timezone.localtime(when[place]).strftime("%-d/%-m") if when[place] and place <= at else ""}
        for place, (_code, label) in enumerate(STEPS)
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.TRANSFER_CASE)
@once
def transfer(request, case_id):
    """The sender's page: ask, read the answer, hand over, see that it has been taken."""
    case = case_or_404(request, case_id)
    rows = TransferRequest.objects.visible_to(request.acting).filter(case=case)
    rows = rows.select_related("recipient", "disclosure")
    current = rows.under_way().first() or rows.exclude(confirmed_at=None).first()
    form = _form(request, case, current)
    if request.method == "POST" and form is not None and form.is_valid() and _done(request, case, current, form):
        return redirect("cases:transfer", case.pk)
    unread = rows.exclude(answer="").filter(answer_read_at=None, withdrawn_at=None)
    for answered in unread if can(request.acting, Permission.READ_CASE, case) else ():  # not in an emergency
        operations.read_answer(by=request.acting, case=case, transfer=answered)
    today = timezone.localdate()
    context = {
        "form": form, "current": current, "steps": steps_of(current) if current else [],
        "former": [row for row in rows if row != current],
        "law": {name: rule(f"transfer.{name}", on=today) for name in ("request", "answer")},
        "handover": rule("secrecy.disclosure.transfer", on=today),
    }  # fmt: skip
    return case_page(request, "cases/transfer.html", case, context, page="transfer")


def _form(request, case, current):
    data = request.POST or None
    if current is None and not case.closed_on:
        return TransferForm(data, case=case)
    if current is not None and current.step == "accepted":
        return HandOverForm(data, by=request.acting, case=case, transfer=current)
    return None


def _done(request, case, current, form):
    given = {"by": request.acting, "case": case, **form.cleaned_data}
    if current is None:
        if done := tried(form, operations.request_transfer, **given):
            messages.success(request, "Begäran är skickad. Ansvaret ligger kvar här tills de har tagit över.")
        return done
    if done := tried(form, operations.hand_over, transfer=current, **given):
        messages.success(request, "Överlämnat. Ärendet kan avslutas när den andra nämnden har bekräftat.")
    return done


@require_POST
@allow(Permission.TRANSFER_CASE)
@once
def transfer_withdraw(request, case_id, transfer_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(TransferRequest.objects.visible_to(request.acting), pk=transfer_id, case=case)
    try:
        operations.withdraw_transfer(by=request.acting, case=case, transfer=row)
        messages.success(request, "Begäran är tillbakatagen. Ärendet fortsätter hos er.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("cases:transfer", case.pk)


@require_GET
@allow(Permission.TRANSFER_CASE)
def transfers(request):
    """What other boards ask this one to take over: its managers', and whoever has been given it."""
    rows = TransferRequest.objects.asked_of(request.acting).select_related("authority")
    rows = list(rows)
    context = {
        "waiting": [row for row in rows if row.is_under_way],
        "done": [row for row in rows if not row.is_under_way],
        "law": rule("transfer.answer", on=timezone.localdate()),
    }
    return render(request, "cases/transfers.html", context)


def _asked_or_404(request, transfer_id):
    rows = TransferRequest.objects.asked_of(request.acting).select_related("authority", "given_to__user")
    return get_object_or_404(rows, pk=transfer_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.TRANSFER_CASE)
@once
def transfer_in(request, transfer_id):
    """One request, as the board that is asked sees it: what the sender wrote, and nothing else of the case."""
    row, by = _asked_or_404(request, transfer_id), request.acting
    form, operation, said = _step(request, row)
    if request.method == "POST" and form is not None and form.is_valid():
        given = {"accept": "accept" in request.POST} if row.step == "asked" else {}
        if tried(form, operation, by=by, transfer=row, **form.cleaned_data, **given):
            messages.success(request, said)
            return redirect("cases:transfer_in", row.pk)
    operations.view_transfer(by=by, transfer=row)
    mine = Disclosure.objects.received_by(by).filter(pk=row.disclosure_id).exists()
    context = {
        "transfer": row, "form": form, "can_open": mine,
        "give": GiveTransferForm(by=by) if by.role == Role.UNIT_MANAGER and row.is_under_way else None,
        "law": rule("transfer.answer", on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "cases/transfer_in.html", context)


def _step(request, row):
    """(form, operation, what is said when it is done) of the step that waits for this side."""
    if row.step == "asked":
        return AnswerTransferForm(request.POST or None), operations.answer_transfer, "Svaret är skickat."
    if row.step == "handed_over":
        said = "Ni har tagit över. Det som lämnades över ligger i ert ärende."
        return TakeOverForm(request.POST or None, by=request.acting), operations.take_over, said
    return None, None, ""


@require_POST
@allow(Permission.TRANSFER_CASE)
@once
def transfer_give(request, transfer_id):
    row = _asked_or_404(request, transfer_id)
    form = GiveTransferForm(request.POST, by=request.acting)
    if form.is_valid() and tried(
        form, operations.give_transfer, by=request.acting, transfer=row, membership=form.cleaned_data["membership"]
    ):
        messages.success(request, f"{form.cleaned_data['membership'].user.name} har begäran nu.")
    else:
        messages.warning(request, "; ".join(str(error) for some in form.errors.values() for error in some))
    return redirect("cases:transfer_in", row.pk)
