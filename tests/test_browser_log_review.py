"""A month's sample in real Chromium: one press for each reading and two more, and the same by keys."""

import os

import pytest

from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import LogReview, LogSample
from tests.browser import Person
from tests.reviewing import begun, moment, read
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
    assert adam.sees("1 anmälan följs upp") and not adam.sees("Läste utan skäl.")
    fits(adam, "coverage")
    maud.page.goto(f"{maud.server}/enheten/")
    fits(maud, "unit")


def test_asked_answered_and_followed_up(live_server, chromium):
    """The one who read answers on her own page in a press; the manager judges it, and closes what she reported."""
    world = World()
    read(world.anna, world.case, moment(5, 23))
    read(world.leo, world.case, moment(8, 23))
    review = begun(world.maud)
    with acting(world.maud):
        for sample in review.samples.all():
            judgement = "ask" if sample.actor_id == world.anna.pk else "report"
            teams.judge_sample(by=world.maud, sample=sample, judgement=judgement, note="Läste sent på kvällen.")
        teams.sign_log_review(by=world.maud, review=review)
    anna = Person(chromium, live_server, world.anna)
    anna.page.goto(f"{anna.server}/")
    fits(anna, "my-day")
    anna.go(anna.page.get_by_role("link", name="Svara", exact=True).first.click)
    fits(anna, "asked")
    assert not anna.sees("Läste sent på kvällen.")
    anna.page.get_by_label("Vad behövde du i ärendet?").fill("Jag vikarierade för en kollega.")
    anna.press("Svara")
    assert anna.sees("Tack, ditt svar är skickat")
    fits(anna, "answered")
    maud = Person(chromium, live_server, world.maud)
    maud.page.goto(f"{maud.server}/enheten/")
    fits(maud, "unit-asked")
    maud.page.goto(f"{maud.server}/loggkontroll/")
    fits(maud, "follow-ups")
    maud.go(maud.page.get_by_role("link", name="Anna Berg").click)
    fits(maud, "question")
    maud.press("Ok")
    maud.go(maud.page.get_by_role("link", name="Leo Ek").click)
    fits(maud, "report")
    maud.page.get_by_label("Vi har talat om det").check()
    maud.page.get_by_label("Vad som har gjorts").fill("Samtal. Hen hade klickat fel.")
    maud.press("Avsluta")
    assert maud.sees("Anmälan är avslutad")
    adam = Person(chromium, live_server, world.adam)
    adam.page.goto(f"{adam.server}/laget/")
    assert adam.sees("1 anmälan är avslutad") and not adam.sees("Leo Ek läste")
    fits(adam, "counts")
