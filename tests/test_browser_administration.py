"""The administrator's day counted in presses (peers.md §5.4), in real Chromium and with axe on every page. Handover,
cooperation and the delegation scheme: ``test_browser_handover``, ``…_cooperation``, ``…_scheme``."""

from datetime import timedelta

import pytest

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership
from tests import houses
from tests.browser import Person
from tests.papers import old_case
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = ((1366, 768), (390, 844))


def at_the_desk(browser, server, who):
    person = Person(browser, server, who)
    person.count_from("/")
    person.check()
    return person


def test_a_person_is_added_with_role_unit_and_last_day_in_three(live_server, chromium):
    world = World()
    adults = houses.unit(world.adam, managers=[world.maud])
    adam = at_the_desk(chromium, live_server, world.adam)
    assert adam.sees("Läget")
    adam.go(adam.page.get_by_role("navigation").get_by_role("link", name="Personal").click)
    adam.press("Lägg till")
    last = today() + timedelta(days=300)
    adam.fill(name="Ny Kollega", email="ny@exempel.invalid", role="Socialsekreterare", unit="Vuxenenheten")
    adam.fill(ends_on=str(last))
    adam.press("Lägg till")
    assert adam.presses == 3 and adam.sees("Ny Kollega har fått rollen Socialsekreterare.")
    with acting(world.adam):
        member = Membership.objects.get(user__email="ny@exempel.invalid")
    assert (member.unit_id, member.ends_on) == (adults.pk, last)


def test_the_destruction_list_is_signed_in_three(live_server, chromium):
    world = World()
    found = old_case(world)
    with acting(world.maud):
        row = cases.prepare_disposal(by=world.maud, case_ids=[found.pk])
    adam = at_the_desk(chromium, live_server, world.adam)
    adam.press("Öppna listan")
    adam.press("Signera listan")
    assert adam.presses <= 3
    with acting(world.adam):
        row.refresh_from_db()
    assert row.signed_first_by_id == world.adam.pk


@pytest.mark.parametrize("path", ["/laget/", "/enheter/", "/enheter/ny/", "/brevhuvud/", "/se-som/", "/paminnelser/"])
def test_nothing_is_cut_on_a_narrow_screen(live_server, chromium, path):
    adam = at_the_desk(chromium, live_server, World().adam)
    for width, height in WIDTHS:
        adam.page.set_viewport_size({"width": width, "height": height})
        adam.page.goto(f"{adam.server}{path}")
        adam.check()
        assert adam.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
