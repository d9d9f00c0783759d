from django.db import transaction
from django.utils import timezone

from cases.outreach import clue_in
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from reporting.models import SupportRequest
from reporting.models.support import ASKERS
from reporting.naming import why_somebody
from reporting.support import supporters


@transaction.atomic
def ask_for_support(*, by, to_authority, subject, text):
    """From a board to a regional coordinator, about no person."""
    require_role(by, Permission.READ_CASE)
    if to_authority not in supporters():
        raise NotAllowed("Där finns ingen regionkoordinator som ni samverkar med.")
    if not text.strip():
        raise Refused("Skriv vad ni behöver.")
    if why := why_somebody(text, by):
        raise Refused(why)
    request = SupportRequest(
        authority_id=by.authority_id, asked_by=by, to_authority=to_authority, subject=subject, text=text.strip()
    )
    request.save(force_insert=True)
    record(by=by, action="support.asked", obj=request)
    return request


@transaction.atomic
def answer_support(*, by, request, text):
    require_role(by, Permission.REGION_OVERVIEW)
    request = _locked(by, request)
    if request.answered_at:
        raise Refused("Det är redan besvarat.")
    if not text.strip():
        raise Refused("Skriv ett svar.")
    if clue := clue_in(text):
        raise Refused(clue)
    request.answer, request.answered_at, request.answered_by = text.strip(), timezone.now(), by
    request.save(update_fields=["answer", "answered_at", "answered_by"])
    record(by=by, action="support.answered", obj=request, authority_id=by.authority_id)
    return request


@transaction.atomic
def close_support(*, by, request):
    """By either side: it is done, or not wanted any more."""
    if by.role not in ASKERS:
        require_role(by, Permission.REGION_OVERVIEW)
    request = _locked(by, request)
    request.closed_at = timezone.now()
    request.save(update_fields=["closed_at"])
    record(by=by, action="support.closed", obj=request, authority_id=by.authority_id)
    return request


def _locked(by, request):
    found = SupportRequest.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=request.pk).first()
    if found is None:
        raise NotAllowed("Det är inte ställt till dig.")
    if found.closed_at:
        raise Refused("Det är redan avslutat.")
    return found
