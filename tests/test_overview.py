"""*Läget*: what the administrator should put right, each with the way there, and nothing of any case."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.operations import reopen_member
from exitprogram.tenancy.roles import Role
from teams.health import signs
from teams.models import DELEGABLE
from teams.operations import adopt_scheme
from tests import houses
from tests.agreements import proposed
from tests.visits import Visit, sees, text_of
from tests.world import today


def found(world, by=None):
    by = by or world.adam
    with acting(by):
        return list(signs(by, on=today()))


def said(world, by=None):
    return " ".join(f"{sign.text} {' '.join(sign.names)}" for sign in found(world, by))


def long_here(world, who, days=400):
    with acting(world.adam):
        Membership.objects.filter(pk=who.pk).update(starts_on=today() - timedelta(days=days))


def test_who_has_not_signed_in_for_long(world):
    assert "inte använts" not in said(world), "everybody is new"
    long_here(world, world.leo)
    assert "1 roll har inte använts på 90 dagar. Leo Ek" in said(world)
    with acting(world.adam):
        reopen_member(by=world.adam, membership=world.leo)
    Visit(world.leo).get("plans:my_day")
    assert "inte använts" not in said(world)


def test_what_ends_and_what_waits(world):
    with acting(world.adam):
        Membership.objects.filter(pk=world.leo.pk).update(ends_on=today() + timedelta(days=10))
    proposed(world.siv, world.bollnas, ends_on=today() + timedelta(days=40))
    words = said(world)
    assert "Leo Ek, socialsekreterare: sista dagen är" in words and "har föreslagit samverkan" in words
    assert found(world)[0].urgent


def test_what_has_nobody(world):
    assert "Ingen delegationsordning gäller" in said(world)
    rows = [
        {"number": str(place), "kind": kind, "law": "11 kap. 1 § SoL", "role": Role.UNIT_MANAGER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]
    with acting(world.adam):
        adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today(), rows=rows)
    assert "Delegationsordning" not in said(world) and "Roller i delegationsordningen" not in said(world)
    houses.unit(world.adam)
    assert "1 enhet har ingen chef" in said(world) and "hör inte till någon enhet" in said(world)
    with acting(world.adam):
        long_ago = today() - timedelta(days=9)
        Membership.objects.filter(pk=world.maud.pk).update(starts_on=long_ago, ends_on=long_ago)
    assert "Ingen är enhetschef" in said(world) and "ingen har: Enhetschef" in said(world)


def test_a_region_is_asked_only_of_what_is_its_own(world):
    words = said(world, world.ragnar)
    assert "delegationsordning" not in words and "enhetschef" not in words
    assert "Du är ensam administratör" in words


def test_the_page_is_the_start_and_holds_nothing_of_a_case(world):
    case = world.case
    adam = Visit(world.adam)
    assert adam.get("tenancy:start").url == reverse("teams:overview")
    page = adam.get("teams:overview")
    assert sees(page, "Breven har ingen adress", reverse("tenancy:letterhead"), "Ställ in")
    assert case.number not in text_of(page) and "Maria" not in text_of(page)


@pytest.mark.parametrize("who", ["anna", "maud", "sara", "rut"])
def test_nobody_else(world, who):
    assert Visit(getattr(world, who)).get("teams:overview").status_code == 403
