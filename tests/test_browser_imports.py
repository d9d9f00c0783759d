"""Reading in from a spreadsheet, in real Chromium: the template is fetched, filled in, sent up, read and confirmed."""

import os

import pytest
from openpyxl import load_workbook

from cases.models import Case
from exitprogram.jobs import runner
from exitprogram.jobs.models import Job
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership
from tests.browser import Person
from tests.test_browser_scheme import fits as fits_plainly
from tests.test_caseload import cells
from tests.test_imports import NEW
from tests.world import World, email_of

SHOTS = os.environ.get("SHOTS_OF_IMPORTS")
pytestmark = pytest.mark.django_db(transaction=True)


def fits(person, name):
    fits_plainly(person)
    for width, height in ((1366, 768), (390, 800)) if SHOTS else ():
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    person.page.set_viewport_size({"width": 1366, "height": 768})


def filled_in(person, tmp_path, *lines):
    """The template as it is fetched from the page, with these lines written under its example."""
    with person.page.expect_download() as fetched:
        person.page.get_by_role("link", name="Ladda ner en mall att fylla i").click()
    path = tmp_path / "ifylld.xlsx"
    fetched.value.save_as(path)
    workbook = load_workbook(path)
    for line in lines:
        workbook.active.append(line)
    workbook.save(path)
    person.page.set_input_files("[name=file]", path)


def test_people_from_the_template(live_server, chromium, tmp_path):
    world = World()
    adam = Person(chromium, live_server, world.adam)
    adam.page.goto(f"{adam.server}/personal/")
    adam.press("Läs in från kalkylblad")
    leo = ("Leo Ek", email_of("Leo Ek"), "Socialsekreterare", "", "", "", "tills vidare")
    filled_in(adam, tmp_path, NEW, leo, ("Fel Person", "fel", "Kung", "", "", "", ""))
    adam.press("Läs filen")
    assert adam.sees("är inte en e-postadress")
    fits(adam, "people-faults")
    filled_in(adam, tmp_path, NEW, leo)
    adam.press("Läs en annan fil")
    fits(adam, "people")
    adam.press("Läs in 1 rad")
    assert adam.sees("Inläst: 1 nya, 0 ändrade.") and adam.sees("Nora Ny")
    with acting(world.adam):
        assert Membership.objects.filter(user__email=NEW[1]).count() == 1


def test_a_caseload_from_the_template(live_server, chromium, tmp_path):
    world = World()
    maud = Person(chromium, live_server, world.maud)
    maud.page.goto(f"{maud.server}/enheten/")
    fits(maud, "unit")
    maud.press("Läs in ärenden")
    fits(maud, "caseload-empty")
    filled_in(
        maud, tmp_path, cells(), cells(name="Ada Sund", protected="ja"), cells(name="Bo", identity="19661023-2843")
    )
    maud.press("Läs filen")
    assert maud.sees("Kontrollera siffrorna") and not maud.sees("Ada")
    fits(maud, "caseload-read")
    maud.press("Läs in 2 ärenden")
    fits(maud, "caseload-going")
    with acting(world.maud):
        job = Job.objects.get()
    runner.run(job.authority_id, job.pk)
    maud.press("Uppdatera")
    assert maud.sees("2 av 2 rader är gjorda")
    fits(maud, "caseload-done")
    world.answers_all(world.anna)
    with acting(world.anna):
        assert Case.objects.visible_to(world.anna).count() == 2
