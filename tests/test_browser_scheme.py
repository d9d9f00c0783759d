"""The delegation scheme in real Chromium: a new version in force in four presses, with its effect shown; the lists."""

import os

import pytest

from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.delegation import sample
from teams.models import DelegationScheme
from tests.browser import Person
from tests.test_scheme import DAY, adopt, decide, whole
from tests.world import World, today

SHOTS = os.environ.get("SHOTS_OF_SCHEME")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    adopt(world, [*whole(), *whole("social_worker")], valid_from=today() - 90 * DAY)
    decide(world, world.anna)
    with acting(world.anna):
        given = {"kind": "contact_person", "what": "Kontaktperson", "sent_to": world.leo}
        teams.propose_decision(by=world.anna, case=world.case, **given)
    with acting(world.adam):
        teams.replace_rows(by=world.adam, rows=[dict(row) for row in sample()])
    return world, Person(chromium, live_server, world.adam)


def fits(person, name=""):
    """Nothing wider than the window, on a desk and in a hand."""
    for width, height in ((1366, 768), (390, 800)):
        person.page.set_viewport_size({"width": width, "height": height})
        person.check()
        if SHOTS and name:
            person.page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    person.page.set_viewport_size({"width": 1366, "height": 768})


def test_a_new_version_is_put_in_force_in_four_presses(desk):
    world, adam = desk
    adam.count_from("/")
    adam.press("Delegationsordning")
    adam.press("Granska och sätt i kraft")
    assert adam.sees("Kontaktperson") and adam.sees("hos Leo Ek · kan beslutas av Maud Chef")
    adam.fill(minute="SN § 12/2026", valid_from=str(today() + DAY))
    adam.press("Sätt i kraft")
    if adam.sees("Dagen är en annan"):
        adam.press("Sätt i kraft")
    assert adam.sees("Version 2 är satt i kraft.")
    assert adam.presses <= 4
    with acting(world.adam):
        assert DelegationScheme.objects.adopted().first().minute == "SN § 12/2026"


def test_every_page_of_it_fits(desk):
    world, adam = desk
    for address, name in (
        ("delegationsordning/", "scheme"), ("delegationsordning/utkast/", "draft"),
        ("delegationsordning/utkast/rad/", "row"), ("delegationsordning/utkast/las-in/", "import"),
        ("delegationsordning/utkast/satt-i-kraft/", "adopt"),
        ("delegationsordning/vem-beslutar/?kind=financial_assistance&amount=20000", "who"),
        ("namndlistor/bradskande/", "urgent"),
    ):  # fmt: skip
        adam.page.goto(f"{adam.server}/{address}")
        fits(adam, name)


def test_the_list_is_closed_and_reported(desk):
    world, adam = desk
    adam.press("Nämndlistor")
    adam.page.locator("[name=held_on]").fill(str(today()))
    adam.press("Skapa")
    assert adam.sees("Tolk")
    adam.press("Stäng listan")
    fits(adam, "meeting")
    adam.fill(minute="SN § 13/2026")
    adam.press("Anmält")
    fits(adam, "board")
    assert adam.sees("Anmält till nämnden.") and adam.sees("SN § 13/2026")
