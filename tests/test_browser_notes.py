"""A note in real Chromium: lost contact, an ended session and a sign-out lose nothing of what was written."""

import re

import pytest

from cases.models import CaseNote
from exitprogram.tenancy.acting import acting
from tests.browser import Person, sign_in
from tests.world import World

SAVED = re.compile(r"^Sparat \d\d:\d\d$")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    world.case  # noqa: B018  made before anybody sits down
    anna = Person(chromium, live_server, world.anna)
    anna.page.goto(f"{anna.server}/arende/{world.case.pk}/anteckning/")
    anna.page.locator("[name=source]").fill("Maria själv")
    anna.page.locator("[name=fact]").fill("Hon ringde i går kväll.")
    saved(world, anna, "Hon ringde i går kväll.")
    return world, anna


def facts(world):
    with acting(world.anna):
        return [note.fact for note in CaseNote.objects.all()]


def saved(world, anna, text):
    """Leaving the field before it saves too, so that the word «Sparat» alone says too little."""
    for _moment in range(75):
        if facts(world) == [text]:
            return
        anna.page.wait_for_timeout(200)
    assert facts(world) == [text]


def test_signed_out_and_in_again_gives_the_text_back(desk, live_server, chromium):
    world, anna = desk
    anna.page.context.clear_cookies()
    again = Person(chromium, live_server, world.anna)
    again.page.goto(f"{again.server}/arende/{world.case.pk}/anteckning/")
    again.check()
    assert again.page.locator("[name=fact]").input_value() == "Hon ringde i går kväll."
    again.page.locator("[name=fact]").fill("Hon ringde i går kväll. Hon var rädd.")
    again.press("Signera")
    assert facts(world) == ["Hon ringde i går kväll. Hon var rädd."]


def test_what_is_written_after_the_session_ended_is_saved_when_one_is_back(desk):
    world, anna = desk
    anna.page.context.clear_cookies()
    anna.page.locator("[name=fact]").press_sequentially(" Efter kvarten.")
    anna.page.locator("main").get_by_text("Inte sparat: du har loggats ut.").wait_for()
    anna.page.get_by_role("button", name="Signera").click()
    assert anna.page.locator("[name=fact]").input_value() == "Hon ringde i går kväll. Efter kvarten."
    assert facts(world) == ["Hon ringde i går kväll."]
    other = anna.page.context.new_page()
    sign_in(other, anna.server, world.anna.user)
    anna.page.locator("[name=fact]").press_sequentially(" Och lite till.")
    saved(world, anna, "Hon ringde i går kväll. Efter kvarten. Och lite till.")
    anna.page.locator("main").get_by_text(SAVED).wait_for()


def test_without_contact_it_waits_on_the_page_and_is_saved_afterwards(desk):
    world, anna = desk
    anna.page.context.set_offline(True)
    anna.page.locator("[name=fact]").press_sequentially(" I hissen.")
    anna.page.locator("main").get_by_text("Ingen kontakt.").first.wait_for()
    assert anna.page.locator("[name=fact]").input_value() == "Hon ringde i går kväll. I hissen."
    anna.page.context.set_offline(False)
    saved(world, anna, "Hon ringde i går kväll. I hissen.")
