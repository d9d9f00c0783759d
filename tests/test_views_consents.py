"""Consent to the plan, waiver of secrecy, and what happens at the moment either is withdrawn."""

import uuid
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from cases import operations as cases
from cases.effect import effect_of
from cases.models import Clock, Consent
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import PlanVersion, Section
from tests.visits import Visit, sees
from tests.world import today

PLAN = {"form": "oral", "not_covering": "", "save": "1"}
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
    assert sees(page, "Om samtycket återkallas ser:", "<strong>Sara Lind</strong>", "Region Gävleborg")
    assert sees(page, "inte längre <strong>avsnittet Hälsa, 1 mål och 1 insats</strong>.")
    assert consents(world)[0].withdrawn_at is None, "looked at only"
    response = anna.post("cases:consent_withdraw", world.case, waiver)
    after = anna.client.get(response.url)
    assert sees(after, "Samtycket är återkallat", "Åtkomsten är stängd.", "Redan utlämnat", "Inga kopior.")
    assert consents(world)[0].withdrawn_by_id == world.anna.pk
    assert "consent.withdrawn.waiver" in anna.logged()
    assert sara.get("plans:section", section).status_code == 404
    assert sara.autosave("plans:section", section, text="Hann jag?", version=1).status_code == 404
    assert not sees(sara.get("plans:contributions"), "begärt av")
    with acting(world.anna):
        assert Section.objects.get(pk=section.pk).text == ""
    again = anna.post("cases:consent_withdraw", world.case, waiver, follow=True)
    assert sees(again, "Samtycket är redan återkallat.")
    assert sees(anna.get("cases:consents", world.case), "Återkallade och utgångna")


def test_withdrawal_says_what_another_consent_still_covers(world, shared):
    again = world.waiver(world.region, "health", "safety")
    page = Visit(world.anna).get("cases:consent_withdraw", world.case, shared[0])
    assert sees(page, "Ingen ser mindre än i dag")
    with acting(world.anna):
        version = PlanVersion.objects.get(case=world.case)
        plans.add_goal(by=world.anna, plan_version=version, area="safety", own_words="Låsa dörren")
    page = Visit(world.anna).get("cases:consent_withdraw", world.case, again)
    assert sees(page, "inte längre <strong>1 mål</strong>."), "what only this one covers"


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


# Two steps: what it would open, by name; and then saved.


def asked(world, **more):
    return {"taken_on": today(), **PLAN, "recipient": world.region, "areas": ["health"], **more}


def test_what_it_would_open_is_told_by_name_and_nothing_is_saved(world):
    world.join(world.sara)
    world.draft()
    anna = Visit(world.anna)
    page = anna.post("cases:consent_waiver", world.case, **asked(world, save=None, not_covering="Barnen"))
    assert sees(page, "Inget är sparat än.", "<strong>Sara Lind</strong>", "läsa <strong>1 mål och 1 insats</strong>")
    assert sees(page, "och se vem planen gäller", "Barnen", "Gäller tills det återkallas.")
    assert consents(world) == [] and "consent.recorded.waiver" not in anna.logged()
    with acting(world.sara):
        assert not Section.objects.visible_to(world.sara).exists()


def test_going_back_loses_nothing(world):
    anna = Visit(world.anna)
    page = anna.post("cases:consent_waiver", world.case, **asked(world, save=None, change="1", not_covering="Barnen"))
    assert sees(page, "Visa vad det öppnar", "Barnen", f'value="{today()}"')
    assert page.context["form"]["areas"].value() == ["health"]
    assert consents(world) == []


def test_what_is_carried_to_the_second_step_is_all_of_it(world):
    anna = Visit(world.anna)
    page = anna.post("cases:consent_waiver", world.case, **asked(world, save=None, areas=["health", "safety"]))
    hidden = [name for name, _value in page.context["form"].data.items()]
    assert all(f'name="{name}"' in page.content.decode() for name in hidden if name not in ("save", "form_key"))
    assert page.content.decode().count('type="hidden" name="areas"') == 2


def test_with_nobody_in_the_team_it_says_so(world):
    page = Visit(world.anna).post("cases:consent_waiver", world.case, **asked(world, save=None))
    assert sees(page, "är med i teamet än", "<strong>Hälsa</strong>")


def test_a_refusal_stands_on_the_form_before_anything_is_promised(world):
    world.consent()
    page = Visit(world.anna).post("cases:consent_plan", world.case, taken_on=today(), **{**PLAN, "save": None})
    assert sees(page, "Det finns redan ett samtycke till planen som gäller.", "Visa vad det öppnar")


def test_the_preview_is_what_happens(world, shared):
    """Word by word what the wall then does: seen before, withdrawn, and seen again by the guest herself."""
    with acting(world.anna):
        plans.add_goal(
            by=world.anna, plan_version=PlanVersion.objects.get(case=world.case), area="housing", own_words="Ett hem"
        )
        effect = effect_of(world.case, cases.withdraw_consent, by=world.anna, consent=shared[0])
    assert [(c.name, c.what, c.told_who) for c in effect.losses] == [
        ("Sara Lind", "avsnittet Hälsa, 1 mål och 1 insats", False)
    ]
    assert effect.gains == () and consents(world)[0].withdrawn_at is None


def test_renewing_takes_the_place_of_the_old_at_once(world):
    ends = today() + timedelta(days=5)
    old = world.waiver(world.region, "health", ends_on=ends, not_covering="Barnen")
    anna = Visit(world.anna)
    form = anna.get("cases:consent_renew", world.case, old).context["form"]
    assert form.initial["areas"] == ["health"] and form.initial["not_covering"] == "Barnen"
    assert form.initial["ends_on"] == today() + timedelta(days=5)
    later = today() + timedelta(days=90)
    anna.post("cases:consent_renew", world.case, old, **asked(world, ends_on=later))
    first, second = consents(world)
    assert (first.replaced_by_id, bool(first.withdrawn_at), second.ends_on) == (second.pk, True, later)
    assert "consent.renewed.waiver" in anna.logged()
    with acting(world.anna):
        clocks = {clock.subject_id: clock.done_at for clock in Clock.objects.filter(kind="consent_ends")}
    assert clocks[first.pk] and clocks[second.pk] is None
    assert sees(anna.get("cases:consents", world.case), "förnyat")
    assert anna.get("cases:consent_renew", world.case, old).status_code == 302


def test_a_consent_towards_another_is_not_renewed_by_this_one(world):
    old = world.waiver(world.partner, "health", ends_on=TOMORROW)
    page = Visit(world.anna).post("cases:consent_renew", world.case, old, **asked(world))
    assert sees(page, "Det som förnyas gäller något annat.")
    assert len(consents(world)) == 1


def test_a_last_day_is_watched_until_it_is_withdrawn(world):
    waiver = world.waiver(world.region, "health", ends_on=today() + timedelta(days=60))
    with acting(world.anna):
        clock = Clock.objects.get(kind="consent_ends")
        assert (clock.subject_id, clock.due_on, clock.warn_days) == (waiver.pk, waiver.ends_on, [30, 7])
        with pytest.raises(Refused, match="förnyas, avslutas eller har löpt ut"):
            cases.finish_clock(by=world.anna, case=world.case, clock=clock)
        with pytest.raises(Refused, match="kan inte flyttas"):
            cases.extend_clock(
                by=world.anna, case=world.case, clock=clock, extended_to=today() + timedelta(days=90), ground="x"
            )
        cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)
        assert Clock.objects.get(kind="consent_ends").done_by_id == world.anna.pk


def test_after_withdrawal_the_page_says_what_cannot_be_taken_back(world):
    world.join(world.sara)
    waiver = world.waiver(world.region, "health")
    with acting(world.anna), patch("plans.operations.release.document", return_value=b"%PDF"):
        member = world.case.team.get(membership=world.sara)
        plans.release_copy(by=world.anna, plan_version=world.agreed, recipient_key=str(member.pk))
    anna = Visit(world.anna)
    assert sees(anna.get("cases:consent_withdraw", world.case, waiver), "kan inte tas tillbaka", "Sara Lind")
    after = anna.post("cases:consent_withdraw", world.case, waiver, follow=True)
    assert sees(after, "Samtycket är återkallat", "Det här kan inte tas tillbaka:", "kopia 1")
