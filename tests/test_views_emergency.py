"""Nödåtkomst in the browser: the way in, the banner, the end and the review."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import EmergencyAccess
from exitprogram.demo.clock import at
from exitprogram.tenancy.acting import acting
from tests.test_emergency import break_in
from tests.visits import Visit, sees, text_of

WORDS = {"reason": "life", "reason_text": "Hon ringde."}


@pytest.fixture
def case(world):
    return world.open_case()


def row_of(world):
    with acting(world.maud):
        return EmergencyAccess.objects.get()


def test_from_a_hit_to_the_person_and_out_again(world, case):
    leo = Visit(world.leo)
    found = leo.post("cases:search", q="Maria Karlsson", follow=True)
    assert sees(found, f"/nodatkomst/arende/{case.pk}/")
    assert sees(leo.get("cases:emergency_hit", case), case.number, "60 minuter", "inom 3 arbetsdagar")
    answer = leo.post("cases:emergency_hit", case, number=case.number, **WORDS)
    assert answer.url == f"/arende/{case.pk}/"

    for name in ("plans:person", "cases:notes", "plans:plan", "cases:safe_contact"):
        assert sees(leo.get(name, case), "Nödåtkomst, 60 minuter kvar.", "Fara för liv eller hälsa."), name
    assert not sees(Visit(world.anna).get("plans:person", case), "minuter kvar")
    assert sees(leo.get("plans:person", case), "Med nödåtkomst går det att läsa och att skriva anteckningar")

    assert leo.post("cases:emergency_end", row_of(world)).status_code == 302
    assert leo.get("plans:person", case).status_code == 404


def test_a_password_is_asked_for_again(world, case):
    leo = Visit(world.leo)
    leo.confirm(ago=400)
    assert "losenord-igen" in leo.get("cases:emergency").url


def test_a_refusal_keeps_what_was_typed_and_is_said_at_the_field(world, case):
    page = Visit(world.leo).post("cases:emergency", number="2026-9999", **WORDS)
    assert sees(page, "Det går inte att öppna något ärende med det numret.", "2026-9999", "Hon ringde.")
    page = Visit(world.leo).post("cases:emergency", number=case.number, reason="life", reason_text="")
    assert sees(page, "Fel:") and Visit(world.leo).get("plans:person", case).status_code == 404


def test_a_form_that_is_refused_in_the_case_says_why(world, case):
    break_in(world.leo, case.number)
    page = Visit(world.leo).post("cases:blocks", case, membership=world.maud, kind="kin", reason="så")
    assert sees(page, "Med nödåtkomst går det att läsa och att skriva anteckningar, inget annat.")


def test_those_who_must_know_see_it_at_once(world, case):
    break_in(world.leo, case.number)
    assert sees(Visit(world.anna).get("plans:my_day"), "Leo Ek öppnade ett ärende", case.number, "Pågår")
    for page in ("plans:my_day", "teams:unit"):
        assert sees(Visit(world.maud).get(page), "Leo Ek öppnade ett ärende", case.number)
    assert not sees(Visit(world.cilla).get("plans:my_day"), "öppnade ett ärende")
    assert sees(Visit(world.anna).get("plans:insight", case), "Har öppnat i en nödsituation", "Inte granskad än.")


def test_the_review_says_what_was_done_and_not_to_whom(world):
    case = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    with at(timezone.now() - timedelta(minutes=20)):
        break_in(world.leo, case.number)
    Visit(world.leo).get("cases:notes", case)
    row = row_of(world)
    Visit(world.leo).post("cases:emergency_end", row)

    maud = Visit(world.maud)
    page = maud.get("cases:emergency_review", row)
    assert sees(page, "Leo Ek", "Hon ringde och är jagad just nu.", "Anteckningarna", "Öppnade ärendet")
    assert case.number not in text_of(page) and "Stina" not in text_of(page)
    assert not sees(maud.get("teams:unit"), case.number)
    assert sees(maud.post("cases:emergency_review", row, judgement="justified", review_note=""), "Fel:")
    sent = {"judgement": "unjustified", "review_note": "Anna gick att nå."}
    assert maud.post("cases:emergency_review", row, **sent).status_code == 302
    assert sees(maud.get("cases:emergency_review", row), "Inte motiverad.", "Anna gick att nå.", "Signerat")
    assert sees(Visit(world.anna).get("plans:insight", case), "Granskad av Maud Chef: inte motiverad.")
    assert not sees(Visit(world.anna).get("plans:my_day"), "öppnade ett ärende")
