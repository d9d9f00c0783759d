"""Kostnadsberäkningar: by a board's leaders, sent to the county's regional coordinator when the board wants to."""

import re

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role
from reporting.costs.assumptions import FIELDS, SOURCES, faults
from reporting.models import CostEstimate
from reporting.naming import names_somebody
from reporting.support import supporters

IDENTITY_NUMBER = re.compile(r"\d{6}\s?[-+]?\s?\d{4}")
A_NUMBER = "Texten ser ut att innehålla ett personnummer. Ta bort det."
SENT = "Beräkningen är skickad till regionen. Ta tillbaka den först, eller gör en kopia."


@transaction.atomic
def view_costs(*, by, page, form="page"):
    """Write down that costs or an estimate were read, and in which form: page, pdf or sheet. No case is in them."""
    require_role(by, Permission.BOARD_LISTS)
    record(by=by, action="costs.viewed", obj=None, page=page, form=form)


@transaction.atomic
def add_estimate(*, by, programme, **fields):
    """A new estimate of the board's. Raises Refused with a sentence when the assumptions cannot be."""
    require_role(by, Permission.BOARD_LISTS)
    _require_possible(by, fields)
    estimate = CostEstimate(authority_id=by.authority_id, made_by=by, programme=programme, **fields)
    estimate.save(force_insert=True)
    record(by=by, action="estimate.added", obj=estimate, programme=programme)
    return estimate


@transaction.atomic
def save_estimate(*, by, estimate, expected, **fields):
    """``expected`` is the row version that the form showed; raises Stale. What has been sent is locked."""
    require_role(by, Permission.BOARD_LISTS)
    estimate = _locked(by, estimate)
    if estimate.row_version != expected:
        raise Stale(estimate)
    if estimate.sent_at:
        raise Refused(SENT)
    _require_possible(by, fields)
    changed = sorted(name for name, value in fields.items() if value != getattr(estimate, name))
    for name, value in fields.items():
        setattr(estimate, name, value)
    estimate.row_version += 1
    estimate.save(update_fields=[*FIELDS, "row_version"])
    record(by=by, action="estimate.saved", obj=estimate, fields=changed)
    return estimate


@transaction.atomic
def copy_estimate(*, by, estimate):
    """A new one with the same assumptions, sent nowhere: an encrypted text is opened here and sealed anew."""
    require_role(by, Permission.BOARD_LISTS)
    old = _locked(by, estimate)
    fields = {name: getattr(old, name) for name in FIELDS} | {"name": f"{old.name} (kopia)"[:120]}
    copy = CostEstimate(authority_id=by.authority_id, made_by=by, programme=old.programme, **fields)
    copy.save(force_insert=True)
    record(by=by, action="estimate.copied", obj=copy, of=str(old.pk))
    return copy


@transaction.atomic
def send_estimate(*, by, estimate, to_authority):
    """To the regional coordinator, who sees it and adds it to the county's; one of each programme at a time."""
    require_role(by, Permission.BOARD_LISTS)
    estimate = _locked(by, estimate)
    if to_authority not in supporters():
        raise NotAllowed("Där finns ingen regionkoordinator som ni samverkar med.")
    sent = CostEstimate.objects.visible_to(by).filter(programme=estimate.programme, sent_at__isnull=False).first()
    if sent is not None:
        raise Refused(f"Ni har redan skickat ”{sent.name}”. Ta tillbaka den först.")
    return _sent(by, estimate, "estimate.sent", sent_to=to_authority, sent_at=timezone.now(), sent_by=by)


@transaction.atomic
def take_back_estimate(*, by, estimate):
    require_role(by, Permission.BOARD_LISTS)
    estimate = _locked(by, estimate)
    if not estimate.sent_at:
        raise Refused("Beräkningen är inte skickad.")
    return _sent(by, estimate, "estimate.taken_back", sent_to=None, sent_at=None, sent_by=None)


def _sent(by, estimate, action, **fields):
    for name, value in fields.items():
        setattr(estimate, name, value)
    estimate.row_version += 1
    estimate.save(update_fields=[*fields, "row_version"])
    record(by=by, action=action, obj=estimate)
    return estimate


def _locked(by, estimate):
    found = CostEstimate.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=estimate.pk).first()
    if found is None:
        raise NotAllowed("Beräkningen är inte er.")
    return found


def _require_possible(by, fields):
    if set(fields) != set(FIELDS):
        raise TypeError(f"En beräkning har fälten {sorted(set(fields) ^ set(FIELDS))}")
    for sentence in faults(fields).values():
        raise Refused(sentence)
    for name in ("name", *SOURCES):
        if IDENTITY_NUMBER.search(fields[name]):
            raise Refused(A_NUMBER)
        if why := names_somebody(fields[name], by):
            raise Refused(why)
