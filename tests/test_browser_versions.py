"""Versions and paper in real Chromium: the plan on paper to one in two presses, and what has changed read in words."""

import pytest

from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.browser import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    return world, world.agreed, Person(chromium, live_server, world.anna)


@pytest.mark.parametrize("recipient", ["Den enskilde", "Socialnämnden, Bollnäs kommun"])
def test_the_plan_on_paper_to_one_in_two_presses(desk, recipient):
    world, _agreed, anna = desk
    anna.count_from(world.case.get_absolute_url())
    anna.go(anna.page.locator(".case-acts").get_by_role("link", name="PDF").click)
    with anna.page.expect_download() as waiting:
        anna.page.get_by_role("button", name=f"PDF till {recipient}").click()
    assert waiting.value.suggested_filename == "plan-1-1.pdf"
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    assert anna.presses == 2


@pytest.mark.parametrize("width", [1366, 390])
def test_what_has_changed_is_read_on_any_screen(desk, width):
    world, agreed, anna = desk
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=agreed.plan)
        goal = draft.goals.get()
        plans.save_goal(by=world.anna, goal=goal, expected=None, own_words="Sova en hel natt hemma", wording="")
        plans.drop_measure(by=world.anna, measure=draft.measures.get())
        plans.save_version(
            by=world.anna, plan_version=draft, expected=None, what_matters="Lugn och ro, nära mamma", strengths="Envis",
        )  # fmt: skip
    anna.page.set_viewport_size({"width": width, "height": 768})
    anna.page.goto(f"{anna.server}/plan/{draft.pk}/")
    anna.press("Vad har ändrats?")
    assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for text in ("Målet ”Sova en hel natt hemma”: personens egna ord har skrivits om.", "Borttaget", "Anna Berg"):
        assert anna.sees(text)
    anna.page.goto(f"{anna.server}/plan/{draft.pk}/faststall/")
    anna.check()
