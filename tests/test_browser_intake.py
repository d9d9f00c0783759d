"""First contact, assessments and open access in real Chromium: what to do at once shows at the answer that calls for
it, what is typed saves itself, and axe looks at every page."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from cases import operations as cases
from cases.models import Assessment, Intake
from exitprogram.tenancy.acting import acting
from tests.browser import Person
from tests.world import World, today

SAVED = re.compile(r"^Sparat \d\d:\d\d$")
PICTURES = os.environ.get("PICTURES", "")  # a folder, when somebody wants to look
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(live_server, chromium):
    world = World()
    world.case  # noqa: B018  made before she sits down
    return world, Person(chromium, live_server, world.anna)


def go(person, path, name):
    person.page.goto(f"{person.server}{path}")
    person.check()
    picture(person, name)


def picture(person, name):
    if PICTURES:
        person.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_what_to_do_at_once_stands_at_the_answer(town):
    world, anna = town
    go(anna, f"/arende/{world.case.pk}/forsta-kontakten/", "intake")
    told = anna.page.get_by_text("Ordna en plats för natten")
    assert not told.is_visible()
    anna.page.locator("[name=t_tonight][value=yes]").check()
    assert not told.is_visible()
    anna.page.locator("[name=t_tonight][value=no]").check()
    assert told.is_visible()
    anna.page.locator("[name=s_why_now]").fill("Hon ringde själv")
    for _ in range(50):  # «Sparat» may still be the one of the first answer
        with acting(world.anna):
            rows = list(Intake.objects.all())
        answer = rows[0].triage["tonight"]["answer"] if rows else ""
        if answer == "no":
            break
        anna.page.wait_for_timeout(200)
    assert answer == "no"
    anna.page.get_by_text(SAVED).wait_for()
    anna.check()
    picture(anna, "intake_alarm")
    anna.press("Spara")
    assert anna.sees("Behöver göras nu: ingen trygg plats för natten") and anna.sees("29 kap. 4 §")
    picture(anna, "person")
    go(anna, "/min-dag/", "my_day")
    anna.page.goto(f"{anna.server}/arende/{world.case.pk}/")
    anna.press("Skriv vad som gjordes")
    anna.fill(how="Jouren ordnade plats, Anna")
    anna.press("Markera som hanterat")
    assert not anna.sees("Behöver göras nu")


def test_assessments_at_a_screen(town):
    world, anna = town
    _measures(world)
    go(anna, f"/arende/{world.case.pk}/bedomningar/", "assessments")
    anna.press("Säkerhetsbedömning")
    anna.page.locator("[name=t0-who]").fill("Den förre")
    anna.page.locator("[name=q_deadly][value=yes]").check()
    anna.page.get_by_text(SAVED).wait_for()
    picture(anna, "assessment_form")
    anna.press("Fler rader")
    assert anna.page.locator("[name=t0-who]").input_value() == "Den förre"
    anna.page.locator("[name=t1-who]").fill("De runt klubben")
    anna.press("Signera")
    anna.press("Säkerhetsbedömning", exact=True)
    with acting(world.anna):
        signed = Assessment.objects.get(instrument="safety")
    go(anna, f"/arende/{world.case.pk}/bedomning/{signed.pk}/", "assessment")
    assert anna.sees("De runt klubben") and anna.sees("Vägledning: Tala med enhetschefen")


def _measures(world):
    for ago, safe, sleep in ((180, "2", "4"), (90, "5", ""), (3, "8", "6")):
        answers = {key: value for key, value in (("safe", safe), ("sleep", sleep), ("home", safe)) if value}
        given = {"by": world.anna, "case": world.case}
        with acting(world.anna):
            row = cases.save_assessment(
                **given, instrument="wellbeing", instrument_version="1", day=today() - timedelta(days=ago),
                answers=answers,
            )  # fmt: skip
            cases.sign_assessment(**given, assessment=row)


def test_open_access_at_a_screen(town):
    world, anna = town
    go(anna, "/oppet-stod/ny/", "open_contact_form")
    anna.fill(hours="0,5", way="chatt", support="samtal och stöd", text="Ring 070-123 45 67")
    anna.press("Spara")
    assert anna.sees("Texten ser ut att innehålla")
    anna.fill(text="Om rättigheter")
    anna.press("Spara")
    picture(anna, "open_contacts")
    anna.press("Personen vill ha ett ärende")
    assert anna.sees("Sök personen först")
    picture(anna, "open_contact_search")
    go(anna, "/oppet-stod/siffror/", "open_figures")
