"""Starting a decision, sending it to somebody competent, and deciding."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.models import DELEGABLE, Decision, DecisionKind
from tests.visits import Visit, sees
from tests.world import today

REASONS = {"outcome": "granted", "reasons": "Behovet kan inte mötas på annat sätt.", "no_conflict": "on"}
ASKED = {"kind": "travel", "what": "Resa till mötet, tur och retur"}


@pytest.fixture(autouse=True)
def scheme(world):
    """Travel is decided by case workers, protected housing by the manager."""
    rows = [
        {"number": str(place), "kind": kind, "law": "11 kap. 1 § SoL",
         "role": Role.UNIT_MANAGER if kind == DecisionKind.PROTECTED_HOUSING else Role.SOCIAL_WORKER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]  # fmt: skip
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today() - timedelta(days=1), rows=rows)


def decisions(world):
    with acting(world.anna):
        return list(Decision.objects.select_related("row").order_by("created_at"))


def proposed(world, **more):
    with acting(world.anna):
        return teams.propose_decision(by=world.anna, case=world.case, **{**ASKED, **more})


def test_the_page_says_who_may_decide_what(world):
    anna = Visit(world.anna)
    page = anna.get("teams:decision_new", world.case)
    assert sees(page, "Du kan besluta", "Du kan starta", "Maud Chef beslutar", "Bara nämnden eller utskottet")
    mine = anna.get("teams:decision_new", world.case, data={"typ": "travel"})
    assert sees(mine, "Du kan besluta.", "Kontrollera", 'name="amount"')
    theirs = anna.get("teams:decision_new", world.case, data={"typ": "protected_housing"})
    assert sees(theirs, "Du kan starta; Maud Chef beslutar.", "Skicka till Maud Chef", 'name="starts_on"')
    assert not sees(theirs, "Kontrollera")


def test_somebody_competent_proposes_and_decides(world):
    anna = Visit(world.anna)
    hostile = {"state": "decided", "authority": world.soderhamn, "proposed_by": world.leo, "number": "B1"}
    response = anna.post("teams:decision_new", world.case, **ASKED, **hostile)
    [decision] = decisions(world)
    assert response.url == reverse("teams:decide", args=[decision.pk])
    assert (decision.state, decision.number, decision.proposed_by_id) == ("proposed", "", world.anna.pk)
    assert sees(anna.get("plans:my_day"), "Att besluta")
    assert anna.post("teams:decide", decision, **REASONS).url == reverse("teams:decide", args=[decision.pk])
    [decision] = decisions(world)
    assert (decision.state, decision.decided_by_id, decision.row.kind) == ("decided", world.anna.pk, "travel")
    assert {"decision.proposed", "decision.decided"} <= set(anna.logged())
    page = anna.get("teams:decide", decision)
    assert sees(page, "Bifall", "Delegationsordningen, version 1", decision.number)
    assert sees(anna.get("teams:decisions"), decision.number, "Anna Berg")
    again = anna.post("teams:decide", decision, **{**REASONS, "outcome": "refused"})
    assert sees(again, "Bifall")
    assert decisions(world)[0].outcome == "granted", "a decision is locked"


def test_it_is_sent_to_the_competent_one_who_sees_the_proposal_and_not_the_case(world):
    anna, maud = Visit(world.anna), Visit(world.maud)
    asked = {"kind": "protected_housing", "what": "Plats från i kväll"}
    assert sees(anna.post("teams:decision_new", world.case, **asked), "Du får inte besluta i detta själv.")
    wrong = anna.post("teams:decision_new", world.case, sent_to=world.leo, **asked)
    assert sees(wrong, "får inte besluta i detta enligt delegationsordningen.", "Plats från i kväll")
    response = anna.post("teams:decision_new", world.case, sent_to=world.maud, **asked, follow=True)
    assert sees(response, "Skickat till Maud Chef.")
    [decision] = decisions(world)
    assert sees(maud.get("teams:decisions"), "Skyddat boende (vuxen)", "från Anna Berg")
    page = maud.get("teams:decide", decision)
    assert sees(page, "Plats från i kväll", "Du kan besluta enligt rad")
    assert not sees(page, "Maria")
    assert maud.get("plans:person", world.case).status_code == 404
    assert "decision.viewed" in maud.logged()
    assert sees(anna.get("teams:decide", decision), "Du kan inte besluta om detta. Maud Chef kan.")
    assert sees(anna.post("teams:decide", decision, **REASONS), "Du kan inte besluta om detta.")
    assert decisions(world)[0].state == "proposed"
    assert maud.post("teams:decide", decision, **REASONS).status_code == 302
    assert decisions(world)[0].decided_by_id == world.maud.pk
    assert sees(maud.get("teams:decisions"), "Inget att besluta om just nu.", decisions(world)[0].number)


@pytest.mark.parametrize("who", ["cilla", "sara", "adam", uuid.UUID(int=4)])
def test_it_is_sent_to_ones_own_only(world, who):
    response = Visit(world.anna).post("teams:decision_new", world.case, sent_to=getattr(world, str(who), who), **ASKED)
    assert sees(response, "Välj ett giltigt alternativ", "Resa till mötet")
    assert decisions(world) == []


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"no_conflict": None}, "privat koppling till personen eller saken får inte besluta"),
        ({"reasons": " "}, "måste fyllas i"),
        ({"outcome": "refused"}, "Den enskilde ska få yttra sig innan"),
        ({"outcome": "partly", "hearing": " "}, "Den enskilde ska få yttra sig innan"),
        ({"outcome": "partly", "exception": "not_against"}, "Välj ett giltigt alternativ"),
        ({"outcome": "refused", "exception": "urgent"}, "Skriv varför den enskilde inte har fått yttra sig"),
        ({"outcome": "kanske"}, "Välj ett giltigt alternativ"),
        ({"outcome": ""}, "måste fyllas i"),
    ],
)
def test_what_the_law_asks_of_a_decision(world, fault, sentence):
    decision = proposed(world)
    response = Visit(world.anna).post("teams:decide", decision, **{**REASONS, **fault})
    assert response.status_code == 200
    assert sees(response, sentence)
    assert fault.get("reasons") or "reasons" in fault or sees(response, "Behovet kan inte mötas på annat sätt.")
    assert decisions(world)[0].state == "proposed"


@pytest.mark.parametrize("who, status", [("leo", 404), ("maud", 404), ("cilla", 404), ("sara", 403), ("adam", 403)])
def test_others_neither_see_nor_decide(world, who, status):
    decision, visit = proposed(world), Visit(getattr(world, who))
    assert visit.get("teams:decide", decision).status_code == status
    assert visit.post("teams:decide", decision, **REASONS).status_code == status
    assert visit.post("teams:decision_new", world.case, **ASKED).status_code == status
    assert len(decisions(world)) == 1
    assert decisions(world)[0].state == "proposed"


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"kind": "adoption"}, "Det som skickades går inte att besluta här."),
        ({"kind": ""}, "Det som skickades går inte att besluta här."),
        ({"kind": "immediate_custody"}, "Det som skickades går inte att besluta här."),
        ({"what": " "}, "Något behöver rättas"),
        ({"amount": "-5"}, "Något behöver rättas"),
        ({"amount": "två tusen"}, "Något behöver rättas"),
        ({"amount": "99999999999"}, "Skriv beloppet i hela kronor"),
        ({"kind": "open_care", "starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "ligger före första dagen"),
        ({"kind": "investigation_extend"}, "fattas inte i ett ärende i exitprogram för vuxna"),
    ],
)
def test_a_proposal_says_what_and_which(world, fault, sentence):
    response = Visit(world.anna).post("teams:decision_new", world.case, **{**ASKED, **fault})
    assert sees(response, sentence)
    assert fault.get("what") or "kind" in fault or sees(response, ASKED["what"]), "nothing typed is lost"
    assert decisions(world) == []


def test_a_double_press_decides_once(world):
    decision, anna, key = proposed(world), Visit(world.anna), uuid.uuid4()
    answers = [anna.post("teams:decide", decision, form_key=key, **REASONS) for _ in range(2)]
    assert {answer.url for answer in answers} == {reverse("teams:decide", args=[decision.pk])}
    assert anna.logged().count("decision.decided") == 1
    key = uuid.uuid4()
    first, second = (anna.post("teams:decision_new", world.case, form_key=key, **ASKED) for _ in range(2))
    assert first.url == second.url
    assert len(decisions(world)) == 2


def test_who_decides_follows_what_is_typed(world):
    """Of the figures as they stand, before anything is saved."""
    anna = Visit(world.anna)
    part = anna.post("teams:decision_new", world.case, fetch="1", **{**ASKED, "amount": 500})
    assert sees(part, "Du kan besluta.", "Kontrollera") and not sees(part, "<html")
    assert decisions(world) == []


STEPS = [
    ("kommunicering", {"way": "letter", "until": "{today}"}, "proposed"),
    ("underrattelse", {"way": "handed"}, "decided"),
    ("overklagande", {"words": "Fel"}, "decided"),
    ("verkstallt", {"kind": "carried_out"}, "decided"),
]


@pytest.mark.parametrize("step, given, state", STEPS, ids=[step for step, _given, _state in STEPS])
def test_a_step_is_written_down_once_with_its_fault_at_the_field(world, step, given, state):
    decision, anna = proposed(world), Visit(world.anna)
    if state == "decided":
        anna.post("teams:decide", decision, **REASONS)
    given = {name: value.format(today=today()) for name, value in given.items()} | {"day": today()}
    later = anna.post("teams:decision_step", decision, step, **{**given, "day": today() + timedelta(days=1),
                      "until": today() + timedelta(days=2)})  # fmt: skip
    assert sees(later, "Dagen har inte varit än."), "and nothing typed is lost"
    key = uuid.uuid4()
    answers = [anna.post("teams:decision_step", decision, step, form_key=key, **given) for _ in range(2)]
    assert {answer.url for answer in answers} == {reverse("teams:decide", args=[decision.pk])}
    with acting(world.anna):
        assert decision.steps.filter(kind__in=["heard", "told", "appealed", "carried_out"]).count() == 1
    assert anna.get("teams:decision_step", decision, "vadsomhelst").status_code == 404
    assert Visit(world.leo).get("teams:decision_step", decision, step).status_code == 404


def test_a_connection_sends_it_on(world):
    decision, anna = proposed(world), Visit(world.anna)
    page = anna.post("teams:decide", decision, conflict="1", **{**REASONS, "no_conflict": None})
    assert sees(page, "FL 16–18", "Skicka till Leo Ek") and decisions(world)[0].state == "proposed"
    sent = anna.post("teams:decision_send", decision, sent_to=world.leo, follow=True)
    assert sees(sent, "Skickat till Leo Ek.")
    assert sees(anna.post("teams:decision_send", decision, sent_to=world.cilla, follow=True), "Välj någon")
    assert sees(anna.post("teams:decision_withdraw", decision, follow=True), "Förslaget är återtaget.")
    assert sees(Visit(world.leo).post("teams:decide", decision, **REASONS), "Återtaget förslag")
