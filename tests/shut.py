"""Rows of what opens for an hour and of what is shut to somebody, in two boards."""

from datetime import timedelta

from django.utils import timezone

from cases import operations as cases
from exitprogram.demo.clock import at
from exitprogram.tenancy.acting import acting

WHY = {"reason": "life", "reason_text": "Kanarieskäl"}


def everything(world):
    """An emergency that is over and waits for its review, by Leo and by Per; somebody blocked in each of the two cases;
    and Mika in the team of a third one, covered, and blocked."""
    world.urgent = world.open_case(individual=world.person(name="Akut Person"))
    world.urgent_elsewhere = world.open_case(world.cilla, world.person(world.cilla, "Akut Annanstans"))
    for by, case in ((world.leo, world.urgent), (world.per, world.urgent_elsewhere)):
        with at(timezone.now() - timedelta(minutes=61)), acting(by):
            cases.open_in_emergency(by=by, number=case.number, **WHY)
    block(world.anna, world.case, world.ragnar)
    block(world.cilla, world.elsewhere, world.pia)
    world.shut = world.open_case(individual=world.person(name="Stängd Person"))
    world.waiver(world.partner, "network", case=world.shut)
    world.join(world.mika, world.shut)
    block(world.anna, world.shut, world.mika)


def block(by, case, who):
    with acting(by):
        return cases.block_access(by=by, case=case, user=who.user, kind="kin", reason="Kanarieskäl")
