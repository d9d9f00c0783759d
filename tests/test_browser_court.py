"""The board and the courts in real Chromium: a decision written, its next step, and an official refused by the rule."""

from datetime import timedelta

import pytest

from children.models import CourtStep
from exitprogram.tenancy.acting import acting
from tests import guardianship
from tests.browser import Person
from tests.courtroom import matter, on, step
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    world.day_case = guardianship.a_child(world)
    return world, Person(chromium, live_server, world.anna)


def test_a_decision_of_the_committee_and_what_comes_next(desk):
    world, anna = desk
    url = f"{anna.server}/arende/{world.day_case.pk}/domstol/"
    anna.page.goto(url)
    assert anna.sees("Inget pågår här.")
    anna.press("Skriv nytt")
    page = anna.page
    page.get_by_label("Omedelbart omhändertagande (LVU)").check()
    page.locator("[name=ground]").select_option("home")
    page.locator("[name=about]").fill("Kim behöver skydd i natt.")
    page.locator("[name=day]").fill((today() - timedelta(days=1)).isoformat())
    page.locator("[name=time]").fill("23:40")
    page.get_by_label("En tjänsteperson").check()
    page.locator("[name=who]").fill("Eva Ek")
    anna.press("Spara")
    assert anna.sees("En tjänsteperson beslutar inte i detta.")
    page.get_by_label("Ordföranden").check()
    anna.press("Spara")
    assert anna.sees("om 6 dagar") and anna.sees("Görs det inte upphör omhändertagandet.")
    anna.check()
    anna.press("Skriv nästa steg")
    page.get_by_label("Underställt: inkommet till förvaltningsrätten").check()
    page.locator("[name=time]").fill("00:01")
    anna.press("Spara")
    assert anna.sees("Rätten prövar omhändertagandet inom en vecka")
    with acting(world.anna):
        assert [one.kind for one in CourtStep.objects.all()] == ["decided", "submitted"]


def test_what_has_lapsed_is_said_in_plain_words(desk):
    world, anna = desk
    with acting(world.anna):
        found = matter(world.anna, world.day_case, at=on(today() - timedelta(days=20)))
        step(world.anna, found, "executed", on(today() - timedelta(days=20), 12), words="Hos mormor.")
    anna.page.goto(f"{anna.server}/arende/{world.day_case.pk}/domstol/")
    assert anna.sees("Omhändertagandet har upphört.")
    anna.check()
