from dataclasses import asdict
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cases.access import is_child_worker, require
from cases.clocks import KINDS
from cases.escalation import steps_of
from cases.models import AccessGrant, Case, Clock
from cases.reminders import days_for
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def start_clock(*, by, case, kind, rule_id, subject_id, owner, due_on):
    """Start the one clock of this kind about this subject. The rule of the day, and what the authority has chosen
    within it, say when its owner is reminded ahead of it and its managers told after it; the strict day is kept."""
    _require_to_start(by, case, KINDS[kind])
    days = days_for(rule_id, authority_id=case.authority_id, on=due_on)
    steps = steps_of(rule_id, on=due_on, escalate_days=days.escalate)
    clock = Clock(
        authority_id=case.authority_id, case_id=case.pk, kind=kind, rule_id=rule_id, subject_id=subject_id,
        owner=owner, due_on=due_on, warn_days=list(days.warn), **asdict(steps),
    )  # fmt: skip
    clock.save(force_insert=True)
    record(by=by, action="clock.started", obj=clock, case=case, kind=kind, due_on=str(due_on))
    return clock


def _require_to_start(by, case, kind):
    """By who need not have the case, where the kind says so: the wall asks the rest."""
    if kind.begun_by:
        require_role(by, kind.begun_by)
    else:
        require(by, kind.permission, case, in_emergency=kind.in_emergency)


def _locked(clock, version):
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if clock.done_at:
        raise Refused("Det är redan klart.")
    if version is not None and clock.version != version:
        raise Stale(clock)
    return clock


def _done(by, case, clock):
    clock.done_at, clock.done_by = timezone.now(), by
    clock.version += 1
    clock.save(update_fields=["done_at", "done_by", "version"])
    record(by=by, action="clock.done", obj=clock, case=case, kind=clock.kind)
    return clock


@transaction.atomic
def finish_clock(*, by, case, clock, version=None):
    """Done. An unsigned note is done by signing it, and the watch over a consent not before its last day has come."""
    require(by, Permission.READ_CASE, case)
    clock = _locked(clock, version)
    kind = clock.said
    if kind.ends and not (kind.settled and _is_settled(clock)):
        raise Refused(kind.ends)
    if kind.not_before and clock.due_on > timezone.localdate():
        raise Refused(kind.not_before)
    return _done(by, case, clock)


def _is_settled(clock):
    """What it is about may be of a room above: the database knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.is_settled(%s, %s)", [clock.kind, clock.subject_id])
        return cursor.fetchone()[0]


@transaction.atomic
def reopen_clock(*, by, case, clock):
    """Undo one's own press, for a quarter of an hour. What is done by an act of its own stays done."""
    require(by, Permission.READ_CASE, case)
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if clock.done_at is None:
        raise Refused("Det är inte klart.")
    if not clock.can_be_undone(by, at=timezone.now()):
        raise Refused("Det går inte längre att ångra. Skriv en ny uppföljningsdag i en anteckning.")
    clock.done_at = clock.done_by = None
    clock.version += 1
    clock.save(update_fields=["done_at", "done_by", "version"])
    record(by=by, action="clock.reopened", obj=clock, case=case, kind=clock.kind)
    return clock


@transaction.atomic
def finish_about(*, by, case, kind, subject):
    """The clock about this subject, if one goes: what it watched over has happened."""
    said = KINDS[kind]
    require(by, said.permission, case, in_emergency=said.in_emergency)
    clocks = Clock.objects.select_for_update(of=("self",)).open().about(subject, kind).filter(case_id=case.pk)
    return [_done(by, case, clock) for clock in clocks]


@transaction.atomic
def extend_clock(*, by, case, clock, extended_to, ground, version=None, decided=False):
    """Move to a later day, with a ground. The strict day stays on record. ``decided``: by a decision that reaches so
    far, which the database asks for."""
    require(by, Permission.READ_CASE, case)
    clock = _locked(clock, version)
    if not (clock.said.moves or decided and clock.said.moved_by):
        raise Refused("Den dagen kan inte flyttas: signera anteckningen, eller förnya det som löper ut.")
    if not ground.strip():
        raise Refused("Skriv varför det flyttas.")
    if extended_to <= max(clock.day, timezone.localdate() - timedelta(days=1)):
        raise Refused("Den nya dagen måste ligga efter den gamla och inte ha varit.")
    clock.extended_to, clock.extension_ground = extended_to, ground
    clock.version += 1
    clock.save(update_fields=["extended_to", "extension_ground", "version"])
    record(by=by, action="clock.extended", obj=clock, case=case, kind=clock.kind, to=str(extended_to))
    return clock


@transaction.atomic
def hand_clock(*, by, case, clock, owner, version=None):
    """Give what must be done to a colleague who has the case; she is reminded anew. A draft stays with its author."""
    require(by, Permission.READ_CASE, case)
    clock = _locked(clock, version)
    if clock.said.personal:
        raise Refused("Bara den som skriver anteckningen kan signera den. Den kan inte lämnas över.")
    if owner.pk == clock.owner_id:
        raise Refused("Det ligger redan på den personen.")
    if not AccessGrant.objects.in_force(owner, on=timezone.localdate()).filter(content_object=case).exists():
        raise Refused("Personen har inte ärendet. Öppna det för henne eller honom först.")
    if case.programme == Case.Programme.CHILD and not is_child_worker(owner):
        raise Refused("Personen har inte behörighet till barns ärenden.")
    before, clock.owner, clock.handed_by = clock.owner_id, owner, by
    clock.version += 1
    clock.save(update_fields=["owner", "handed_by", "version"])
    record(by=by, action="clock.handed", obj=clock, case=case, kind=clock.kind, of=str(before), to=str(owner.pk))
    return clock
