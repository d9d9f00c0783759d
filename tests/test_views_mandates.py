"""A proposal sent to somebody employed by another board, as each side sees it on its screens (KL 9:37)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from exitprogram.tenancy.acting import acting
from teams.letters import letter
from teams.models import Decision
from tests.pdftext import words_of
from tests.test_mandates import between, database_tomorrow, decide, end_mandate, propose
from tests.visits import Visit, sees

__all__ = ["between"]
DECIDED = {"outcome": "granted", "reasons": "Behovet kan inte mötas på annat sätt.", "no_conflict": "on"}
ASKED = {"kind": "protected_housing", "what": "Plats i kväll"}


def test_anna_starts_and_stina_decides(world):
    anna, stina = Visit(world.anna), Visit(world.stina)
    house = world.soderhamn.name
    assert sees(anna.get("teams:decision_new", world.case), f"Maud Chef, Stina Chef ({house}) beslutar")
    page = anna.get("teams:decision_new", world.case, data={"typ": "protected_housing"})
    assert sees(page, f"Maud Chef eller Stina Chef ({house}) beslutar.", f"Skicka till Stina Chef ({house})")
    sent = anna.post("teams:decision_new", world.case, sent_to=world.stina, **ASKED, follow=True)
    assert sees(sent, f"Skickat till Stina Chef ({house}).")
    with acting(world.anna):
        decision = Decision.objects.get()
    assert sees(stina.get("plans:my_day"), "Att besluta", f"åt {world.bollnas.name}")
    assert sees(stina.get("teams:decisions"), "från Anna Berg", f"åt {world.bollnas.name}")
    page = stina.get("teams:decide", decision)
    assert sees(page, "Plats i kväll", f"Du beslutar åt {world.bollnas.name} genom mandat (9 kap. 37 § KL)")
    assert not sees(page, "Maria") and not sees(page, "Skicka till M") and not sees(page, "Att göra")
    assert stina.get("plans:person", world.case).status_code == 404
    done = stina.post("teams:decide", decision, **DECIDED, follow=True)
    assert sees(done, f"{world.bollnas.name} underrättar den enskilde.", "Bifall", "Delegationsordningen, version 1")
    assert {"decision.viewed", "decision.decided"} <= set(stina.logged(seen_by=world.anna))
    page = anna.get("teams:decide", decision)
    assert sees(page, house, "uppdrag genom avtalssamverkan (KL 9:37)", f"Åt {world.bollnas.name}")
    assert sees(anna.get("teams:decisions"), "Stina Chef", house)


@pytest.mark.parametrize(
    "who, status", [("leo", 404), ("maud", 404), ("cilla", 404), ("siv", 403), ("adam", 403), ("sara", 403)]
)
def test_nobody_else_reads_it_on_either_side(world, who, status):
    decision, visit = propose(world), Visit(getattr(world, who))
    assert visit.get("teams:decide", decision).status_code == status
    assert visit.post("teams:decide", decision, **DECIDED).status_code == status
    assert visit.get("teams:decision_back", decision).status_code == status
    assert visit.post("teams:decision_back", decision, words="x").status_code == status


@pytest.mark.parametrize("name", ["decision_send", "decision_withdraw", "decision_change", "decision_letter"])
def test_the_board_s_own_doors_are_closed_to_her(world, name):
    decision, stina = propose(world), Visit(world.stina)
    assert stina.post(f"teams:{name}", decision).status_code == 404
    decide(world, decision)
    assert stina.post(f"teams:{name}", decision).status_code == 404
    assert stina.get("teams:decision_step", decision, "underrattelse").status_code == 404


def test_she_sends_it_back_with_words_that_are_not_lost(world):
    decision, stina, anna = propose(world), Visit(world.stina), Visit(world.anna)
    assert sees(stina.post("teams:decide", decision, conflict="1"), "Skicka tillbaka", "FL 16–18")
    assert sees(stina.post("teams:decision_back", decision, words=" "), "måste fyllas i")
    answer = stina.post("teams:decision_back", decision, words="Skriv hur länge.")
    assert answer.url == reverse("teams:decisions")
    assert stina.get("teams:decide", decision).status_code == 404
    assert sees(anna.get("plans:my_day"), "Väntar på ingen", "skickat tillbaka")
    assert sees(anna.get("teams:decisions"), "Väntar på ingen", "skickat tillbaka")
    assert sees(anna.get("teams:decide", decision), "Skickat tillbaka: Skriv hur länge.", "väntar på ingen")
    assert anna.post("teams:decision_send", decision, sent_to=world.maud).status_code == 302
    assert not sees(anna.get("teams:decisions"), "Väntar på ingen")


def test_the_day_after_the_mandate_it_waits_for_nobody(world, monkeypatch):
    decision = propose(world)
    end_mandate(world)
    assert sees(Visit(world.stina).get("teams:decide", decision), "Plats i kväll"), "the last day is a day"
    with database_tomorrow():
        stina = Visit(world.stina)
        assert stina.get("teams:decide", decision).status_code == 404
        assert not sees(stina.get("teams:decisions"), world.bollnas.name)
    monkeypatch.setattr("django.utils.timezone.localdate", _tomorrow())
    page = Visit(world.anna).get("teams:decide", decision)
    assert sees(
        page, "väntar på ingen", f"Stina Chef ({world.soderhamn.name}) får inte längre besluta", "Skicka till Maud"
    )
    assert sees(Visit(world.anna).get("teams:decisions"), "Väntar på ingen", "får inte längre besluta")


def _tomorrow():
    day = timezone.localdate() + timedelta(days=1)
    return lambda *_args, **_more: day


def test_the_tester_says_who_and_by_whom_employed(world):
    page = Visit(world.adam).get(
        "teams:who_decides", data={"kind": "protected_housing", "target": "adult", "on": "", "amount": "", "days": ""}
    )
    assert sees(page, f"Stina Chef ({world.soderhamn.name})", "Maud Chef")


def test_the_letter_says_by_whom_she_is_employed(world):
    decision = decide(world, propose(world))
    with acting(world.anna):
        row = Decision.objects.select_related("case__individual", "authority", "decided_by__user", "proposed_by__user",
                                              "earlier", "row", "employer").get(pk=decision.pk)  # fmt: skip
        text = words_of(BytesIO(letter(row, copy_number=1, made_on=row.decided_on)))
    assert "Stina Chef" in text and "genom avtalssamverkan" in text
