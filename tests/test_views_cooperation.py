"""The pages of cooperation: nothing saved before it has been seen, nothing typed lost, and no person in the report."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import CooperationAgreement, Mandate
from tests.agreements import agreed, proposed
from tests.visits import Visit, sees
from tests.world import today


def filled(world, **more):
    given = {
        "others": [world.soderhamn], "programmes": ["adult"], "purposes": ["on_call"], "purpose": "Jour på helger",
        "we_do": "har jouren", "they_do": "", "oversight": "none", "overseer": "ours", "theirs_decide": ["travel"],
        "theirs_role": "unit_manager", "ours_decide": ["interpreter"], "ours_who": str(world.leo.pk),
        "starts_on": today(), "ends_on": "", "notice_months": "3",
    }  # fmt: skip
    return {**given, **more}


def rows(by):
    with acting(by):
        return list(CooperationAgreement.objects.visible_to(by).filter(ground="kl_9_37"))


def test_seen_before_it_is_sent(world):
    adam = Visit(world.adam)
    seen = adam.post("teams:agreement_propose", "kl_9_37", **filled(world))
    assert sees(seen, "Inget är skickat än", "Leo Ek hos Socialnämnden, Bollnäs kommun får besluta åt", "Tolk")
    assert sees(seen, "Den som är enhetschef hos Socialnämnden, Söderhamns kommun", "Inget ärende öppnas.")
    assert rows(world.adam) == [] and "agreement.proposed" not in adam.logged()
    back = adam.post("teams:agreement_propose", "kl_9_37", **filled(world, change="1"))
    assert sees(back, "Jour på helger", "har jouren") and rows(world.adam) == []
    adam.post("teams:agreement_propose", "kl_9_37", **filled(world, send="1"))
    [row] = rows(world.adam)
    assert row.purpose == "Jour på helger" and adam.logged()[-1] == "agreement.proposed"
    with acting(world.adam):
        assert Mandate.objects.visible_to(world.adam).filter(agreement=row).count() == 2


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"others": []}, "Välj minst en annan part."),
        ({"others": ["bollnas"]}, "Välj ett giltigt alternativ"),
        ({"purposes": [], "purpose": ""}, "Välj minst ett ändamål eller skriv ett med egna ord."),
        ({"ends_on": "2020-01-01"}, "Sista dagen ligger före första dagen."),
        ({"notice_months": "99"}, "mindre än eller lika med 24"),
        ({"ours_who": "ingen"}, "Välj ett giltigt alternativ"),
    ],
)
def test_bad_input_is_told_at_the_field(world, fault, sentence):
    adam = Visit(world.adam)
    fault = {name: [world.bollnas] if value == ["bollnas"] else value for name, value in fault.items()}
    response = adam.post("teams:agreement_propose", "kl_9_37", **filled(world, send="1", **fault))
    assert sees(response, sentence, "har jouren"), "nothing typed is lost"
    assert rows(world.adam) == []


def test_a_refusal_names_its_rule(world):
    agreed(world.adam, world.siv)
    response = Visit(world.adam).post("teams:agreement_propose", "kl_9_37", **filled(world))
    assert sees(response, "har redan en sådan överenskommelse", "Jour på helger")
    assert Visit(world.adam).get("teams:agreement_propose", "nonsense").status_code == 404


def test_answered_and_given_notice(world):
    agreement = proposed(world.adam, world.soderhamn)
    siv, adam = Visit(world.siv), Visit(world.adam)
    assert sees(adam.post("teams:agreement_accept", agreement, follow=True), "inte den som föreslog")
    assert sees(siv.get("teams:agreements"), "föreslår samverkan", "Kanariesamverkan", "Godkänn")
    siv.post("teams:agreement_accept", agreement)
    assert sees(siv.post("teams:agreement_decline", agreement, follow=True), "Säg upp överenskommelsen i stället.")
    early = adam.post("teams:agreement_notice", agreement, leaves_on=today())
    assert sees(early, "Uppsägningstiden är 3 månader", "Vad som upphör")
    adam.post("teams:agreement_notice", agreement, leaves_on=today() + timedelta(days=100))
    assert sees(adam.get("teams:agreement", agreement), "uppsagd, sista dag")
    assert not sees(adam.get("teams:agreement", agreement), "Ge mandat")


def test_a_mandate_is_given_and_ended(world):
    agreement = agreed(world.adam, world.siv)
    adam = Visit(world.adam)
    asked = {"employer": world.soderhamn, "role": "social_worker", "kinds": ["travel"], "starts_on": today()}
    assert sees(adam.post("teams:mandate_give", agreement, **{**asked, "kinds": []}), "Välj vad mandatet gäller.")
    adam.post("teams:mandate_give", agreement, **asked)
    with acting(world.adam):
        [mandate] = Mandate.objects.visible_to(world.adam).filter(agreement=agreement)
    assert sees(adam.get("teams:agreement", agreement), "Den som är socialsekreterare hos", "Resa")
    assert Visit(world.ragnar).get("teams:mandate_end", mandate).status_code == 404
    assert Visit(world.siv).post("teams:mandate_end", mandate, ends_on=today()).url == reverse(
        "teams:agreement", args=[agreement.pk]
    )


def test_the_years_report_counts_and_names_nobody(world):
    world.waiver(world.region, "health")
    world.join(world.sara)
    adam = Visit(world.adam)
    page = adam.get("teams:cooperation_report", today().year)
    assert sees(page, "Region Gävleborg", "9 kap. 38 §")
    [row] = [row for row in page.context["rows"] if row.other == world.region]
    assert (row.theirs_here, row.ours_there, row.decided_for_us) == (1, 0, [])
    assert not any(sees(page, name) for name in ("Sara Lind", "Maria Karlsson", world.case.number))
    file = adam.post("teams:cooperation_report", today().year)
    assert file.content.startswith(b"%PDF") and adam.logged()[-1] == "agreement.reported"
    assert adam.get("teams:cooperation_report", 2001).status_code == 404
    theirs = Visit(world.ragnar).get("teams:cooperation_report", today().year)
    [other] = [row for row in theirs.context["rows"] if row.other == world.bollnas]
    assert (other.theirs_here, other.ours_there) == (0, 1)


def test_the_regional_coordinator_reads_what_she_may_follow(world):
    agreement = agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    rut = Visit(world.rut)
    assert sees(rut.get("teams:agreements"), "Vad regionkoordinatorn får följa", "Antal, aldrig färre än fem")
    assert not sees(rut.get("teams:agreements"), "Med andra kommuner")
    assert not sees(rut.get("teams:agreement", agreement), "Säg upp")
    assert rut.post("teams:agreement_decline", agreement).status_code == 403
