"""A decision by mandate in real Chromium: sent to another board's manager in two presses, and decided by her in two."""

import pytest

from exitprogram.tenancy.acting import acting
from teams.models import Decision, DecisionKind
from tests import agreements
from tests.browser import Person
from tests.test_mandates import scheme
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TARGET = {"send": 2, "decide": 2}


def test_sent_in_two_presses_and_decided_in_two(live_server, chromium):
    world = World()
    scheme(world)
    agreements.deciding(world, "protected_housing")
    anna = Person(chromium, live_server, world.anna)
    anna.count_from(f"/arende/{world.case.pk}/beslut/?typ=protected_housing")
    anna.page.get_by_label("Vad som föreslås, och varför").fill("Plats från i kväll, hotet är akut.")
    anna.press(f"Skicka till Stina Chef ({world.soderhamn.name})")
    assert anna.presses <= TARGET["send"]
    stina = Person(chromium, live_server, world.stina)
    stina.count_from("/")
    stina.press(DecisionKind.PROTECTED_HOUSING.label)
    stina.page.get_by_label("Skäl").fill("Skyddet behövs genast.")
    stina.press("Bifall")
    assert stina.presses == TARGET["decide"]
    assert stina.sees(f"{world.bollnas.name} underrättar den enskilde.")
    with acting(world.anna):
        assert Decision.objects.get().mandate == "kl_9_37"
