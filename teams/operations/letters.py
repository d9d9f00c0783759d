import hashlib

from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from cases.material import Piece
from cases.models import Disclosure
from cases.papers import copy_of, keep_copy
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission
from teams.letters import letter
from teams.models import Decision

WHAT = "decision.letter"


@transaction.atomic
def release_letter(*, by, case, decision, without_names=False, guardian=None):
    """(bytes, disclosure) of the letter to the one the decision is about, or to the child's ``guardian`` (id) it has
    been released to. A copy is a disclosure, always written down. Raises NoPdf where the machine cannot make one."""
    require(by, Permission.PROPOSE_DECISION, case, after_closing=True)
    rows = Decision.objects.visible_to(by).select_for_update(of=("self",)).filter(case=case)
    rows = rows.select_related(
        "case__individual", "authority", "decided_by__user", "proposed_by__user", "earlier", "row"
    )
    decision = rows.get(pk=decision.pk)
    if not decision.is_decided:
        raise Refused("Beslutet är inte fattat än.")
    to = _released_to(case, decision, guardian) if guardian else None
    number = Disclosure.objects.filter(object_id=decision.pk).count() + 1
    data = letter(
        decision, copy_number=number, made_on=timezone.localdate(), without_names=without_names,
        to=to.words if to else "",
    )  # fmt: skip
    disclosure = Disclosure(
        authority_id=decision.authority_id, case=decision.case, what=WHAT, object_id=decision.pk,
        recipient_kind=beside.KIND if to else "individual", recipient_text=to.words if to else "Den enskilde",
        beside_id=to.pk if to else None, ground="Underrättelse om beslut (FL 33 §)",
        copy_number=number, sha256=hashlib.sha256(data).digest(), disclosed_by=by,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    keep_copy(disclosure, data)
    record(by=by, action="decision.letter_made", obj=decision, case=case, copy=number)
    return data, disclosure


@transaction.atomic
def fetch_letter(*, by, case, disclosure):
    """The bytes of a letter that went out, as they were. A reading, written down as one; nothing goes out anew."""
    require(by, Permission.PROPOSE_DECISION, case, after_closing=True)
    disclosure = Disclosure.objects.visible_to(by).get(pk=disclosure.pk, case=case, what=WHAT)
    data = copy_of(disclosure)
    record(by=by, action="copy.viewed", obj=disclosure, case=case, copy=disclosure.copy_number)
    return data


def _released_to(case, decision, guardian):
    """A locked decision reads as it did when its letter was released."""
    return beside.require_released(case, guardian, [Piece(WHAT, decision.pk, "", "", decision.number)])
