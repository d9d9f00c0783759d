"""Who has read: grouped by day and person, and as a paper for the individual."""

from io import BytesIO
from unittest.mock import patch

import pytest

from cases.models import Disclosure
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from plans.readings import readings
from plans.sight import WAYS
from tests.pdftext import words_of
from tests.visits import Visit, sees
from tests.world import today


def test_one_line_for_each_day_and_person(world):
    world.join(world.leo)
    leo, anna = Visit(world.leo), Visit(world.anna)
    for _again in range(3):
        leo.get("plans:person", world.case)
    leo.get("cases:notes", world.case)
    anna.get("plans:plan", world.case)
    with acting(world.anna):
        lines = {line["who"]: line for line in readings(world.case)}
    assert lines["Leo Ek"]["what"] == "personens sida (3 gånger), anteckningarna"
    assert lines["Leo Ek"]["ground"] == "är med i teamet"
    assert len([line for line in lines if line == "Leo Ek"]) == 1
    assert sees(anna.get("plans:insight", world.case), "personens sida (3 gånger), anteckningarna")


def test_every_kind_of_reading_has_words(world):
    """A page that is opened in the product is on the list, also one that has no words of its own yet."""
    Visit(world.anna).get("plans:person", world.case)
    with acting(world.anna):
        seen = AuditEvent.objects.get(action="case.viewed.person")
        seen.pk, seen.action = None, "case.viewed.something_new"
        seen._state.adding = True
        seen.pk = type(seen)._meta.pk.get_default()
        seen.save(force_insert=True)
        assert "en sida i ärendet" in readings(world.case)[0]["what"]


PERIOD = {"starts_on": today(), "ends_on": today()}


@pytest.mark.parametrize(("chosen", "named"), [({}, True), ({"without_names": "on"}, False)])
def test_the_paper_for_the_person(world, chosen, named):
    world.waiver(world.region, "health")
    world.join(world.sara)
    Visit(world.sara).get("plans:contributions")
    Visit(world.anna).get("plans:person", world.case)
    answer = Visit(world.anna).post("plans:readings", world.case, **PERIOD, **chosen)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="lasningar-1.pdf"'
    text = words_of(BytesIO(answer.content))
    assert "Vem som har läst" in text and "Maria Karlsson" in text and "Personens sida" in text
    assert ("Anna Berg" in text) is named and "socialsekreterare" in text.lower()
    with acting(world.anna):
        [row] = Disclosure.objects.filter(case=world.case, what="case.readings")
        assert (row.recipient_kind, row.copy_number) == ("individual", 1)
        assert AuditEvent.objects.filter(action="case.readings_released").exists()


def test_a_period_that_is_turned_round_is_refused(world):
    from datetime import timedelta

    page = Visit(world.anna).post("plans:readings", world.case, starts_on=today(), ends_on=today() - timedelta(days=3))
    assert sees(page, "Välj en period som har varit")
    with acting(world.anna):
        assert not Disclosure.objects.exists()


def test_each_copy_has_its_number(world):
    with patch("plans.operations.readings.document", return_value=b"%PDF"):
        for number in (1, 2):
            answer = Visit(world.anna).post("plans:readings", world.case, **PERIOD)
            assert f"lasningar-{number}.pdf" in answer["Content-Disposition"]


def test_the_ways_are_a_list_that_a_room_adds_to():
    assert [heading for heading, _way, _empty in WAYS][:2] == ["Kan öppna ärendet", "Ser en del av planen"]
