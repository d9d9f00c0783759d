"""The screens of what goes to the archive: who sees what, what a stale page does, and how many questions a list asks.

Everybody at every URL: tests/doors.py."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import ArchiveExport
from exitprogram.tenancy.acting import acting
from tests import archiving, papers
from tests.visits import Visit, sees


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def asked(world, name="Arkiva Person"):
    return archiving.asked(
        world.anna, papers.closed(world.anna, world.open_case(individual=world.person(name=name)))
    )  # fmt: skip


def test_three_people(world):
    export = asked(world)
    mine = Visit(world.anna).get("cases:export", export.case_id, export)
    assert sees(mine, "Kanariearkivet") and sees(mine, "Ta tillbaka begäran")
    boss = Visit(world.maud).get("cases:approval", export)
    assert sees(boss, "Kanariearkivet") and sees(boss, export.number) and not sees(boss, "Arkiva")
    assert Visit(world.siv).get("cases:approval", export).status_code == 404
    assert not sees(Visit(world.siv).get("cases:approvals"), "Kanariearkivet")


def test_the_list_asks_as_many_questions_for_many(world):
    visit = Visit(world.maud)

    def questions():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert sees(visit.get("cases:approvals"), "Kanariearkivet")
        return len(found)

    asked(world)
    visit.get("cases:approvals")
    one = questions()
    asked(world, "Annan Person"), asked(world, "Tredje Person")
    assert questions() == one


def test_an_old_page_says_so(world):
    """Approved while her page was open: one sentence, and nothing is done twice."""
    export = asked(world)
    maud, adam = Visit(world.maud), Visit(world.adam)
    assert maud.post("cases:export_approve", export).status_code == 302
    assert sees(adam.post("cases:export_refuse", export, reason="Nej"), "redan godkänd")
    with acting(world.anna):
        assert ArchiveExport.objects.get().step == "approved"


def test_what_was_typed_stays_when_it_is_wrong(world):
    case = papers.closed(world.anna, world.open_case())
    given = {"recipient": "Kanariearkivet", "purpose": "Kanarieskäl", "certificate": "hej"}
    answer = Visit(world.anna).post("cases:exports", case, **given)
    assert sees(answer, "Kanariearkivet") and sees(answer, "Kanarieskäl") and sees(answer, "Klistra in hela")
    with acting(world.anna):
        assert not ArchiveExport.objects.exists()


def test_the_password_is_asked_for_again(world):
    export = asked(world)
    late = Visit(world.anna)
    late.confirm(ago=4000)
    assert "losenord-igen" in late.get("cases:export_fetch", export.case_id, export).url
    boss = Visit(world.maud)
    boss.confirm(ago=4000)
    assert "losenord-igen" in boss.post("cases:export_approve", export).url
