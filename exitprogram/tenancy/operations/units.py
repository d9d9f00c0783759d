"""Every write about an authority's units."""

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tenancy.models import Membership, Unit, UnitManager
from exitprogram.tenancy.roles import Permission, Role, require_role
from exitprogram.tenancy.units import require_open


@transaction.atomic
def add_unit(*, by, name, managers=(), starts_on=None, ends_on=None):
    require_role(by, Permission.ADMINISTER)
    starts_on = starts_on or timezone.localdate()
    unit = Unit(authority_id=by.authority_id, name=name.strip(), starts_on=starts_on, ends_on=ends_on)
    _require_whole(by, unit, managers)
    unit.save(force_insert=True)
    _lead(unit, managers)
    record(by=by, action="unit.added", obj=unit, managers=len(managers))
    return unit


@transaction.atomic
def save_unit(*, by, unit, name, managers=(), ends_on=None, version=None):
    """Its name, who leads it and its last day. After that day its people belong to no unit, and what is late goes to
    all of the board's managers."""
    require_role(by, Permission.ADMINISTER)
    unit = Unit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=unit.pk)
    if version is not None and unit.version != version:
        raise Stale(unit, f"Någon annan har ändrat enheten: {unit.name}. Öppna sidan på nytt och gör om ändringen.")
    unit.name, unit.ends_on = name.strip(), ends_on
    _require_whole(by, unit, managers)
    unit.version += 1
    unit.save(update_fields=["name", "ends_on", "version"])
    _lead(unit, managers)
    led = sorted(str(one.pk) for one in managers)
    record(by=by, action="unit.saved", obj=unit, managers=led, ends_on=str(ends_on or ""))
    return unit


@transaction.atomic
def place_member(*, by, membership, unit):
    """Where somebody works from now on; ``None``: in no unit. Nobody places herself, as nobody gives herself a role."""
    require_role(by, Permission.ADMINISTER)
    if membership.user_id == by.user_id:
        raise NotAllowed("Du kan inte flytta dig själv. Be en annan administratör.")
    membership = Membership.objects.visible_to(by).select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.authority_id != by.authority_id:
        raise NotAllowed("Bara den egna arbetsgivaren väljer enhet.")
    if unit is not None:
        unit = require_open(by, unit)
    membership.unit = unit
    membership.save(update_fields=["unit"])
    record(by=by, action="membership.placed", obj=membership, unit=str(unit.pk) if unit else "")
    return membership


def _require_whole(by, unit, managers):
    if not unit.name:
        raise Refused("Skriv vad enheten heter.")
    if unit.ends_on and unit.ends_on < unit.starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    others = Unit.objects.visible_to(by).exclude(pk=unit.pk)
    if any(one.name.casefold() == unit.name.casefold() and _meet(one, unit) for one in others):
        raise Refused("Det finns redan en enhet med det namnet de dagarna.")
    for manager in managers:
        if manager.authority_id != by.authority_id or manager.role != Role.UNIT_MANAGER:
            raise Refused("En enhet leds av någon som är enhetschef hos er.")


def _meet(one, other):
    far = timezone.datetime.max.date()
    return one.starts_on <= (other.ends_on or far) and other.starts_on <= (one.ends_on or far)


def _lead(unit, managers):
    wanted = {one.pk for one in managers}
    held = {row.manager_id: row for row in UnitManager.objects.filter(unit=unit)}
    UnitManager.objects.filter(pk__in=[row.pk for pk, row in held.items() if pk not in wanted]).delete()
    UnitManager.objects.bulk_create(
        UnitManager(authority_id=unit.authority_id, unit=unit, manager_id=pk) for pk in wanted - set(held)
    )
