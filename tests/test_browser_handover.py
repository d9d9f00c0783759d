"""A caseload handed over in real Chromium, from the start page of the administrator and of the manager."""

import pytest

from cases.models import Case
from exitprogram.tenancy.acting import acting
from teams.models import Handover
from tests.browser import Person
from tests.handovers import age
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TARGET = 4  # person, successor, preview, move


def test_a_caseload_in_four_presses(live_server, chromium):
    world = World()
    world.coordinator()
    age(world.case)
    adam = Person(chromium, live_server, world.adam)
    adam.count_from("/personal/")
    adam.press("Anna Berg")
    adam.press("Lämna över ärenden…")
    adam.page.locator("[name=to_member]").focus()
    adam.page.keyboard.type("Leo")  # a choice typed is a choice made
    adam.press("Visa vad som händer")
    assert adam.sees("Inget ärende blir kvar.") and not adam.sees(world.case.number)
    adam.press("Flytta ärendet")
    assert adam.presses <= TARGET
    assert adam.sees("Ett ärende har gått över till Leo Ek.")
    world.answers(world.leo)
    with acting(world.leo):
        assert Case.objects.visible_to(world.leo).get().worker_id == world.leo.pk
    with acting(world.adam):
        assert Handover.objects.get().moved == [world.case.pk]
    adam.page.set_viewport_size({"width": 390, "height": 844})
    adam.page.goto(f"{adam.server}/personal/{world.leo.pk}/lamna-over/?to_member={world.anna.pk}")
    adam.check()
    assert adam.page.evaluate("document.documentElement.scrollWidth") <= 390
