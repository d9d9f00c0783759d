"""Whose unit is whose: which of the authority's work a manager is first to see."""

from django.utils import timezone

from exitprogram.errors import Refused
from exitprogram.tenancy.models import Membership, Unit, UnitManager
from exitprogram.tenancy.roles import Role


def require_open(by, unit):
    """The unit, one's own authority's and not ended."""
    unit = Unit.objects.visible_to(by).get(pk=unit.pk)
    if unit.ends_on and unit.ends_on < timezone.localdate():
        raise Refused(f"{unit.name} har upphört. Välj en annan enhet.")
    return unit


class Units:
    """The units of the acting authority on a day, who works in them, and who leads them."""

    def __init__(self, by, *, on):
        self.all = list(Unit.objects.visible_to(by).in_force(on=on))
        ids = {unit.pk for unit in self.all}
        own = Membership.objects.filter(authority_id=by.authority_id)
        self.of_member = dict(own.filter(unit_id__in=ids).values_list("pk", "unit_id"))
        managers = own.in_force(on=on).filter(role=Role.UNIT_MANAGER).values("pk")
        leads = UnitManager.objects.filter(unit_id__in=ids, manager_id__in=managers)
        self.leads = set(leads.values_list("unit_id", "manager_id"))
        self.led = {unit for unit, _manager in self.leads}

    def mine(self, by):
        """Those that this manager leads."""
        return {unit for unit, manager in self.leads if manager == by.pk}

    def is_for(self, member_id, units):
        """Does what this member answers for belong to these units, or to nobody's: no unit, or one that none leads?"""
        unit = self.of_member.get(member_id)
        return unit in units or unit not in self.led
