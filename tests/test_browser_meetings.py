"""Meetings in real Chromium: the team summoned in three presses, and the shared screen left in two."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Meeting
from tests.browser import Person
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    for who in (world.leo, world.sara, world.mika):
        world.join(who)
    world.draft()
    return world, Person(chromium, live_server, world.anna)


def test_the_team_is_summoned_in_three_presses(desk):
    world, anna = desk
    anna.count_from(world.case.get_absolute_url())
    anna.go(anna.page.locator(".case-acts").get_by_role("link", name="Möte").click)
    anna.page.locator("main label:has([name=slot])").first.click()
    anna.press("Kalla")
    assert anna.presses == 3
    assert anna.sees("Mötet är bokat och teamet är kallat.")
    with acting(world.anna):
        assert Meeting.objects.get().calls.count() == 3


def test_a_meeting_is_written_up_and_a_line_becomes_a_measure(desk):
    world, anna = desk
    with acting(world.anna):
        meeting = plans.call_meeting(
            by=world.anna, case=world.case, starts_at=timezone.now() + timedelta(seconds=1), place="Rum 2", purpose="",
            members=list(world.case.team.all()),
        )  # fmt: skip
    anna.page.goto(f"{anna.server}/mote/{meeting.pk}/")
    anna.check()
    anna.press("Förbered")
    anna.page.locator("[name=must_not_come]").fill("Brodern")
    anna.page.locator("main").get_by_text("Sparat ").wait_for()
    anna.press("Spara")
    anna.press("Skriv vad ni kom fram till")
    assert anna.sees("Nästa möte är inte bokat")
    anna.page.locator("[name=text]").fill("Leo ringer bostadsbolaget")
    for came in anna.page.locator("main select").all():
        came.select_option(label="var med")
    anna.press("Signera")
    anna.press("Gör till insats Leo ringer bostadsbolaget")
    assert anna.sees("Insats i utkastet")


@pytest.mark.parametrize("by_key", [True, False])
def test_the_shared_screen_is_left_at_once(desk, by_key):
    world, anna = desk
    anna.page.goto(f"{anna.server}{world.case.get_absolute_url()}")
    with anna.page.context.expect_page() as opened:
        anna.page.get_by_role("link", name="Visa planen tillsammans").click()
    anna.page = opened.value
    anna.page.wait_for_load_state()
    for width, height in ((1366, 768), (683, 384)):  # the second is what 200 % leaves of the first
        anna.page.set_viewport_size({"width": width, "height": height})
        anna.check()
        assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert anna.page.title() == "Översikt – Planering" and not anna.sees("Maria")
    if by_key:
        anna.page.keyboard.press("Escape")
        assert anna.sees("Sova en hel natt"), "once is not enough"
        with anna.page.expect_navigation():
            anna.page.keyboard.press("Escape")
    else:
        anna.page.keyboard.press("Tab")
        anna.page.keyboard.press("Tab")
        assert anna.page.evaluate("document.activeElement.matches('[data-leave]')"), "the first thing one comes to"
        with anna.page.expect_navigation():
            anna.page.keyboard.press("Enter")
    anna.check()
    assert anna.page.url.endswith("/vila/")
    anna.page.evaluate("history.back()")
    anna.page.wait_for_timeout(500)
    assert anna.page.url.endswith("/vila/") and not anna.sees("Sova"), "nothing to go back to"


def test_without_script_the_way_out_is_a_link(desk):
    world, anna = desk
    state = anna.page.context.storage_state()
    plain = anna.page.context.browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    plain.goto(f"{anna.server}/arende/{world.case.pk}/visa/")
    plain.get_by_role("link", name="Lämna snabbt").click()
    plain.wait_for_url("**/vila/")
