"""A key for another system in real Chromium: made, shown once, taken back."""

import pytest

from tests.browser import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna(live_server, chromium):
    world = World()
    world.agreed  # noqa: B018
    return Person(chromium, live_server, world.anna)


def test_a_key_is_made_and_taken_back(anna):
    page = anna.page
    page.goto(f"{anna.server}/anslutningar/ny/")
    anna.check()
    page.get_by_label("Vilket system").fill("Verksamhetssystemet")
    page.get_by_label("insatser", exact=True).check()
    page.get_by_label("Från vilka nätverk").fill("0.0.0.0/0")
    anna.press("Gör en nyckel")
    assert anna.sees("för stort")
    page.get_by_label("Från vilka nätverk").fill("192.0.2.0/24")
    anna.press("Gör en nyckel")
    anna.check()
    assert page.locator("#secret").input_value().startswith("plan_")
    anna.press("Jag har sparat den")
    anna.check()
    anna.press("Återkalla Verksamhetssystemet")
    assert anna.sees("Anslutningen är återkallad och öppnar inget mer.")
