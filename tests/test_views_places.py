"""The pages of where somebody is: a reason and a password first, once, and never anywhere else."""

from datetime import timedelta

import pytest

from cases import operations as cases
from cases.models import Place, PlaceReader, PlaceReveal
from cases.operations.places import IN_AN_HOUR
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees, text_of
from tests.world import today

ADDRESS = "Kanariegatan 7"
NEW = {"kind": "address", "text": ADDRESS, "note": "Grön dörr", "starts_on": today(), "ends_on": ""}
WHY = {"reason": "meet", "words": "Hembesök i dag"}


@pytest.fixture
def place(world):
    Visit(world.anna).post("cases:place_new", world.case, **NEW)
    with acting(world.anna):
        return Place.objects.get()


def test_from_writing_to_hidden_again(world, place):
    anna = Visit(world.anna)
    listed = anna.get("cases:places", world.case)
    assert sees(listed, "Bostad", "kan läsas av Anna Berg") and not sees(listed, "Kanarie")
    assert not sees(anna.get("cases:place", world.case, place), "Kanarie")
    assert not sees(anna.get("cases:place_reveal", world.case, place), "Kanarie")

    sent = anna.post("cases:place_reveal", world.case, place, **WHY)
    assert "Kanarie" not in sent.url
    shown = anna.client.get(sent.url)
    assert sees(shown, ADDRESS, "Grön dörr", 'data-hides-after="60"', '<meta http-equiv="refresh" content="60;url=')
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Kanarie" not in text_of(shown).split("</title>")[0]

    again = anna.client.get(sent.url, follow=True)
    assert sees(again, "dold igen") and not sees(again, "Kanarie")
    log = anna.logged()
    assert log.index("place.revealed") < log.index("place.shown") < log.index("case.viewed.place_shown")
    assert sees(anna.get("cases:place", world.case, place), "Ska möta eller besöka personen", "Hembesök i dag")


@pytest.mark.parametrize("page", ["cases:place_reveal", "cases:place_shown"])
def test_the_password_again(world, place, page):
    anna = Visit(world.anna)
    with acting(world.anna):
        reveal = cases.reveal_place(by=world.anna, case=world.case, place=place, **WHY)
    anna.confirm(ago=400)
    answer = anna.get(page, world.case, place if page.endswith("reveal") else reveal)
    assert answer.status_code == 302 and answer.url.startswith("/losenord-igen/")
    with acting(world.anna):
        assert PlaceReveal.objects.get().shown_at is None


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"reason": ""}, "måste fyllas i"), ({"reason": "nyfiken"}, "giltigt alternativ"),
    ({"words": " "}, "måste fyllas i"),
    ({"words": "x" * 301}, "300"),
])  # fmt: skip
def test_a_reason_is_asked_for(world, place, wrong, sentence):
    answer = Visit(world.anna).post("cases:place_reveal", world.case, place, **{**WHY, **wrong})
    assert answer.status_code == 200 and not sees(answer, "Kanarie")
    assert sees(answer, WHY["words"]) or "words" in wrong
    with acting(world.anna):
        assert not PlaceReveal.objects.exists()


def test_who_has_the_case_and_is_no_reader(world, place):
    world.join(world.leo)
    leo = Visit(world.leo)
    assert sees(leo.get("cases:place", world.case, place), "Behöver du veta: fråga någon av dem")
    assert leo.get("cases:place_reveal", world.case, place).status_code == 404
    assert leo.post("cases:place_reveal", world.case, place, **WHY).status_code == 404
    refused = leo.post("cases:place", world.case, place, membership=world.leo, reason="Vill veta")
    assert sees(refused, "inte läsare")


def test_readers_come_and_go_on_the_page(world, place):
    world.join(world.leo)
    anna = Visit(world.anna)
    page = anna.get("cases:place", world.case, place)
    assert sees(page, "Leo Ek") and not sees(page, "Maud Chef", "</option>"), "those who have the case, nobody else"
    anna.post("cases:place", world.case, place, membership=world.leo, reason="Följer med", ends_on="")
    leo = Visit(world.leo)
    assert sees(leo.client.get(leo.post("cases:place_reveal", world.case, place, **WHY).url), ADDRESS)
    with acting(world.anna):
        reader = PlaceReader.objects.get(membership=world.leo)
    anna.post("cases:reader_end", world.case, reader)
    assert leo.get("cases:place_reveal", world.case, place).status_code == 404


def test_too_many_in_an_hour_and_the_manager_is_told(world, place):
    anna = Visit(world.anna)
    for _time in range(IN_AN_HOUR):
        anna.post("cases:place_reveal", world.case, place, **WHY)
    answer = anna.post("cases:place_reveal", world.case, place, **WHY)
    assert sees(answer, "Du har visat många platser") and not sees(answer, "Kanarie")
    page = Visit(world.maud).get("teams:unit")
    assert sees(page, "Anna Berg har visat många platser på en timme") and not sees(page, "Kanarie", "Bostad")


@pytest.mark.parametrize(("given", "sentence"), [
    ({"text": ""}, "måste fyllas i"), ({"kind": "slott"}, "giltigt alternativ"),
    ({"starts_on": "i går"}, "Skriv datumet"), ({"ends_on": today() - timedelta(days=3)}, "ligger före"),
    ({"text": "x" * 1001}, "1000"),
])  # fmt: skip
def test_bad_input_stays_in_the_form(world, given, sentence):
    answer = Visit(world.anna).post("cases:place_new", world.case, **{**NEW, **given})
    assert answer.status_code == 200 and sees(answer, sentence, "Grön dörr")
    with acting(world.anna):
        assert not Place.objects.exists()


def test_a_last_day(world, place):
    anna = Visit(world.anna)
    assert sees(anna.post("cases:place_end", world.case, place, ends_on="2020-01-01"), "ligger före")
    anna.post("cases:place_end", world.case, place, ends_on=today())
    assert sees(anna.get("cases:places", world.case), "Bostad")


def test_a_mark_is_looked_at_again(world):
    world.case = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    anna = Visit(world.anna)
    with acting(world.anna):
        mark = world.case.individual.marks.get()
    assert sees(anna.get("cases:protection", world.case), "Sekretessmarkering", "kontrolleras senast")
    page = anna.get("cases:mark_review", world.case, mark)
    assert sees(page, "Skatteverkets praxis", "Det gäller fortfarande")
    wrong = anna.post("cases:mark_review", world.case, mark, since_on=today(), review_on=today())
    assert sees(wrong, "framåt i tiden")
    done = anna.post(
        "cases:mark_review", world.case, mark, since_on=today(), review_on=today() + timedelta(days=90), follow=True
    )
    assert sees(done, "skyddet gäller fortfarande")
    assert anna.get("cases:mark_review", world.case, mark).status_code == 404, "the old look is over"
