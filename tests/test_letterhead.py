"""What stands at the top of the board's letters: words only, its own, and never instead of what the law asks."""

import pytest
from django.db import connection

from exitprogram.errors import Stale
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.letterheads import letterhead_of
from plans.exports import Recipient, page_of_paper
from tests.test_decision_letter import text_of as paper
from tests.visits import Visit, sees, text_of
from tests.world import today

WRITTEN = {
    "name": "Socialnämnden i Bollnäs", "postal": "821 80 Bollnäs", "visiting": "Stadshuset", "telephone": "0278-250 00",
    "email": "social@bollnas.example", "hours": "Vardagar 8–16", "appeal": "Vi hjälper dig gärna att skriva.",
}  # fmt: skip


def save(world, **more):
    with acting(world.adam):
        return tenancy.save_letterhead(by=world.adam, **{**WRITTEN, **more})


def test_shown_before_it_is_saved_and_then_on_paper(world):
    adam = Visit(world.adam)
    assert sees(adam.get("tenancy:letterhead"), world.bollnas.name, "Ingen adress är skriven än")
    shown = adam.post("tenancy:letterhead", show="1", version=0, **WRITTEN)
    assert sees(shown, "Vardagar 8–16", "Vi hjälper dig") and "letterhead.saved" not in adam.logged()
    assert adam.post("tenancy:letterhead", version=0, **WRITTEN).status_code == 302
    assert adam.logged()[-1] == "letterhead.saved"
    stale = adam.post("tenancy:letterhead", version=0, **{**WRITTEN, "hours": "Aldrig"})
    assert sees(stale, "Någon annan har ändrat brevhuvudet", 'value="Aldrig"')
    sample = adam.get("tenancy:letterhead_sample")
    assert sample["Content-Type"] == "application/pdf"
    assert "Socialnämnden i Bollnäs" in paper(sample.content) and "0278-250 00" in paper(sample.content)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"name": ""}, "måste fyllas i"),
        ({"email": "ingen adress"}, "e-postadress"),
        ({"telephone": "<script>"}, "Skriv numret med siffror"),
        ({"postal": "x" * 201}, "200"),
    ],
)
def test_bad_input(world, fault, sentence):
    adam = Visit(world.adam)
    answer = adam.post("tenancy:letterhead", version=0, **{**WRITTEN, **fault})
    assert answer.status_code == 200 and sees(answer, sentence, 'value="Stadshuset"')
    assert "letterhead.saved" not in adam.logged()


def test_nothing_is_fetched_or_run(world):
    save(world, name="<img src=http://exempel.invalid/logga.png>")
    page = Visit(world.adam).get("tenancy:letterhead")
    assert sees(page, "&lt;img") and "<img" not in text_of(page)


def test_on_the_plan_but_never_on_the_safe_paper(world):
    save(world)
    with acting(world.anna):
        given = {"copy_number": 1, "made_on": today()}
        own = Recipient("individual", "Den enskilde", "", key="individual")
        _template, context = page_of_paper(world.agreed, own, **given)
        assert context["letterhead"].telephone == "0278-250 00"
        _template, context = page_of_paper(world.agreed, own, safe=True, **given)
        assert context["letterhead"] is None


def test_the_next_board_has_its_own_and_nobody_else_writes_it(world):
    save(world)
    with acting(world.cilla):
        assert letterhead_of(world.soderhamn).name == world.soderhamn.name
        assert letterhead_of(world.bollnas).telephone == ""
    for who in (world.anna, world.maud, world.siv):
        with acting(who), connection.cursor() as cursor:
            cursor.execute("UPDATE tenancy_letterhead SET name = 'Kapad'")
            assert cursor.rowcount == 0
    with pytest.raises(Stale):
        save(world, version=0)
