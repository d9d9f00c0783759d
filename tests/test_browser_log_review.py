"""A month's sample in real Chromium: one press for each reading and two more, and the same by keys."""

import os

import pytest

from exitprogram.tenancy.acting import acting
from teams.models import LogReview, LogSample
from tests.browser import Person
from tests.reviewing import moment, read
from tests.world import World

SHOTS = os.environ.get("SHOTS_OF_REVIEW")
pytestmark = pytest.mark.django_db(transaction=True)


def fits(person, name):
    for width, height in ((1366, 768), (390, 844)):
        person.page.set_viewport_size({"width": width, "height": height})
        person.check()
        if SHOTS:
            person.page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    person.page.set_viewport_size({"width": 1366, "height": 768})


def test_one_press_for_each_and_two_more(live_server, chromium):
    world = World()
    for day in range(1, 9):
        read(world.anna, world.case, moment(day, 23), action=f"case.viewed.page{day}")
    maud = Person(chromium, live_server, world.maud)
    maud.count_from("/loggkontroll/")
    fits(maud, "months")
    maud.go(maud.page.locator("main form button").first.click)
    fits(maud, "sample")
    count = 8
    for _ in range(count - 2):
        maud.press("Ok")
    key = maud.page.keyboard
    maud.go(lambda: key.press("j"))
    maud.go(lambda: key.press("k"))
    maud.go(lambda: key.press("2"))
    key.press("3")
    key.type("Läste utan skäl.")
    assert maud.sees("7 av 8 bedömda"), "a report has words, and is pressed"
    maud.press("Anmäl")
    fits(maud, "judged")
    maud.press("Signera")
    assert maud.sees("Loggkontrollen är signerad")
    assert maud.presses <= count + 2
    with acting(world.maud):
        assert LogReview.objects.get().signed_at
        judged = list(LogSample.objects.values_list("judgement", flat=True))
        assert sorted(judged) == ["ask", *["ok"] * 6, "report"]
    adam = Person(chromium, live_server, world.adam)
    adam.page.goto(f"{adam.server}/laget/")
    assert adam.sees("Läste utan skäl.") and not adam.sees(world.case.number)
    fits(adam, "coverage")
    maud.page.goto(f"{maud.server}/enheten/")
    fits(maud, "unit")
