"""Consent to the plan, waiver of secrecy, and what happens at the moment either is withdrawn."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import Consent
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Section
from tests.visits import Visit, sees
from tests.world import today

PLAN = {"form": "oral", "not_covering": ""}
TOMORROW, YESTERDAY = today() + timedelta(days=1), today() - timedelta(days=1)


def consents(world):
    with acting(world.anna):
        return list(Consent.objects.order_by("created_at"))


def test_consent_to_the_plan_is_recorded_once(world):
    anna = Visit(world.anna)
    assert sees(anna.get("cases:consents", world.case), "Inget samtycke gäller.")
    hostile = {"kind": "waiver", "areas": ["health"], "recipient": world.soderhamn, "taken_by": world.leo}
    response = anna.post("cases:consent_plan", world.case, taken_on=today(), **PLAN, **hostile)
    assert response.url == reverse("cases:consents", args=[world.case.pk])
    [consent] = consents(world)
    assert (consent.kind, consent.recipient_id, consent.areas) == ("plan", None, [])
    assert (consent.taken_by_id, consent.authority_id) == (world.anna.pk, world.bollnas.pk)
    assert "consent.recorded.plan" in anna.logged()
    again = anna.post("cases:consent_plan", world.case, taken_on=today(), **PLAN)
    assert sees(again, "Det finns redan ett samtycke till planen som gäller.")
    assert len(consents(world)) == 1


FAULTS = [
    ({"taken_on": TOMORROW}, "Samtycket kan inte ha lämnats en dag som inte har varit."),
    ({"ends_on": YESTERDAY}, "Sista dagen ligger före den första."),
    ({"taken_on": ""}, "måste fyllas i."),
    ({"taken_on": "31/2 2026"}, "Skriv datumet som år-månad-dag"),
    ({"form": "tyst"}, "Välj ett giltigt alternativ"),
]


@pytest.mark.parametrize("name", ["cases:consent_plan", "cases:consent_waiver"])
@pytest.mark.parametrize("fault, sentence", FAULTS)
def test_days_that_cannot_be(world, name, fault, sentence):
    asked = {
        "taken_on": today(),
        **PLAN,
        "not_covering": "Inget om barnen",
        "recipient": world.region,
        "areas": ["health"],
    }
    response = Visit(world.anna).post(name, world.case, **{**asked, **fault})
    assert response.status_code == 200
    assert sees(response, sentence, "Inget om barnen")
    assert consents(world) == []


@pytest.mark.parametrize(
    "recipient, areas",
    [("soderhamn", ["health"]), ("bollnas", ["health"]), (uuid.UUID(int=9), ["health"]), ("", ["health"]),
     ("region", ["health", "allt"]), ("region", [])],
)  # fmt: skip
def test_a_waiver_names_a_partner_and_real_areas(world, recipient, areas):
    """Another authority without an agreement is refused in the same words as one that does not exist."""
    asked = {"recipient": getattr(world, str(recipient), recipient), "areas": areas}
    response = Visit(world.anna).post("cases:consent_waiver", world.case, taken_on=today(), **PLAN, **asked)
    assert response.status_code == 200
    assert sees(response, "Något behöver rättas")
    assert not sees(response, "Söderhamn")
    assert consents(world) == []


def test_a_waiver_is_for_one_recipient_some_areas_and_a_time(world):
    anna = Visit(world.anna)
    asked = {"recipient": world.region, "areas": ["safety", "health"], "ends_on": TOMORROW}
    anna.post("cases:consent_waiver", world.case, taken_on=today(), **{**PLAN, "not_covering": "Barnen"}, **asked)
    [waiver] = consents(world)
    assert (waiver.kind, waiver.recipient_id, waiver.areas) == ("waiver", world.region.pk, ["health", "safety"])
    assert sees(anna.get("cases:consents", world.case), "Region Gävleborg", "Hälsa, Trygghet och skydd", "Inte: Barnen")
    assert sees(anna.get("plans:my_day"), "Samtycken som löper ut", "Region Gävleborg")
    assert "consent.recorded.waiver" in anna.logged()


@pytest.fixture
def shared(world):
    """Sara has a section to write, under a waiver for health and another for housing."""
    waiver = world.waiver(world.region, "health")
    world.waiver(world.region, "housing")
    member = world.join(world.sara)
    version = world.draft()
    with acting(world.anna):
        section = plans.request_section(
            by=world.anna, plan_version=version, member=member, area="health", question="Vad kan ni göra?"
        )
    return waiver, section


def test_withdrawal_shows_its_effect_and_closes_at_once(world, shared):
    waiver, section = shared
    anna, sara = Visit(world.anna), Visit(world.sara)
    assert sees(sara.get("plans:section", section), "Sova en hel natt")
    page = anna.get("cases:consent_withdraw", world.case, waiver)
    assert sees(page, "ser från samma stund inte längre: <strong>Hälsa</strong>")
    assert consents(world)[0].withdrawn_at is None, "looked at only"
    response = anna.post("cases:consent_withdraw", world.case, waiver)
    assert response.url == reverse("cases:consents", args=[world.case.pk])
    assert consents(world)[0].withdrawn_by_id == world.anna.pk
    assert "consent.withdrawn.waiver" in anna.logged()
    assert sara.get("plans:section", section).status_code == 404
    assert sara.autosave("plans:section", section, text="Hann jag?", version=1).status_code == 404
    assert not sees(sara.get("plans:contributions"), "begärt av")
    with acting(world.anna):
        assert Section.objects.get(pk=section.pk).text == ""
    again = anna.post("cases:consent_withdraw", world.case, waiver, follow=True)
    assert sees(again, "Samtycket är redan återkallat.", "Återkallade och utgångna")


def test_withdrawal_says_what_another_consent_still_covers(world, shared):
    again = world.waiver(world.region, "health", "safety")
    page = Visit(world.anna).get("cases:consent_withdraw", world.case, shared[0])
    assert sees(page, "Andra samtycken täcker samma områden.")
    page = Visit(world.anna).get("cases:consent_withdraw", world.case, again)
    assert sees(page, "inte längre: <strong>Trygghet och skydd</strong>")


def test_withdrawal_of_the_plans_consent_stops_agreeing(world):
    consent = world.consent()
    anna = Visit(world.anna)
    assert sees(anna.get("cases:consent_withdraw", world.case, consent), "samordningsanteckning")
    anna.post("cases:consent_withdraw", world.case, consent)
    assert sees(anna.get("plans:person", world.case), "Samtycke till planen saknas")
    assert "consent.withdrawn.plan" in anna.logged()


def test_a_double_press_records_one_consent(world):
    anna, key = Visit(world.anna), uuid.uuid4()
    sent = {"form_key": key, "taken_on": today(), **PLAN, "recipient": world.region, "areas": ["health"]}
    first, second = (anna.post("cases:consent_waiver", world.case, **sent) for _ in range(2))
    assert first.url == second.url
    assert len(consents(world)) == 1


def test_those_without_the_case_record_nothing(world):
    world.case  # noqa: B018  made before anybody knocks
    for who, status in ((world.leo, 404), (world.cilla, 404), (world.sara, 403), (world.adam, 403)):
        for name in ("cases:consent_plan", "cases:consent_waiver"):
            asked = {"taken_on": today(), **PLAN, "recipient": world.region, "areas": ["health"]}
            assert Visit(who).post(name, world.case, **asked).status_code == status
    assert consents(world) == []
