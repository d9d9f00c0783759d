from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def start_clock(*, by, case, kind, rule_id, subject_id, owner, due_on):
    """Start, or move to a new day, the one clock of this kind about this subject. Warns as many days ahead as the
    rule of the day says; the strict day is kept."""
    require(by, Permission.READ_CASE, case)
    warn = max(rule(rule_id, on=due_on).values["warn_days"])
    remind_on = max(due_on - timedelta(days=warn), min(due_on, timezone.localdate()))
    clock = Clock(
        authority_id=case.authority_id, case=case, kind=kind, rule_id=rule_id, subject_id=subject_id, owner=owner,
        due_on=due_on, remind_on=remind_on,
    )  # fmt: skip
    clock.save(force_insert=True)
    record(by=by, action="clock.started", obj=clock, case=case, kind=kind, due_on=str(due_on))
    return clock


def _locked(clock, version):
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if clock.done_at:
        raise Refused("Det är redan klart.")
    if version is not None and clock.version != version:
        raise Stale(clock)
    return clock


@transaction.atomic
def finish_clock(*, by, case, clock, version=None):
    """Done."""
    require(by, Permission.READ_CASE, case)
    clock = _locked(clock, version)
    clock.done_at, clock.done_by = timezone.now(), by
    clock.version += 1
    clock.save(update_fields=["done_at", "done_by", "version"])
    record(by=by, action="clock.done", obj=clock, case=case, kind=clock.kind)
    return clock


@transaction.atomic
def extend_clock(*, by, case, clock, extended_to, ground, version=None):
    """Move to a later day, with a ground. The strict day stays on record."""
    require(by, Permission.READ_CASE, case)
    clock = _locked(clock, version)
    if not ground.strip():
        raise Refused("Skriv varför det flyttas.")
    if extended_to <= max(clock.day, timezone.localdate() - timedelta(days=1)):
        raise Refused("Den nya dagen måste ligga efter den gamla och inte ha varit.")
    clock.extended_to, clock.extension_ground = extended_to, ground
    clock.version += 1
    clock.save(update_fields=["extended_to", "extension_ground", "version"])
    record(by=by, action="clock.extended", obj=clock, case=case, kind=clock.kind, to=str(extended_to))
    return clock
