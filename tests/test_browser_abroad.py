"""The pages for people from other countries in real Chromium, with axe on each; and the draft that saves itself."""

import re

import pytest
from django.urls import reverse

from exitprogram.tenancy.acting import acting
from tests import abroad
from tests.browser import Person
from tests.world import World

PAGES = (
    "identifications", "permits", "permit_new", "interpreter", "residence", "support_periods", "support_period_new",
    "return", "return_edit", "return_share", "avoid", "avoid_place_new",
)  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_and_a_draft_that_saves_itself(live_server, chromium):
    world = World()
    with acting(world.anna):
        abroad.identified(world.anna, world.case)
        abroad.permitted(world.anna, world.case)
        plan = abroad.planned_return(world.anna, world.case)
        abroad.willing(world.anna, world.case, plan)
        abroad.told_abroad(world.anna, world.case, plan)
        abroad.wishes(world.anna, world.case)
        abroad.lives(world.anna, world.case)
    anna = Person(chromium, live_server, world.anna)
    for name in PAGES:
        address = reverse(f"cases:{name}", args=[world.case.pk])
        anna.go(lambda address=address: anna.page.goto(f"{anna.server}{address}"))
        fold = anna.page.get_by_text("Stöd i frågan")
        if fold.count():
            fold.first.click()
            anna.check()
    _meets(anna, world)
    _writes(anna, world)


def _meets(anna, world):
    anna.go(lambda: anna.page.goto(f"{anna.server}{reverse('plans:meeting_new', args=[world.case.pk])}"))
    assert anna.sees("Kanarienamn") and anna.sees("Tänk på innan du väljer plats")


def _writes(anna, world):
    address = reverse("cases:identification_new", args=[world.case.pk])
    anna.go(lambda: anna.page.goto(f"{anna.server}{address}"))
    anna.page.get_by_label("Med egna ord").fill("Någon annan svarar i telefonen")
    anna.page.wait_for_function("() => /^Sparat/.test(document.querySelector('[data-saved]').innerText)")
    assert re.match(r"Sparat \d\d:\d\d", anna.page.locator("[data-saved]").inner_text())
    anna.press("Signera")
    assert anna.sees("Någon annan svarar i telefonen") and anna.sees("Signerad")
