"""Agreements between authorities, in two boards: one that holds with a mandate in it, and proposals that wait."""

from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority, CooperationAgreement
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import Role
from tests.world import today


def proposed(by, *others, ground="kl_9_37", **more):
    more = {"purpose": "Kanariesamverkan", "programmes": ["adult"], "starts_on": today(), **more}
    with acting(by):
        return tenancy.propose_agreement(by=by, others=list(others), ground=ground, **more)


def accepted(by, agreement):
    with acting(by):
        return tenancy.accept_agreement(by=by, agreement=agreement)


def agreed(by, *accepting, **more):
    """Drafted by one administrator and signed by the others."""
    agreement = proposed(by, *(one.authority for one in accepting), **more)
    for one in accepting:
        accepted(one, agreement)
    return agreement


def given(by, agreement, employer, kinds=("travel",), **more):
    with acting(by):
        more = {"starts_on": today(), **more}
        return tenancy.give_mandate(by=by, agreement=agreement, employer=employer, kinds=list(kinds), **more)


def everything(world):
    """Söderhamn and Ljusdal have agreed, and Ljusdal's Lena and Lova have mandates. Bollnäs' proposal to Ljusdal waits,
    and so does one of Söderhamn's to Ovanåker, where nobody works who could answer."""
    world.ljusdal, world.ovanaker = (
        Authority.objects.get(pk=authority_id("social_board", code)) for code in ("2161", "2121")
    )
    world.lo = world._administrator(world.ljusdal, "Lo Admin")
    world.lena = world._member(world.lo, "Lena Chef", Role.UNIT_MANAGER)
    proposed(world.adam, world.ljusdal, mandates=_both_ways(world.bollnas, world.ljusdal, world.leo))
    proposed(world.siv, world.ovanaker, mandates=_both_ways(world.soderhamn, world.ovanaker, world.per))
    world.lova = world._member(world.lo, "Lova Ek", Role.SOCIAL_WORKER)
    both = [
        {"board": world.soderhamn, "employer": world.ljusdal, "kinds": ["travel"], "role": role}
        for role in (Role.UNIT_MANAGER, Role.SOCIAL_WORKER)
    ]
    world.together = agreed(world.siv, world.lo, mandates=both)
    with acting(world.adam):
        world.agreement = CooperationAgreement.objects.visible_to(world.adam).get(ground="hsl_16_3")


def _both_ways(board, other, person):
    return [
        {"board": board, "employer": other, "kinds": ["travel"], "role": Role.UNIT_MANAGER},
        {"board": other, "employer": board, "kinds": ["travel"], "membership": person},
    ]


def deciding(world, *kinds, role=Role.UNIT_MANAGER, **more):
    """Söderhamn's Stina leads a unit, and may by her role decide for Bollnäs: an agreement that both have signed."""
    if not hasattr(world, "stina"):
        world.stina = world._member(world.siv, "Stina Chef", Role.UNIT_MANAGER)
    given = {"board": world.bollnas, "employer": world.soderhamn, "kinds": list(kinds), "role": role}
    days = {name: more.pop(name) for name in ("mandate_ends_on",) if name in more}
    if days:
        given["ends_on"] = days["mandate_ends_on"]
    return agreed(world.adam, world.siv, mandates=[given], notice_months=0, **more)
