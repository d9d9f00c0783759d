"""In real Chromium: the address leaves the page by itself, aloud; «back» and no script find it gone as well."""

import pytest

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from tests.browser import Person, show_who
from tests.world import World

ADDRESS = "Kanariegatan 7"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna(live_server, chromium):
    world = World()
    with acting(world.anna):
        place = cases.add_place(by=world.anna, case=world.case, kind="address", text=ADDRESS)
    person = Person(chromium, live_server, world.anna)
    person.list = f"{person.server}/arende/{world.case.pk}/platser/"
    person.ask = f"{person.list}{place.pk}/visa/"
    return person


def see_it(anna, page=None):
    """By way of the reason, and of the code when it is asked for."""
    page = page or anna.page
    page.goto(anna.ask)
    if "losenord-igen" in page.url:
        show_who(page, anna.user)
    page.get_by_label("Ska möta eller besöka personen").check()
    page.get_by_label("Med egna ord").fill("Hembesök i dag")
    page.get_by_role("button", name="Visa i en minut").click()
    page.get_by_text(ADDRESS).wait_for()


def test_it_leaves_the_page_and_says_so(anna):
    see_it(anna)
    anna.check()
    assert "Kanarie" not in anna.page.title() and "Kanarie" not in anna.page.url
    assert anna.page.locator("[data-hides-after]").get_attribute("data-hides-after") == "60"
    anna.page.wait_for_timeout(1500)
    assert anna.sees(ADDRESS), "not before its time"
    anna.page.locator("[data-hides-after]").evaluate("e => { e.dataset.hidesAfter = '1'; }")
    anna.page.get_by_role("status").get_by_text("Platsen är dold igen.").wait_for()
    assert ADDRESS not in anna.page.content(), "gone from the page, not only out of sight"
    anna.check()


def test_hidden_by_hand_by_going_back_and_by_reloading(anna):
    see_it(anna)
    shown = anna.page.url
    anna.page.get_by_role("button", name="Dölj nu").click()
    assert ADDRESS not in anna.page.content()
    see_it(anna)
    anna.page.goto(anna.list)
    anna.page.go_back()
    assert ADDRESS not in anna.page.content()
    anna.page.goto(shown)
    assert anna.page.url == anna.list and ADDRESS not in anna.page.content()


def test_without_script_the_page_leads_away(anna, chromium):
    see_it(anna)  # the password has been given
    state = anna.page.context.storage_state()
    page = chromium.new_context(java_script_enabled=False, locale="sv-SE", storage_state=state).new_page()
    see_it(anna, page)
    leads = page.locator("meta[http-equiv=refresh]").get_attribute("content")
    assert leads.startswith("60;url=/arende/") and leads.endswith("/platser/")
