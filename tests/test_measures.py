"""Goals in parts, measures from the catalogue, what each costs and rests on, and what cannot be."""

import json
import tomllib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from cases import operations as cases
from cases.areas import Area
from exitprogram.errors import Refused, Stale
from exitprogram.knowledge import support
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.catalogue import entries, national
from plans.content import content_of
from plans.exports import recipient_of, view_for
from plans.models import CatalogueMeasure, Goal, Measure
from teams import operations as teams
from tests.furniture import _scheme
from tests.visits import Visit, sees
from tests.world import today


@pytest.fixture
def anna(world):
    return Visit(world.anna)


@pytest.fixture
def draft(world):
    return world.draft()


@pytest.fixture
def goal(world, draft):
    with acting(world.anna):
        return Goal.objects.get()


def newest(world):
    with acting(world.anna):
        return Measure.objects.order_by("created_at").last()


def add(world, goal, **more):
    given = {"title": "Samtal", "principal_kind": "social", "principal": world.bollnas, **more}
    with acting(world.anna):
        return plans.add_measure(by=world.anna, goal=goal, **given)


def test_the_catalogue_is_whole():
    told = tomllib.loads((settings.BASE_DIR / "plans/catalogue.toml").read_text())["measure"]
    assert len({one["id"] for one in told}) == len({one["title"] for one in told}) == len(told) >= 17
    for entry in national():
        assert entry.area in Area.values and Measure.Principal(entry.principal)
        assert entry.support is None or entry.support == support(entry.knowledge)


def test_a_part_of_a_long_term_goal(world, anna, draft, goal):
    assert anna.post("plans:goal_new", draft, parent=goal, own_words="Somna före tolv").status_code == 302
    with acting(world.anna):
        part = Goal.objects.get(parent=goal)
        assert part.area == "health"
        with pytest.raises(Refused, match="egna delmål"):
            plans.add_goal(by=world.anna, plan_version=draft, own_words="Djupare", parent=part)
        other = plans.add_goal(by=world.anna, plan_version=draft, area="debts", own_words="Inga skulder")
        assert [one["is_part"] for one in content_of(draft, on=today())["goals"]] == [False, True, False]
        plans.drop_goal(by=world.anna, goal=other)
        plans.drop_measure(by=world.anna, measure=goal.measures.get())
        with pytest.raises(Refused, match="Ta först bort delmålen"):
            plans.drop_goal(by=world.anna, goal=goal)
    assert sees(anna.get("plans:version", draft), "Delmål · Hälsa", "Somna före tolv")


def test_a_goal_is_changed(world, anna, draft, goal):
    assert sees(anna.get("plans:goal_edit", goal), "Sova en hel natt")
    assert sees(anna.post("plans:goal_edit", goal, own_words="", wording=""), "Skriv målet")
    assert (
        anna.post("plans:goal_edit", goal, own_words="Sova", wording="Sömn", area="debts", version=1).status_code == 302
    )
    with acting(world.anna):
        goal.refresh_from_db()
    assert (goal.own_words, goal.wording, goal.area) == ("Sova", "Sömn", "health")


def test_parts_and_what_a_measure_rests_on_come_along(world, goal):
    world.consent(), world.coordinator()
    _scheme(world.adam)
    with acting(world.anna):
        part = plans.add_goal(by=world.anna, plan_version=goal.version, own_words="Delen", parent=goal)
        decision = teams.propose_decision(by=world.anna, case=world.case, kind="travel", what="Resa")
    add(world, part, need="Resa", decision=decision, cost=450, payer="Socialnämnden",
        hours=Decimal("2.5"), rhythm="month", payer_kind="municipality")  # fmt: skip
    with acting(world.anna):
        version = plans.agree_version(by=world.anna, plan_version=goal.version)
        draft = plans.new_version(by=world.anna, plan=version.plan)
        copy = draft.goals.exclude(parent=None).get()
        assert copy.parent.version_id == draft.pk
        row = copy.measures.get()
    assert (row.hours, row.rhythm, row.payer_kind) == (Decimal("2.5"), "month", "municipality")
    assert (row.need, row.cost, row.payer, row.decision_id) == ("Resa", 450, "Socialnämnden", decision.pk)


def test_chosen_in_the_catalogue(world, anna, draft, goal):
    page = anna.get("plans:measure_add", draft, data={"mal": str(goal.pk), "katalog": "budget_advice"})
    assert sees(page, 'value="Budget- och skuldrådgivning"', 'value="13 kap. 2 § SoL"', f'value="{goal.pk}" selected')
    typed = {"goal": goal, "need": "Ordning", "fetch": 1, "katalog": "mentor"}
    assert sees(anna.post("plans:measure_add", draft, **typed), 'value="Mentor med egen erfarenhet"', "Ordning")
    assert newest(world).title == "Traumasamtal", "fetching is not adding"
    sent = {"goal": goal, "catalogue_id": "counselling", "status": "planned"}
    assert anna.post("plans:measure_add", draft, **sent).status_code == 302, "what is left empty is filled"
    row = newest(world)
    assert (row.title, row.legal_anchor, row.principal_id) == ("Stödsamtal", "11 kap. 5 § SoL", world.bollnas.pk)
    own = {**sent, "title": "Eget namn", "legal_anchor": "X"}
    anna.post("plans:measure_add", draft, **own)
    assert (newest(world).title, newest(world).legal_anchor, newest(world).catalogue_id) == (
        "Eget namn", "X", "counselling",
    )  # fmt: skip
    anna.post("plans:measure_add", draft, **{**own, "catalogue_id": "hittepå", "principal_choice": world.bollnas})
    assert newest(world).catalogue_id == ""


def test_an_authority_adds_its_own(world, anna, draft, goal):
    adam = Visit(world.adam)
    sent = {"title": "Ridläger", "area": "network", "principal_kind": "other"}
    assert adam.post("plans:catalogue", **sent).status_code == 302
    assert sees(adam.post("plans:catalogue", **sent), "finns redan i katalogen")
    assert sees(adam.post("plans:catalogue", **{**sent, "title": "Tolk"}), "finns redan i katalogen")
    assert sees(anna.get("plans:measure_add", draft), "Ridläger")
    with acting(world.cilla):
        assert "Ridläger" not in {one.title for one in entries(world.soderhamn.pk, on=today())}
    with acting(world.adam):
        row = CatalogueMeasure.objects.get(title="Ridläger")
    assert Visit(world.siv).post("plans:catalogue_withdraw", row).status_code == 404
    assert adam.post("plans:catalogue_withdraw", row).status_code == 302
    assert not sees(anna.get("plans:measure_add", draft), "Ridläger")
    assert {"catalogue.added", "catalogue.withdrawn"} <= set(adam.logged())


def test_edited_in_an_open_draft_only(world, anna, draft, goal):
    row = newest(world)
    sent = {"goal": goal, "title": "Sömnskola", "principal_choice": world.bollnas, "status": "planned"}
    sent["version"] = 1
    assert sees(anna.get("plans:measure_edit", row), 'value="Traumasamtal"')
    assert anna.post("plans:measure_edit", row, **sent, cost=300, payer="Regionen").status_code == 302
    row = newest(world)
    assert (row.title, row.cost, row.payer, row.row_version) == ("Sömnskola", 300, "Regionen", 2)
    assert "plan.measure_saved" in anna.logged()
    stale = anna.post("plans:measure_edit", row, **{**sent, "title": "Min text"})
    assert stale.status_code == 409 and sees(stale, "Min text", "Sömnskola")
    chosen = {**sent, "title": "Min text", "keep": "mine", "seen_version": 2}
    assert anna.post("plans:measure_edit", row, **chosen).status_code == 302
    assert newest(world).title == "Min text"
    with acting(world.anna), pytest.raises(Stale):
        plans.save_measure(by=world.anna, measure=row, expected=1, title="Nej")
    world.consent(), world.coordinator()
    with acting(world.anna):
        plans.agree_version(by=world.anna, plan_version=draft)
    assert sees(anna.post("plans:measure_edit", row, **{**sent, "version": 3}), "överenskommen och låst")


def test_a_need_that_cannot_be_met(world, anna, draft, goal):
    assert sees(anna.get("plans:measure_add", draft, data={"mal": str(goal.pk), "behov": 1}), "selected>kan inte mötas")
    sent = {"goal": goal, "need": "Traumabehandling på thai", "principal_choice": world.bollnas}
    sent["status"] = "not_available"
    assert sees(anna.post("plans:measure_add", draft, **sent), "Skriv varför behovet inte kan mötas.", "på thai")
    unsaid = anna.post("plans:measure_add", draft, **sent, why_not="Ingen behandlare")
    assert sees(unsaid, "Välj vad som fattas.", "Ingen behandlare")
    assert anna.post("plans:measure_add", draft, **sent, why_not="Ingen behandlare", lack="shape").status_code == 302
    row = newest(world)
    assert (row.title, row.need, row.why_not) == (*["Traumabehandling på thai"] * 2, "Ingen behandlare")
    assert row.lack == "shape"
    assert sees(
        anna.get("plans:version", draft), "Kan inte mötas", "<dd>Traumabehandling på thai</dd>", "Ingen behandlare"
    )


def test_what_is_lacking_goes_when_it_can_be_had(world, anna, draft, goal):
    sent = {"goal": goal, "need": "Bostad", "principal_choice": world.bollnas, "status": "not_available"}
    anna.post("plans:measure_add", draft, **sent, why_not="Kö", lack="queue")
    row = newest(world)
    assert sees(anna.get("plans:measure_status", row), "För lång väntan")
    with acting(world.anna):
        plans.set_measure_status(by=world.anna, measure=row, status="ongoing")
    assert newest(world).lack == ""
    assert (
        anna.post("plans:measure_status", row, status="not_available", why_not="Kö", lack="absent").status_code == 302
    )
    assert newest(world).lack == "absent"


def test_days_lie_within_the_plan(world, anna, draft, goal):
    with acting(world.anna):
        plans.save_version(by=world.anna, plan_version=draft, expected=None, ends_on=today() + timedelta(days=90))
    sent = {"goal": goal, "title": "Samtal", "principal_choice": world.bollnas, "status": "planned"}
    before = {"starts_on": today() - timedelta(days=9), "ends_on": today() - timedelta(days=1)}
    for days in ({"ends_on": today() + timedelta(days=91)}, before):
        answer = anna.post("plans:measure_add", draft, **sent, **days)
        assert sees(answer, "Insatsen måste ligga inom planens tid", 'value="Samtal"')
        with pytest.raises(Refused, match="inom planens tid"):
            add(world, goal, **days)


def test_nobody_elsewhere_without_team_and_cover(world, anna, draft, goal):
    health = {"principal_kind": "health", "principal": world.region}
    with pytest.raises(Refused, match="är inte med i teamet"):
        add(world, goal, **health)
    sara = world.join(world.sara)
    sent = {"goal": goal, "title": "Samtal", "status": "planned", "principal_choice": world.region}
    assert sees(anna.post("plans:measure_add", draft, **sent), "Det finns inget samtycke eller annan grund", "om hälsa")
    sent["principal_choice"] = world.bollnas
    answer = anna.post("plans:measure_add", draft, **sent, responsible=sara)
    assert sees(answer, "Det finns inget samtycke eller annan grund")
    with pytest.raises(Refused, match="inget samtycke"):
        add(world, goal, responsible=sara)
    waiver = world.waiver(world.region, "health")
    row = add(world, goal, **health, responsible=sara)
    with acting(world.anna):
        cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)
        plans.save_measure(by=world.anna, measure=row, expected=1, title="Rättat")
    assert newest(world).title == "Rättat", "what was said before the consent ended can be corrected"


def test_a_decision_of_another_case_is_not_found(world, anna, draft, goal):
    _scheme(world.siv)
    with acting(world.cilla):
        other = teams.propose_decision(by=world.cilla, case=world.elsewhere, kind="travel", what="Elsas resa")
    sent = {"goal": goal, "title": "Samtal", "principal_choice": world.bollnas, "status": "planned", "decision": other}
    assert sees(anna.post("plans:measure_add", draft, **sent), "Välj ett giltigt alternativ")
    with pytest.raises(Refused, match="annat ärende"):
        add(world, goal, decision=other)


@pytest.mark.parametrize(
    "fault, sentence",
    [({"cost": -1}, "mindre än noll"), ({"cost": 10_000_001}, "inte vara mer än"), ({"hours": Decimal(-1)}, "noll"),
     ({"rhythm": "week"}, "en gång eller per månad"), ({"payer_kind": "grant"}, "vilket statsbidrag"),
     ({"payer_kind": "church"}, "Välj vem som betalar")],
)  # fmt: skip
def test_a_cost_that_cannot_be(world, goal, fault, sentence):
    with pytest.raises(Refused, match=sentence):
        add(world, goal, **fault)


def test_the_decision_may_come_after_the_plan_is_agreed(world, anna):
    _scheme(world.adam)
    with acting(world.anna):
        row = world.agreed.measures.get()
        decision = teams.propose_decision(by=world.anna, case=world.case, kind="open_care", what="Samtal")
    sent = {"status": "ongoing", "decision": decision}
    assert anna.post("plans:measure_status", row, **sent).status_code == 302
    assert newest(world).decision_id == decision.pk
    assert sees(anna.get("plans:version", world.agreed), "<dt>Beslut</dt><dd>Öppenvårdsinsats")


def test_what_it_costs_is_not_on_the_persons_paper(world, goal):
    world.consent(), world.coordinator()
    add(world, goal, title="Resa", need="Komma till vården", cost=77123, hours=Decimal("88.5"), rhythm="month",
        payer_kind="refund", payer="Regionen")  # fmt: skip
    with acting(world.anna):
        version = plans.agree_version(by=world.anna, plan_version=goal.version)
        assert "77123" in version.frozen
        own = view_for(version, recipient_of(world.case, "own"))
        papers = view_for(version, recipient_of(world.case, "individual"))
    assert "77123" in json.dumps(own)
    paper = json.dumps(papers)
    assert "88.5" in json.dumps(own) and not any(word in paper for word in ("88.5", "refund", "month"))
    assert "77123" not in paper and "Komma till vården" in json.dumps(papers, ensure_ascii=False)
