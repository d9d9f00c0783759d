"""What a board asks its regional coordinator for, without names, and who works with whom around her."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from reporting import operations as reporting
from reporting.cooperation import Picture, bonds
from reporting.models import SupportRequest
from reporting.support import supporters
from tests.agreements import agreed
from tests.test_flow import told
from tests.test_queries import assert_constant
from tests.visits import Visit, sees
from tests.world import today


@pytest.fixture
def together(world):
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn, ends_on=today().replace(year=2030))
    return world


def asked(world, text="Vi behöver ett boende.", by=None):
    by = by or world.anna
    with acting(by):
        return reporting.ask_for_support(by=by, to_authority=world.soderhamn, subject="housing", text=text)


def seen(by):
    with acting(by):
        return list(SupportRequest.objects.visible_to(by))


def test_who_can_be_asked(together):
    with acting(together.anna):
        assert list(supporters()) == [together.soderhamn]
    with acting(together.cilla):
        assert list(supporters()) == [together.soderhamn], "one's own board's"
    with acting(together.anna), pytest.raises(NotAllowed):
        reporting.ask_for_support(by=together.anna, to_authority=together.region, subject="method", text="Hej")


def test_without_an_agreement_there_is_nobody(world):
    with acting(world.anna):
        assert list(supporters()) == []
    assert sees(Visit(world.anna).get("reporting:support_new"), "Ni har ingen regionkoordinator att fråga")


def test_it_names_nobody(together):
    together.case  # noqa: B018
    for text in ("Maria Karlsson behöver ett boende", "Ring 070-123 45 67"):
        with pytest.raises(Refused, match="Texten"):
            asked(together, text)
    asked(together, "Maria är namnet på ett hus")


def test_asked_answered_and_closed(together):
    request = asked(together)
    assert seen(together.rut) == seen(together.leo) == seen(together.maud) == [request]
    assert seen(together.cilla) == [], "the worker beside the coordinator"
    assert seen(together.adam) == seen(together.sara) == []
    with acting(together.anna), pytest.raises(NotAllowed):
        reporting.answer_support(by=together.anna, request=request, text="Nej")
    with acting(together.rut):
        reporting.answer_support(by=together.rut, request=request, text="Det finns två platser.")
    assert seen(together.anna)[0].answer == "Det finns två platser."
    with acting(together.rut), pytest.raises(Refused):
        reporting.answer_support(by=together.rut, request=request, text="Tre.")
    with acting(together.anna):
        reporting.close_support(by=together.anna, request=request)
    with acting(together.rut), pytest.raises(Refused, match="redan avslutat"):
        reporting.close_support(by=together.rut, request=request)


def test_the_database_lets_nobody_else_answer(together):
    request = asked(together)
    request.answer, request.answered_at, request.answered_by = "Ja", request.created_at, together.anna
    with acting(together.anna), pytest.raises(DatabaseError), transaction.atomic():
        request.save(update_fields=["answer", "answered_at", "answered_by"])


def test_the_pages(together):
    anna, rut = Visit(together.anna), Visit(together.rut)
    sent = {"subject": "housing", "to_authority": together.soderhamn, "text": "Vi behöver ett boende."}
    assert anna.post("reporting:support_new", **sent).status_code == 302
    assert sees(rut.get("reporting:region"), "Önskemål om stöd")
    assert sees(rut.get("reporting:support"), "Vi behöver ett boende.", "Socialnämnden, Bollnäs kommun")
    [request] = seen(together.rut)
    assert rut.post("reporting:support_answer", request, text="Det finns.").status_code == 302
    assert sees(anna.get("reporting:support"), "Det finns.")
    assert anna.post("reporting:support_close", request).status_code == 302
    assert sees(rut.post("reporting:support_close", request, follow=True), "Det är redan avslutat.")
    assert Visit(together.cilla).post("reporting:support_close", request).status_code == 404
    again = anna.post("reporting:support_new", **{**sent, "text": "anna@exempel.invalid"})
    assert sees(again, "e-postadress", "anna@exempel.invalid")


def test_who_works_with_whom(together):
    with acting(together.rut):
        found = bonds()
    assert {bond.ground for bond in found} == {"kl_9_37", "hsl_16_3", "other"}
    assert found[0].ends_on == today().replace(year=2030), "what ends stands first"
    picture = Picture(found)
    assert len(picture.names) == 4 and len(picture.arcs) == 3
    page = Visit(together.rut).get("reporting:map")
    assert sees(page, "Socialnämnden, Bollnäs kommun", "Region Gävleborg", "<svg", "tills vidare")
    with acting(together.cilla):
        assert bonds() == [], "for those who have the oversight"


def test_those_who_can_answer_are_told_and_then_whoever_asked(together):
    request = asked(together)
    assert [told(who) for who in (together.rut, together.siv, together.cilla, together.anna)] == [1, 0, 0, 0]
    with acting(together.rut):
        reporting.answer_support(by=together.rut, request=request, text="Ring oss.")
    assert [told(who) for who in (together.anna, together.leo)] == [1, 0]


@pytest.mark.parametrize("who", ["anna", "rut"])
def test_the_queue_asks_as_much_however_long_it_is(together, who):
    asked(together)

    def more():
        for number in range(30):
            asked(together, text=f"Vi behöver ett boende till, nummer {number}.")

    assert_constant(Visit(getattr(together, who)), "reporting:support", grow=more)
