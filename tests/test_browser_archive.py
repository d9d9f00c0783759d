"""A closed case to the archive, in real Chromium: asked, approved by somebody else, made, fetched, over."""

from unittest.mock import patch

import pytest

from cases.models import ArchiveExport
from exitprogram.jobs import runner
from exitprogram.tenancy.acting import acting
from tests import archiving, papers
from tests.browser import Person, show_who
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def closed(live_server, chromium, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    world = World()
    case = papers.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))
    return world, case, Person(chromium, live_server, world.anna), Person(chromium, live_server, world.maud)


def again(person):
    """Who she is, once more, and back to where she was."""
    if person.sees("Visa att det är du"):
        show_who(person.page, person.user)


def looked_at(person, name):
    import os

    if where := os.environ.get("LOOK"):
        for width in (1366, 390):
            person.page.set_viewport_size({"width": width, "height": 768})
            person.page.screenshot(path=f"{where}/{name}-{width}.png", full_page=True)
            assert person.page.evaluate("document.documentElement.scrollWidth") <= width, name
        person.page.set_viewport_size({"width": 1366, "height": 768})


def test_the_whole_way(closed):
    world, case, anna, maud = closed
    anna.page.goto(f"{anna.server}/arende/{case.pk}/arkiv/")
    anna.check(), looked_at(anna, "ask")
    anna.fill(recipient="Kommunarkivet", purpose="Bevaras för forskning.", certificate="hej")
    anna.press("Be om godkännande")
    assert anna.sees("Klistra in hela certifikatet") and anna.page.input_value("[name=recipient]") == "Kommunarkivet"
    looked_at(anna, "bad")
    anna.fill(certificate=archiving.pem())
    anna.press("Be om godkännande")
    assert anna.sees("Väntar på godkännande")
    looked_at(anna, "waiting")
    maud.page.goto(f"{maud.server}/till-arkivet/")
    maud.check(), looked_at(maud, "list")
    assert maud.sees(case.number) and not maud.sees("Arkiva")
    maud.press("Kommunarkivet")
    looked_at(maud, "approve")
    maud.press("Godkänn")
    again(maud)
    if maud.page.get_by_role("button", name="Godkänn", exact=True).count():
        maud.press("Godkänn")
    assert maud.sees("Du har godkänt utlämningen")
    anna.page.reload()
    looked_at(anna, "approved")
    with patch("plans.archive.papers.document", return_value=b"%PDF"):
        anna.press("Gör paketet")
        looked_at(anna, "making")
        runner.run_waiting()
    anna.page.reload()
    looked_at(anna, "made")
    anna.press("Hämta paketet…")
    again(anna)
    looked_at(anna, "fetch")
    anna.fill(persons="7")
    anna.press("Hämta filen")
    assert anna.sees("innehåller uppgifter om 1 person.")
    anna.fill(persons="1")
    with anna.page.expect_download() as download:
        anna.page.get_by_role("button", name="Hämta filen").click()
    with open(download.value.path(), "rb") as file:
        _root, files = archiving.opened(file.read())
    assert "METS.xml" in files
    with acting(world.anna):
        export = ArchiveExport.objects.get()
    anna.page.goto(f"{anna.server}/arende/{case.pk}/arkiv/{export.pk}/")
    looked_at(anna, "fetched")
    anna.press("Arkivet har tagit emot")
    assert anna.sees("Mottagen av arkivet")
    looked_at(anna, "over")
