"""A case on its way to another social board. Each step is an operation of the side whose step it is."""

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.days import answer_day
from cases.material import require_no_place
from cases.models import Case, CaseRef, Disclosure, Notice, TransferRequest
from cases.operations.clocks import finish_about, start_clock
from cases.operations.disclosures import file_received
from cases.operations.notices import notify
from cases.receivers import receivers, words_of
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, Role, require_role


@transaction.atomic
def request_transfer(*, by, case, recipient, reason, needed):
    """Ask another social board, in writing, to take the case over (SoL 29:10). Its managers are told; the case and its
    responsibility stay where they are until that board has taken it."""
    require(by, Permission.TRANSFER_CASE, case)
    if not recipient.is_social or recipient.pk == case.authority_id:
        raise Refused("Ett ärende kan bara flyttas över till en annan socialnämnd.")
    managers = [r for r in receivers(case) if r.authority_id == recipient.pk and r.is_manager]
    if not managers:
        raise Refused("Nämnden har ingen enhetschef i systemet. Begär överflyttningen på papper och anteckna det.")
    if not reason.strip() or not needed.strip():
        raise Refused("Skriv varför ärendet bör flyttas över, och vad den andra nämnden behöver för att ta ställning.")
    require_no_place(by, case, reason, needed)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if TransferRequest.objects.under_way().filter(case=case).exists():
        raise Refused("En överflyttning pågår redan.")
    transfer = TransferRequest(
        authority_id=case.authority_id, case=case, recipient=recipient, reason=reason, needed=needed, requested_by=by,
        sender_text=words_of(by),
    )  # fmt: skip
    transfer.save(force_insert=True)
    record(by=by, action="transfer.requested", obj=transfer, case=case, to=str(recipient.pk))
    start_clock(
        by=by, case=case, kind=CaseClock.TRANSFER, rule_id="transfer.answer", subject_id=transfer.pk, owner=by,
        due_on=answer_day(timezone.localdate()),
    )  # fmt: skip
    for manager in managers:
        member = Membership(pk=manager.pk, authority_id=manager.authority_id)
        notify(by=by, case=case, about=Notice.About.TRANSFER, subject_id=transfer.pk, membership=member)
    return transfer


@transaction.atomic
def withdraw_transfer(*, by, case, transfer):
    """Take the request back: the case stays. Not after it has been taken over."""
    require(by, Permission.TRANSFER_CASE, case)
    transfer = case.transfers.select_for_update(of=("self",)).get(pk=transfer.pk)
    if not transfer.is_under_way:
        raise Refused("Det finns ingen begäran att ta tillbaka.")
    transfer.withdrawn_at, transfer.withdrawn_by = timezone.now(), by
    transfer.save(update_fields=["withdrawn_at", "withdrawn_by"])
    finish_about(by=by, case=case, kind=CaseClock.TRANSFER, subject=transfer)
    record(by=by, action="transfer.withdrawn", obj=transfer, case=case)
    return transfer


@transaction.atomic
def read_answer(*, by, case, transfer):
    """The answer is seen on the sender's side: the clock that waits for it is done."""
    require(by, Permission.READ_CASE, case)
    transfer = case.transfers.select_for_update(of=("self",)).get(pk=transfer.pk)
    if transfer.answer and transfer.answer_read_at is None:
        transfer.answer_read_at = timezone.now()
        transfer.save(update_fields=["answer_read_at"])
        finish_about(by=by, case=case, kind=CaseClock.TRANSFER, subject=transfer)
    record(by=by, action="transfer.answer_read", obj=transfer, case=case)
    return transfer


# The other board's side: its managers, and the colleague whom one of them has given it to.


def _asked(by, transfer):
    """The request, locked, as the one asked may see it."""
    require_role(by, Permission.TRANSFER_CASE)
    found = TransferRequest.objects.asked_of(by).select_for_update(of=("self",)).filter(pk=transfer.pk).first()
    if found is None:
        raise NotAllowed("Begäran är ställd till någon annan.")
    return found


@transaction.atomic
def view_transfer(*, by, transfer):
    """Write down, in the sender's log, that the request is being read at the other board."""
    require_role(by, Permission.TRANSFER_CASE)
    if not TransferRequest.objects.asked_of(by).filter(pk=transfer.pk).exists():
        raise NotAllowed("Begäran är ställd till någon annan.")
    record(by=by, action="transfer.viewed", obj=transfer, case=CaseRef(transfer), ground="transfer")


@transaction.atomic
def give_transfer(*, by, transfer, membership):
    """The manager lets a social worker of the board look into the request and carry it on."""
    transfer = _asked(by, transfer)
    if by.role != Role.UNIT_MANAGER:
        raise NotAllowed("Bara enhetschefen fördelar begäran.")
    if not transfer.is_under_way:
        raise Refused("Begäran är avslutad.")
    mine = Membership.objects.visible_to(by).in_force(on=timezone.localdate())
    worker = mine.filter(pk=membership.pk, authority_id=by.authority_id, role=Role.SOCIAL_WORKER).first()
    if worker is None:
        raise Refused("Välj en socialsekreterare i den egna nämnden.")
    transfer.given_to, transfer.given_by = worker, by
    transfer.save(update_fields=["given_to", "given_by"])
    _tell(by, transfer, worker.pk, worker.authority_id)
    record(by=by, action="transfer.given", obj=transfer, case=CaseRef(transfer), to=str(worker.pk))
    return transfer


@transaction.atomic
def answer_transfer(*, by, transfer, accept, reason=""):
    """Yes or no, at once (SoL 29:10); a no says why. The one who asked is told of either."""
    transfer = _asked(by, transfer)
    if transfer.step != "asked":
        raise Refused("Begäran är redan besvarad eller tillbakatagen.")
    if not accept and not reason.strip():
        raise Refused("Skriv varför nämnden inte tar över.")
    answers = TransferRequest.Answer
    transfer.answer, transfer.answer_reason = answers.ACCEPTED if accept else answers.REFUSED, reason.strip()
    transfer.answered_at, transfer.answered_by, transfer.answer_text = timezone.now(), by, words_of(by)
    transfer.save(update_fields=["answer", "answer_reason", "answered_at", "answered_by", "answer_text"])
    _tell(by, transfer, transfer.requested_by_id, transfer.authority_id)
    record(by=by, action=f"transfer.{transfer.answer}", obj=transfer, case=CaseRef(transfer))
    return transfer


@transaction.atomic
def take_over(*, by, transfer, case):
    """Confirm that the board has taken over, with its own open case. What was handed over is put in that case's file.
    From here on, and not before, the sender may close."""
    transfer = _asked(by, transfer)
    require(by, Permission.READ_CASE, case)
    if transfer.step != "handed_over":
        raise Refused("Bekräfta när den andra nämnden har lämnat över det som behövs.")
    if Case.objects.filter(pk=case.pk).exclude(closed_on=None).exists():
        raise Refused("Ärendet är avslutat. Öppna ett nytt, eller ta upp det igen, innan ni tar över.")
    handed = Disclosure.objects.received_by(by).filter(pk=transfer.disclosure_id).first()
    if handed is None:
        raise NotAllowed("Den som har tagit emot handlingarna, eller den som chefen har gett begäran till, bekräftar.")
    file_received(by=by, disclosure=handed, case=case)
    transfer.confirmed_at, transfer.confirmed_by, transfer.taken_as = timezone.now(), by, case.pk
    transfer.save(update_fields=["confirmed_at", "confirmed_by", "taken_as"])
    _tell(by, transfer, transfer.requested_by_id, transfer.authority_id)
    record(by=by, action="transfer.taken_over", obj=transfer, case=CaseRef(transfer))
    record(by=by, action="transfer.received", obj=case, case=case)
    return transfer


def _tell(by, transfer, member_id, authority_id):
    """Across the wall: the row is the teller's own board's, the mail says nothing."""
    notice = Notice(
        authority_id=by.authority_id, about=Notice.About.TRANSFER, subject_id=transfer.pk, recipient_id=member_id,
        recipient_authority_id=authority_id, about_on=timezone.localdate(),
    )  # fmt: skip
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
