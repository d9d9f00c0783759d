import hashlib
import json

from django.db import transaction
from django.utils import timezone

from cases import beside, grounds
from cases.access import require
from cases.material import Piece, require_no_place
from cases.material import pieces as material_of
from cases.models import Case, CaseNote, CaseRef, DisclosedItem, Disclosure, Notice, Receipt
from cases.operations.notes import save_note, sign_note
from cases.operations.notices import notify
from cases.receivers import receivers, words_of
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def disclose(*, by, case, pieces, ground, reason, receiver=None, outside_kind="", outside="", handed_over="",
             guardian=None):  # fmt: skip
    """Hand out chosen pieces of the file, copied as they stand now. To a person in the system (``receiver`` is a
    membership's id) or to somebody outside, in words and with how it was handed over; to a child's ``guardian`` (id)
    only what has been released to that very one. Raises Refused."""
    require(by, Permission.DISCLOSE, case)
    if outside_kind == beside.KIND and not receiver:
        return _to_guardian(by, case, pieces, ground, reason, guardian, handed_over)
    beside.refuse_named(case, outside, handed_over)
    found = next((r for r in receivers(case) if r.pk == receiver), None)
    if receiver and found is None:
        raise Refused("Mottagaren kan inte ta emot något här i dag. Välj någon annan eller lämna ut på annat sätt.")
    if found is None and not (outside_kind in grounds.OUTSIDE and outside.strip() and handed_over.strip()):
        raise Refused("Skriv vem det lämnas till och hur.")
    return _send(
        by, case, pieces, ground, reason, found, outside_kind=outside_kind, outside=outside, handed_over=handed_over
    )


def _to_guardian(by, case, keys, ground, reason, guardian, handed_over):
    if not handed_over.strip():
        raise Refused("Skriv hur det lämnas.")
    to = beside.require_released(case, guardian, _chosen(by, case, keys))
    return _send(
        by, case, keys, ground, reason, None, outside_kind=beside.KIND, outside=to.words, handed_over=handed_over,
        guardian=to.pk,
    )  # fmt: skip


@transaction.atomic
def hand_over(*, by, case, transfer, pieces, receiver):
    """What the other board needs to take the case over (SoL 29:12), when it has said that it will. Once."""
    require(by, Permission.TRANSFER_CASE, case)
    transfer = case.transfers.select_for_update(of=("self",)).get(pk=transfer.pk)
    if transfer.step != "accepted":
        raise Refused("Lämna över när den andra nämnden har svarat att den tar över, och bara en gång.")
    found = next((r for r in receivers(case) if r.pk == receiver and r.authority_id == transfer.recipient_id), None)
    if found is None:
        raise Refused("Välj vem hos den andra nämnden som tar emot.")
    disclosure = _send(by, case, pieces, grounds.TRANSFER, "Överflyttning av ärendet.", found, only="transfer")
    transfer.disclosure, transfer.handed_over_by = disclosure, by
    transfer.save(update_fields=["disclosure", "handed_over_by"])
    record(by=by, action="transfer.handed_over", obj=transfer, case=case)
    return disclosure


def _send(by, case, keys, ground, reason, to, *, outside_kind="", outside="", handed_over="", only=None, guardian=None):
    today = timezone.localdate()
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # copies are numbered one at a time
    recipient = Authority.objects.get(pk=to.authority_id) if to else None
    to_kind = recipient.kind if to else outside_kind
    rule, consent = grounds.checked(
        ground, by=by, case=case, to_kind=to_kind, recipient=recipient, on=today, only=only
    )  # fmt: skip
    if not reason.strip():
        raise Refused("Skriv varför uppgifterna lämnas ut.")
    chosen = _chosen(by, case, keys)
    number = Disclosure.objects.filter(case=case, object_id=case.pk).count() + 1
    disclosure = Disclosure(
        authority_id=case.authority_id, case=case, what=Disclosure.FILE, object_id=case.pk, recipient=recipient,
        recipient_kind="authority" if to else outside_kind, recipient_text=to.words if to else outside.strip(),
        receiver_id=to.pk if to else None, beside_id=guardian, sender_text=words_of(by),
        handed_over=handed_over.strip(),
        ground=rule.citation, ground_rule=rule.id, reason=reason.strip(), consent=consent, copy_number=number,
        sha256=_digest(number, today, chosen), disclosed_by=by,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    _copy(disclosure, chosen)
    if to:
        member = Membership(pk=to.pk, authority_id=to.authority_id)
        notify(by=by, case=case, about=Notice.About.DISCLOSURE, subject_id=disclosure.pk, membership=member)
    record(by=by, action="disclosure.sent", obj=disclosure, case=case, ground=rule.id, copy=number, items=len(chosen),
           to=to_kind)  # fmt: skip
    return disclosure


def _chosen(by, case, keys):
    there, wanted = material_of(by, case), list(dict.fromkeys(keys))
    if not wanted:
        raise Refused("Välj vad som ska lämnas ut.")
    if any(key not in there for key in wanted):
        raise Refused("Något av det du valt har ändrats eller finns inte längre. Välj igen.")
    chosen = [piece for key, piece in there.items() if key in wanted]
    require_no_place(by, case, *(piece.text for piece in chosen))
    return chosen


def _copy(disclosure, chosen):
    for position, piece in enumerate(chosen):
        DisclosedItem(
            authority_id=disclosure.authority_id, case_id=disclosure.case_id, disclosure=disclosure, kind=piece.kind,
            object_id=piece.row_id, part=piece.part, position=position, heading=piece.heading, text=piece.text,
        ).save(force_insert=True)  # fmt: skip


def _digest(number, on, chosen):
    """Of the words themselves, so that the copy can be told from any other whatever paper it is printed on."""
    content = [number, str(on), [[piece.heading, piece.text] for piece in chosen]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()


@transaction.atomic
def print_copy(*, by, case, disclosure):
    """Write down that the copy is taken out as a file."""
    require(by, Permission.DISCLOSE, case)
    disclosure = Disclosure.objects.visible_to(by).get(pk=disclosure.pk, case=case, what=Disclosure.FILE)
    if disclosure.receiver_id:
        raise Refused("Kopian öppnas av mottagaren i systemet och finns inte som fil.")
    if disclosure.beside_id:
        beside.require_released(case, disclosure.beside_id, [_piece(item) for item in disclosure.items.all()])
    record(by=by, action="disclosure.printed", obj=disclosure, case=case, copy=disclosure.copy_number)
    return disclosure


def _piece(item):
    return Piece(item.kind, item.object_id, item.part, item.heading, item.text)


@transaction.atomic
def open_received(*, by, disclosure):
    """The named person opens what was sent: the first time is the receipt, which the sender sees. Each is logged."""
    require_role(by, Permission.RECEIVE)
    disclosure = Disclosure.objects.received_by(by).filter(pk=disclosure.pk).first()
    if disclosure is None:
        raise NotAllowed("Handlingen är ställd till någon annan.")
    receipt = Receipt(
        authority_id=disclosure.authority_id, case_id=disclosure.case_id, disclosure=disclosure,
        received_at=timezone.now(), receiver=by, receiver_authority_id=by.authority_id,
    )  # fmt: skip
    Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
    record(by=by, action="disclosure.opened", obj=disclosure, case=CaseRef(disclosure), ground="disclosure")
    return disclosure


@transaction.atomic
def register_receipt(*, by, case, disclosure, said_by, received_at):
    """Somebody outside has said that the copy has come: who, and when."""
    require(by, Permission.DISCLOSE, case)
    disclosure = Disclosure.objects.visible_to(by).get(pk=disclosure.pk, case=case)
    if disclosure.receiver_id:
        raise Refused("Kvittot kommer av sig självt när mottagaren öppnar handlingen.")
    if disclosure.receipts.exists():
        raise Refused("Kopian är redan kvitterad.")
    if not said_by.strip():
        raise Refused("Skriv vem som har sagt att kopian har kommit fram.")
    if not disclosure.created_at <= received_at <= timezone.now():
        raise Refused("Tiden ska ligga mellan utlämnandet och nu.")
    receipt = Receipt(
        authority_id=case.authority_id, case=case, disclosure=disclosure, received_at=received_at, said_by=said_by,
        registered_by=by,
    )  # fmt: skip
    receipt.save(force_insert=True)
    record(by=by, action="disclosure.receipt_registered", obj=disclosure, case=case)
    return receipt


@transaction.atomic
def file_received(*, by, disclosure, case):
    """Put what was received in one's own file: a signed note with the words as they came. From then on they are one's
    own board's, whatever becomes of the sender's copy."""
    disclosure = open_received(by=by, disclosure=disclosure)
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    items = DisclosedItem.objects.visible_to(by).filter(disclosure=disclosure)
    words = "\n\n".join(f"{item.heading}\n{item.text}" for item in items)
    note = save_note(
        by=by, case=case, kind=CaseNote.Kind.OTHER, event_on=timezone.localdate(), source=disclosure.sender_text,
        fact=f"Mottaget från {disclosure.sender_text} ({disclosure.ground}).\n\n{words}",
    )  # fmt: skip
    note = sign_note(by=by, case=case, note=note)
    record(by=by, action="disclosure.filed", obj=note, case=case)
    return note
