"""The plan on one screen in real Chromium: the page never scrolls, every line opens in place, keyboard all the way."""

import re
from datetime import timedelta

import pytest

from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Goal, Measure, PlanVersion
from tests.browser import Person
from tests.fullplan import write_full_plan
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = re.compile(r"^Sparat \d\d:\d\d$")
FITS = "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
INSIDE = "[...document.querySelectorAll('.board-pane')].map((pane) => pane.scrollHeight - pane.clientHeight)"
FOCUS = "document.activeElement.closest('[data-line]')?.id + ' ' + document.activeElement.tagName"


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    return world, write_full_plan(world), Person(chromium, live_server, world.anna)


@pytest.fixture
def draft(live_server, chromium):
    """Little written, nothing missing but what the test wants to add."""
    world = World()
    world.consent(), world.coordinator()
    return world, world.draft(), Person(chromium, live_server, world.anna)


def look(person, version):
    person.page.goto(f"{person.server}/plan/{version.pk}/")
    person.check()


def opened(person, line):
    """Open a line as one who sits at the keyboard, and wait for its form."""
    person.page.locator(f"[id='{line}'] > summary").focus()
    person.page.keyboard.press("Enter")
    person.page.locator(f"[id='{line}'] form.line-form :focus").wait_for()


def closed(person, line):
    person.page.keyboard.press("Escape")
    person.page.locator(f"[id='{line}'] form.line-form").wait_for(state="detached")
    person.page.locator(f"[id='{line}'] > summary:focus").wait_for()


def test_the_whole_plan_is_one_screen(desk):
    world, version, anna = desk
    look(anna, version)
    assert anna.page.evaluate(FITS)
    assert anna.page.evaluate(INSIDE) == [0, 0, 0], "nor is anything hidden inside a column"
    with acting(world.anna):
        goals, measures = list(version.goals.all()), list(version.measures.all())
    for row in measures:
        assert anna.page.locator(f"[id='rad-{row.pk}']").is_visible()
    opened(anna, f"rad-{measures[-1].pk}")
    anna.check()
    assert anna.page.evaluate(FITS), "what is open scrolls inside its own column"
    opened(anna, f"rad-ny-{goals[-1].pk}")
    anna.check()
    assert anna.page.evaluate(FITS) and anna.page.locator("[data-line][open]").count() == 1, "one at a time"
    opened(anna, "rad-ramar")
    anna.check()
    assert anna.page.evaluate(FITS)
    for width, height in ((1920, 1080), (683, 384), (390, 844), (320, 640)):
        anna.page.set_viewport_size({"width": width, "height": height})
        anna.check()
        assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_escape_saves_closes_and_gives_the_focus_back(desk):
    world, version, anna = desk
    look(anna, version)
    opened(anna, "rad-laget")
    anna.page.keyboard.type(" Ny rad.")
    closed(anna, "rad-laget")
    with acting(world.anna):
        version.refresh_from_db()
    assert version.current_situation.endswith("Ny rad.")
    assert anna.page.evaluate(FOCUS) == "rad-laget SUMMARY"
    anna.page.keyboard.press("ArrowDown")
    assert anna.page.evaluate(FOCUS) == "rad-styrkor SUMMARY"
    anna.page.keyboard.press("k")
    assert anna.page.evaluate(FOCUS) == "rad-laget SUMMARY"
    anna.page.keyboard.press("?")
    assert anna.sees("Förra eller nästa rad i planen")


def test_what_cannot_be_saved_stays_in_sight(desk):
    world, version, anna = desk
    with acting(world.anna):
        row = version.measures.exclude(ends_on=None).first()
    look(anna, version)
    line = f"rad-{row.pk}"
    opened(anna, line)
    anna.fill(title="Rättad titel", ends_on=(today() + timedelta(days=999)).isoformat())
    anna.page.keyboard.press("Escape")
    anna.page.get_by_text("Fel: Insatsen måste ligga inom planens tid").wait_for()
    anna.page.locator("[name=ends_on]:focus").wait_for()
    assert anna.page.locator(f"[id='{line}'][open]").count() == 1
    assert anna.page.locator("[name=title]").input_value() == "Rättad titel", "nothing typed is lost"
    anna.problems.clear()  # Chromium writes every 422 in its console
    anna.check()
    anna.fill(ends_on=(today() + timedelta(days=99)).isoformat())
    anna.page.locator("main").get_by_text(SAVED).wait_for()
    assert anna.page.locator(".field.wrong").count() == 0
    closed(anna, line)
    assert anna.page.locator(f"[id='{line}'] > summary").inner_text().startswith("Rättad titel")


def test_two_people_in_one_measure(desk):
    world, version, anna = desk
    with acting(world.anna):
        row = version.measures.first()
    look(anna, version)
    line = f"rad-{row.pk}"
    opened(anna, line)
    with acting(world.leo):
        plans.save_measure(by=world.leo, measure=row, expected=1, title="Leos titel")
    anna.fill(title="Annas titel")
    anna.page.keyboard.press("Escape")
    anna.page.get_by_text("Leo Ek sparade").wait_for()
    anna.problems.clear()
    anna.check()
    assert anna.sees("Insats eller åtgärd: Annas titel") and anna.sees("Insats eller åtgärd: Leos titel")
    anna.page.get_by_role("button", name="Behåll min text").click()
    anna.page.locator(f"[id='{line}'] form.line-form").wait_for(state="detached")
    with acting(world.anna):
        row.refresh_from_db()
    assert row.title == "Annas titel"


def keys(person, *typed):
    for one in typed:
        person.page.keyboard.press(one) if one in ("Tab", "Enter", "Escape") else person.page.keyboard.type(one)


def test_the_whole_way_by_keyboard(draft):
    """A goal, a measure, how it goes, agreed: no pointer is used."""
    world, version, anna = draft
    look(anna, version)
    opened(anna, "rad-nytt-mal")
    keys(anna, "Bo", "Tab", "Tab", "En egen dörr", "Enter")
    anna.page.locator("summary:focus", has_text="En egen dörr").wait_for()
    with acting(world.anna):
        goal = Goal.objects.get(area="housing")
    assert anna.page.evaluate(FOCUS) == f"rad-{goal.pk} SUMMARY", "at the line that is new"
    keys(anna, "Tab", "Enter")
    anna.page.locator(f"[id='rad-ny-{goal.pk}'] form").wait_for()
    anna.page.locator("[name=katalog]:focus").wait_for()
    keys(anna, "Tab", "Skyddat boende", "Tab", "på")
    anna.page.locator("[name=principal_choice]").focus()
    keys(anna, "Soc", "Enter")
    anna.page.locator("[name=title]").focus()
    keys(anna, "Enter")
    anna.page.locator("summary:focus", has_text="Skyddat boende").wait_for()
    with acting(world.anna):
        row = Measure.objects.get(goal=goal)
    assert (row.status, row.principal_id) == ("ongoing", world.bollnas.pk)
    opened(anna, f"rad-{row.pk}")
    keys(anna, "Tab", "klar")
    closed(anna, f"rad-{row.pk}")
    with acting(world.anna):
        row.refresh_from_db()
    assert row.status == "done"
    anna.page.get_by_role("link", name="Fastställ version 1…").focus()
    anna.go(lambda: anna.page.keyboard.press("Enter"))
    anna.page.get_by_role("button", name="Fastställ version 1").focus()
    anna.go(lambda: anna.page.keyboard.press("Enter"))
    assert anna.sees("Version 1 är överenskommen och låst.") and anna.page.evaluate(FITS)
    with acting(world.anna):
        assert PlanVersion.objects.get(pk=version.pk).state == "agreed"


def test_without_script_every_line_is_read_and_leads_to_its_form(draft):
    _world, version, anna = draft
    state = anna.page.context.storage_state()
    plain = anna.page.context.browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    plain.goto(f"{anna.server}/plan/{version.pk}/")
    plain.locator("#rad-viktigt > summary").click()
    plain.locator("#rad-viktigt").get_by_role("link", name="Ändra").click()
    plain.locator("[name=what_matters]").fill("Skrivet utan skript")
    plain.get_by_role("button", name="Klart").click()
    assert "Skrivet utan skript" in plain.inner_text("body") and plain.url.endswith("#rad-viktigt")
