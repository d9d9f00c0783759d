"""The plan page: written while one types, never over somebody else's words, and locked when it is agreed."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.content import fingerprint
from plans.forms import PARTS
from plans.models import CoordinatedPlan, Goal, Measure, PlanVersion
from plans.requirements import missing
from teams import operations as teams
from tests.test_queries import cost
from tests.visits import Visit, sees
from tests.world import today

STARTS = {"starts_on": today()}
HTMX = {"HX-Request": "true"}
STALE = "Någon annan har sparat under tiden."


@pytest.fixture
def anna(world):
    return Visit(world.anna)


@pytest.fixture
def draft(world):
    return world.draft()


def version(world, number=1):
    with acting(world.anna):
        return PlanVersion.objects.get(case=world.case, number=number)


def saved_by_leo(world, row, **texts):
    with acting(world.leo):
        return plans.save_version(by=world.leo, plan_version=row, expected=row.version, **texts)


def test_a_plan_is_begun_once(world, anna):
    assert sees(anna.get("plans:plan", world.case), "Ingen plan än", "samordningsanteckning")
    response = anna.post("plans:plan", world.case, number=7, state="agreed", authority=world.soderhamn)
    row = version(world)
    assert response.url == reverse("plans:version", args=[row.pk])
    assert (row.state, row.authority_id) == ("draft", world.bollnas.pk)
    assert "plan.started" in anna.logged()
    assert anna.post("plans:plan", world.case).url == response.url
    with acting(world.anna):
        assert CoordinatedPlan.objects.count() == 1


def mark(row, part):
    """What a form that was made just now carries."""
    return fingerprint(row, PARTS[part])


def test_a_manager_reads_and_does_not_write(world, draft):
    world.join(world.maud)
    maud = Visit(world.maud)
    page = maud.get("plans:version", draft)
    assert sees(page, "Sova en hel natt", "Traumasamtal", "Lugn")
    assert not sees(page, "hx-get") or page.content.count(b"hx-get") == 1, "the list of what is missing, and no form"
    for part in PARTS:
        assert maud.get("plans:text", draft, part).status_code == 403
    assert maud.autosave("plans:text", draft, "viktigt", what_matters="Nej").status_code == 403
    assert version(world).what_matters == "Lugn"


def test_one_who_has_nothing_to_do_with_it_finds_nothing(world, draft):
    leo = Visit(world.leo)
    assert leo.get("plans:version", draft).status_code == 404
    sent = {"what_matters": "Leo", "version": mark(draft, "viktigt")}
    assert leo.autosave("plans:text", draft, "viktigt", **sent).status_code == 404
    assert version(world).what_matters == "Lugn"


def test_the_plan_saves_itself(world, anna, draft):
    hostile = {"state": "agreed", "authority": world.soderhamn, "number": 9, "frozen": "{}", "participation": "Annat"}
    sent = {"what_matters": "Att få sova", "version": mark(draft, "viktigt")}
    answer = anna.autosave("plans:text", draft, "viktigt", **sent, **hostile)
    assert (answer.status_code, set(answer.json())) == (200, {"saved", "version"})
    row = version(world)
    assert (row.what_matters, mark(row, "viktigt")) == ("Att få sova", answer.json()["version"])
    assert (row.state, row.number, row.frozen, row.authority_id) == ("draft", 1, "", world.bollnas.pk)
    assert row.participation == "Maria var med hela tiden.", "only the part that was opened"
    assert anna.logged()[-1] == "plan.saved"
    again = anna.post("plans:text", draft, "viktigt", **{**sent, "version": answer.json()["version"]})
    assert again.url.endswith("#rad-viktigt")
    assert anna.get("plans:text", draft, "hittepå").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_in_place_and_on_its_own(anna, draft, part):
    alone, inside = anna.get("plans:text", draft, part), anna.get("plans:text", draft, part, headers=HTMX)
    assert sees(alone, "<html", "data-autosave", mark(draft, part))
    assert sees(inside, "data-autosave", mark(draft, part)) and not sees(inside, "<html")


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"ends_on": today() - timedelta(days=1)}, "Planens sista dag ligger före den första."),
        ({"ends_on": today(), "follow_up_on": today() + timedelta(days=1)}, "Uppföljningen måste ligga inom planens"),
        ({"follow_up_on": "nästa vecka"}, "Skriv datumet som år-månad-dag"),
        ({"lead_principal": "soderhamn"}, "Välj ett giltigt alternativ"),
        ({"lead_principal": "region"}, "Välj ett giltigt alternativ"),
        ({"lead_principal": uuid.UUID(int=8)}, "Välj ett giltigt alternativ"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(world, anna, draft, fault, sentence):
    fault = {name: getattr(world, str(value), value) for name, value in fault.items()}
    sent = {**STARTS, "version": mark(draft, "ramar"), **fault}
    assert sees(anna.post("plans:text", draft, "ramar", **sent), sentence)
    answer = anna.autosave("plans:text", draft, "ramar", **sent)
    assert (answer.status_code, set(answer.json())) == (422, {"why", "faults"})
    assert sentence in " ".join(answer.json()["faults"].values()), "and at which field"
    assert mark(version(world), "ramar") == mark(draft, "ramar")


def test_a_stale_page_shows_both_and_keeps_the_chosen(world, anna, draft):
    world.join(world.leo)
    mine = {"what_matters": "Annas ord", "version": mark(draft, "viktigt")}
    theirs = saved_by_leo(world, draft, what_matters="Leos ord", strengths="Systern")
    auto, page = (
        anna.autosave("plans:text", draft, "viktigt", **mine),
        anna.post("plans:text", draft, "viktigt", **mine),
    )
    for response in (auto, page):
        assert response.status_code == 409
        assert sees(response, "Annas ord", "Leos ord", "Leo Ek sparade")
        assert not sees(response, "Systern"), "only the text that both wrote in"
    assert not sees(auto, "<html")
    assert sees(page, "<html", f'name="seen_version" value="{mark(theirs, "viktigt")}"')
    assert version(world).what_matters == "Leos ord"
    chosen = {**mine, "seen_version": mark(theirs, "viktigt")}
    assert anna.post("plans:text", draft, "viktigt", **chosen, keep="theirs").status_code == 302
    assert version(world).what_matters == "Leos ord"
    assert anna.post("plans:text", draft, "viktigt", **chosen, keep="mine").status_code == 302
    assert version(world).what_matters == "Annas ord"
    saved_by_leo(world, version(world), what_matters="Leos tredje")
    third = anna.post("plans:text", draft, "viktigt", **chosen, keep="mine")
    assert third.status_code == 409, "seen once is not seen for ever"


def test_two_people_in_different_texts_do_not_meet(world, anna, draft):
    world.join(world.leo)
    seen = mark(draft, "styrkor")
    saved_by_leo(world, draft, what_matters="Leos ord")
    answer = anna.autosave("plans:text", draft, "styrkor", strengths="Systern", version=seen)
    assert answer.status_code == 200
    assert (version(world).what_matters, version(world).strengths) == ("Leos ord", "Systern")


def test_a_fault_does_not_make_a_stale_form_fresh(world, anna, draft):
    world.join(world.leo)
    stale = {**STARTS, "version": mark(draft, "ramar")}
    saved_by_leo(world, draft, ends_on=today() + timedelta(days=99))
    refused = anna.post("plans:text", draft, "ramar", **stale, ends_on=today() - timedelta(days=1))
    assert sees(refused, f'name="version" value="{stale["version"]}"')
    assert anna.post("plans:text", draft, "ramar", **stale).status_code == 409
    assert version(world).ends_on == today() + timedelta(days=99)


def test_a_form_that_does_not_say_what_it_saw_saves_nothing(world, anna, draft):
    assert anna.autosave("plans:text", draft, "viktigt", what_matters="Blint").status_code == 409
    assert version(world).what_matters == "Lugn"


def test_two_people_in_one_goal(world, anna, draft):
    world.join(world.leo)
    leo = Visit(world.leo)
    with acting(world.anna):
        goal = Goal.objects.get()
    first = leo.autosave("plans:goal_edit", goal, own_words="Leos ord", wording="", version=1)
    assert first.json()["version"] == 2
    mine = {"own_words": "Annas ord", "wording": "", "version": 1}
    auto, page = anna.autosave("plans:goal_edit", goal, **mine), anna.post("plans:goal_edit", goal, **mine)
    for response in (auto, page):
        assert response.status_code == 409 and sees(response, "Annas ord", "Leos ord", "Leo Ek sparade")
    assert anna.post("plans:goal_edit", goal, **mine, keep="mine", seen_version=2).status_code == 302
    with acting(world.anna):
        goal.refresh_from_db()
    assert (goal.own_words, goal.row_version) == ("Annas ord", 3)
    assert anna.autosave("plans:goal_edit", goal, own_words=" ", wording="", version=3).json()["faults"] == {
        "own_words": "Skriv målet, helst med personens egna ord."
    }


def test_two_people_tell_how_one_measure_goes(world, anna):
    agreed = world.agreed
    world.join(world.leo)
    with acting(world.anna):
        row = agreed.measures.get()
    assert Visit(world.leo).autosave("plans:measure_status", row, status="done", version=1).json()["version"] == 2
    late = anna.autosave("plans:measure_status", row, status="stopped", why_not="Flyttat", version=1)
    assert late.status_code == 409 and sees(late, "Läge: klar", "Läge: avbruten")
    with acting(world.anna):
        row.refresh_from_db()
    assert row.status == "done"


def test_the_board_comes_anew_after_a_line_is_added(world, anna, draft):
    sent = {"area": "housing", "own_words": "En egen dörr"}
    answer = anna.post("plans:goal_new", draft, headers=HTMX, **sent)
    again = anna.client.get(answer.url, headers=HTMX)
    assert again["HX-Retarget"] == "#board" and sees(again, "En egen dörr", "data-focus=") and not sees(again, "<html")
    line = anna.get("plans:version", draft, headers={**HTMX, "HX-Target": "rad-viktigt"})
    assert "HX-Retarget" not in line
    lacking = anna.get("plans:version", draft, headers={**HTMX, "HX-Target": "saknas"})
    assert sees(lacking, 'id="saknas"') and not sees(lacking, "En egen dörr")


def test_what_lies_outside_a_shorter_plan_is_missing(world, anna, draft, measure):
    days = {"starts_on": today(), "ends_on": today() + timedelta(days=90)}
    anna.post("plans:measure_add", draft, **measure, **days)
    with acting(world.anna):
        row = Measure.objects.order_by("created_at").last()
        short = plans.save_version(
            by=world.anna, plan_version=draft, expected=None, ends_on=today() + timedelta(days=60)
        )
    page = anna.get("plans:version", draft)
    assert sees(page, f'href="#rad-{row.pk}"', "Dagar inom planens tid för Sömnskola")
    sent = {**measure, **days, "version": 1}
    assert "inom planens tid" in anna.autosave("plans:measure_edit", row, **sent).json()["faults"]["ends_on"]
    anna.post("plans:measure_edit", row, **{**sent, "ends_on": short.ends_on})
    assert not sees(anna.get("plans:version", draft), "Dagar inom planens tid")
    with acting(world.anna):
        plans.save_version(by=world.anna, plan_version=draft, expected=None, ends_on=today() + timedelta(days=57))
    assert sees(anna.get("plans:version", draft), "Dagar inom planens tid")
    anna.post("plans:measure_status", row, status="done")
    assert not sees(anna.get("plans:version", draft), "Dagar inom planens tid"), "what is over may have been longer"


def test_many_lines_ask_no_more_of_the_database(world, anna, draft):
    few, small = cost(anna, "plans:version", draft)
    with acting(world.anna):
        for place in range(20):
            goal = plans.add_goal(by=world.anna, plan_version=draft, area="housing", own_words=f"Mål {place}")
            plans.add_measure(
                by=world.anna, goal=goal, title=f"Insats {place}", principal_kind="social", principal=world.bollnas
            )
    many, large = cost(anna, "plans:version", draft)
    assert many == few and large > small + 20 * 500


def test_goals_come_and_go(world, anna, draft):
    asked = {"area": "housing", "own_words": "En egen dörr", "version": draft.version, "case": world.case}
    assert sees(anna.post("plans:goal_new", draft, **{**asked, "own_words": " "}), "Skriv målet")
    assert sees(anna.post("plans:goal_new", draft, **{**asked, "area": "allt"}), "Välj ett giltigt", "En egen dörr")
    added = anna.post("plans:goal_new", draft, **asked)
    with acting(world.anna):
        health, housing = Goal.objects.order_by("created_at")
    assert added.url.endswith(f"#rad-{housing.pk}")
    anna.post("plans:goal_drop", housing)
    assert sees(anna.post("plans:goal_drop", health, follow=True), "Ta först bort målets insatser.")
    with acting(world.anna):
        assert list(Goal.objects.all()) == [health]
    assert {"plan.goal_added", "plan.goal_dropped"} <= set(anna.logged())


@pytest.fixture
def measure(world, draft):
    with acting(world.anna):
        goal = Goal.objects.get()
    return {"goal": goal, "title": "Sömnskola", "principal_choice": world.bollnas, "status": "planned"}


def titles(world):
    with acting(world.anna):
        return [row.title for row in Measure.objects.order_by("created_at")]


def test_a_measure_has_its_goal_principal_and_days(world, anna, draft, measure):
    hostile = {"principal": world.soderhamn, "area": "debts", "authority": world.soderhamn, "principal_kind": "other"}
    days = {"starts_on": today(), "ends_on": today() + timedelta(days=9)}
    assert anna.post("plans:measure_add", draft, **measure, **days, **hostile).status_code == 302
    with acting(world.anna):
        row = Measure.objects.order_by("created_at").last()
    assert (row.title, row.principal_id, row.area, row.principal_kind) == (
        "Sömnskola",
        world.bollnas.pk,
        "health",
        "social",
    )
    assert "plan.measure_added" in anna.logged()
    assert anna.post("plans:measure_status", row, status="ongoing").status_code == 302
    assert sees(anna.post("plans:measure_status", row, status="stopped"), "Skriv varför.")
    assert anna.post("plans:measure_drop", row).status_code == 302
    assert titles(world) == ["Traumasamtal"]
    assert {"plan.measure_status", "plan.measure_dropped"} <= set(anna.logged())


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"ends_on": today() - timedelta(days=1), "starts_on": today()}, "Insatsens sista dag ligger före den första."),
        ({"title": ""}, "Skriv vad insatsen är, eller välj en i listan."),
        ({"principal_choice": "region"}, "Huvudmannen är inte med i teamet."),
        ({"principal_choice": "soderhamn"}, "Huvudmannen är inte med i teamet."),
        ({"principal_choice": uuid.UUID(int=2)}, "Huvudmannen är inte med i teamet."),
        ({"principal_choice": ""}, "Välj vem som svarar för insatsen."),
        ({"cost": "-5"}, "inte är mindre än noll"),
        ({"cost": "1000001", "rhythm": "month"}, "kronor i månaden."),
        ({"hours": "745", "rhythm": "month"}, "timmar i månaden."),
        ({"hours": "99999"}, "timmar."),
        ({"payer_kind": "grant"}, "Skriv vilket statsbidrag det är."),
        ({"payer_kind": "other", "payer": " "}, "Skriv vem som betalar."),
        ({"payer_kind": "x"}, "Välj ett giltigt alternativ"),
        ({"decision": uuid.UUID(int=2)}, "Välj ett giltigt alternativ"),
        ({"principal_choice": "other"}, "Skriv vem som vidtar åtgärden."),
        ({"status": "not_available"}, "Skriv varför behovet inte kan mötas."),
        ({"goal": "elsewhere"}, "Välj ett giltigt alternativ"),
        ({"goal": uuid.UUID(int=2)}, "Välj ett giltigt alternativ"),
        ({"responsible": uuid.UUID(int=2)}, "Den ansvariga är inte med i teamet."),
    ],
)
def test_a_measure_that_cannot_be(world, anna, draft, measure, fault, sentence):
    if fault.get("goal") == "elsewhere":
        with acting(world.cilla):
            other = plans.start_plan(by=world.cilla, case=world.elsewhere)
            fault = {"goal": plans.add_goal(by=world.cilla, plan_version=other, area="debts", own_words="Elsas mål")}
    sent = {name: getattr(world, str(value), value) for name, value in {**measure, **fault}.items()}
    response = anna.post("plans:measure_add", draft, **sent, legal_anchor="12 kap. SoL")
    assert sees(response, sentence, 'value="12 kap. SoL"')
    assert not sees(response, "Elsas mål")
    assert titles(world) == ["Traumasamtal"]


def test_agreeing_with_things_missing_names_them(world, anna):
    with acting(world.anna):
        row = plans.start_plan(by=world.anna, case=world.case)
    page = anna.post("plans:agree", row, version=row.version, follow=True)
    assert sees(page, "Utan samtycke är detta en samordningsanteckning")
    world.consent()
    assert sees(anna.get("plans:agree", row), "Detta saknas:", "Tillbaka till planen")
    page = anna.post("plans:agree", row, version=row.version, follow=True)
    assert sees(page, "Detta saknas: Vad som är viktigt för personen, Minst ett mål, Minst en insats", "Samordnare.")
    assert version(world).state == "draft"


def test_agreed_is_locked_and_the_next_version_begins(world, anna):
    world.consent(), world.coordinator()
    row = world.draft()
    hidden = f'<input type="hidden" name="version" value="{row.version}">'
    assert sees(anna.get("plans:agree", row), hidden, "Fastställ version 1?"), "the button says what it agrees to"
    assert sees(anna.post("plans:agree", row, follow=True), STALE), "and a form that does not say agrees to nothing"
    stale = anna.post("plans:agree", row, version=row.version - 1, follow=True)
    assert sees(stale, STALE)
    key = uuid.uuid4()
    answers = [anna.post("plans:agree", row, version=row.version, form_key=key) for _ in range(2)]
    assert {answer.url for answer in answers} == {reverse("plans:version", args=[row.pk])}
    assert (version(world).state, anna.logged().count("plan.agreed")) == ("agreed", 1)
    answer = anna.autosave("plans:text", row, "viktigt", version=mark(row, "viktigt"), what_matters="Nytt")
    assert (answer.status_code, "överenskommen och låst" in answer.json()["why"]) == (422, True)
    assert sees(anna.post("plans:goal_new", row, area="debts", own_words="Nej"), "överenskommen och låst")
    assert version(world).what_matters == "Lugn"
    response = anna.post("plans:revise", world.case)
    assert response.url == reverse("plans:version", args=[version(world, 2).pk])
    assert "plan.version_begun" in anna.logged()
    assert sees(anna.post("plans:revise", world.case, follow=True), "Det finns redan ett utkast.")
    assert anna.get("plans:measure_new", world.case).url.startswith(f"/plan/{version(world, 2).pk}/")


def awaited(world, draft):
    with acting(world.anna):
        return [part.text for part in missing(draft, on=today()) if part.text.startswith("Signatur")]


def test_a_plan_waits_for_nobody_who_can_no_longer_sign(world, draft):
    """Not for one whose area is closed to her, nor for one who has left; and again when it is opened anew."""
    waiver = world.waiver(world.region, "health")
    member = world.join(world.sara)
    with acting(world.anna):
        plans.request_section(by=world.anna, plan_version=draft, member=member, area="health", question="?")
    assert awaited(world, draft) == ["Signatur från Region Gävleborg, hälsa"]
    with acting(world.anna):
        cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)
    assert awaited(world, draft) == []
    world.waiver(world.region, "debts")
    assert awaited(world, draft) == [], "another area opens nothing of this one"
    world.waiver(world.region, "health")
    assert awaited(world, draft) == ["Signatur från Region Gävleborg, hälsa"]
    with acting(world.anna):
        teams.leave_team(by=world.anna, case=world.case, member=member, reason="bytt arbete")
    assert awaited(world, draft) == []
