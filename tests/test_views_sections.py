"""The contributor's way: her own section and nothing else."""

import uuid

import pytest
from django.urls import reverse

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Section
from teams.operations import invite_member
from tests.visits import Visit, sees, text_of

ELSEWHERE = "En egen dörr att stänga"  # a goal in an area that no consent covers


@pytest.fixture
def sara(world):
    return Visit(world.sara)


@pytest.fixture
def asked(world):
    """Sara is asked about health; the waiver covers health only, the plan has housing too."""
    world.waiver(world.region, "health")
    member = world.join(world.sara, presented_as="M, 30 år")
    version = world.draft()
    with acting(world.anna):
        plans.add_goal(by=world.anna, plan_version=version, area="housing", own_words=ELSEWHERE)
        return plans.request_section(
            by=world.anna, plan_version=version, member=member, area="health", question="Vad kan ni göra?"
        )


def section(world):
    with acting(world.anna):
        return Section.objects.select_related("writer").get()


def request_of(world, visit, member, area="health", **more):
    with acting(world.anna):
        version = world.case.plans.get().versions.get()
    return visit.post("plans:section_request", version, member=member, area=area, question="Vad kan ni?", **more)


def test_a_section_needs_consent_for_that_area(world):
    member, anna = world.join(world.sara), Visit(world.anna)
    world.draft()
    refused = request_of(world, anna, member)
    assert sees(refused, "Inget samtycke täcker Hälso- och sjukvården, Region Gävleborg", "Vad kan ni?")
    world.waiver(world.region, "housing")
    assert sees(request_of(world, anna, member), "Inget samtycke täcker")
    world.waiver(world.region, "health")
    hostile = {"writer": world.mika, "principal": world.soderhamn, "state": "signed", "text": "Påhittat"}
    assert request_of(world, anna, member, **hostile).status_code == 302
    row = section(world)
    assert (row.writer_id, row.principal_id, row.state, row.text) == (world.sara.pk, world.region.pk, "requested", "")
    assert "plan.section_requested" in anna.logged()
    assert sees(request_of(world, anna, member), "Avsnittet är redan begärt.")


@pytest.mark.parametrize("who", ["elsewhere", "leo", uuid.UUID(int=4)])
def test_only_somebody_in_this_team_is_asked(world, who):
    world.join(world.leo)
    world.draft()
    with acting(world.cilla):
        rut = invite_member(by=world.cilla, case=world.elsewhere, membership=world.rut, function="x", reason="y")
    with acting(world.anna):
        leo = world.case.team.get(membership=world.leo)
    response = request_of(world, Visit(world.anna), {"elsewhere": rut, "leo": leo}.get(who, who))
    assert sees(response, "Välj ett giltigt alternativ", "Vad kan ni?")
    assert not sees(response, "Rut")


def test_her_pages_hold_her_area_and_no_more(world, sara, asked):
    with acting(world.anna):
        cases.save_safe_contact(
            by=world.anna, case=world.case, version=0, channels="sms", hours="", code_word="solros",
            never_answer="bror", may_leave_message=False,
        )  # fmt: skip
    pages = [sara.get("plans:section", asked), sara.get("plans:contributions")]
    assert sees(
        pages[0], "Vad kan ni göra?", "”Sova en hel natt”", "gäller M, 30 år", "begärt av Anna Berg, Socialnämnden"
    )
    for page in pages:
        for hidden in (ELSEWHERE, "Maria", "Karlsson", "Lugn", "solros", "bror", world.case.number, "prostitution"):
            assert hidden not in text_of(page)
        assert 'role="search"' not in text_of(page)
    for name in ("cases:list", "plans:my_day", "teams:decisions", "plans:meetings"):
        assert sara.get(name).status_code == 403
    assert sara.post("cases:search", q="Maria Karlsson").status_code == 403
    assert "section.viewed" in sara.logged(world.anna)


def test_it_saves_itself_and_is_signed(world, sara, asked):
    hostile = {"state": "signed", "writer": world.mika, "area": "housing", "question": "Annat", "text": "Annat"}
    answer = sara.autosave("plans:section", asked, what="Samtal varje", version=1, **hostile)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    row = section(world)
    assert (row.text, row.state, row.area, row.writer_id) == ("Samtal varje", "writing", "health", world.sara.pk)
    assert not sees(Visit(world.anna).get("plans:version", row.version_id), "Samtal varje"), "hers until signed"
    on = sara.post("plans:section", asked, what="Samtal varje vecka.", who="Sara Lind", version=2, sign="1")
    assert (on.status_code, on.url) == (302, reverse("plans:section_sign", args=[asked.pk]))
    assert section(world).state == "writing", "not before she has seen who will read it"
    page = sara.get("plans:section_sign", asked)
    assert sees(page, "Signera och lås?", "Anna Berg, handlägger ärendet", "Inte ifyllt: När, Hur det följs upp")
    sent = {"version": 3, "form_key": uuid.uuid4()}
    answers = [sara.post("plans:section_sign", asked, **sent) for _ in range(2)]
    assert {answer.url for answer in answers} == {reverse("plans:contributions")}
    row = section(world)
    assert (row.text, row.state) == ("Vad vi gör:\nSamtal varje vecka.\n\nVem som gör det:\nSara Lind", "signed")
    assert sara.logged(world.anna).count("section.signed") == 1
    locked = sara.autosave("plans:section", asked, what="Ändrat", version=row.row_version)
    assert (locked.status_code, "låst" in locked.json()["why"]) == (422, True)
    assert "Ändrat" not in section(world).text
    assert sees(Visit(world.anna).get("plans:version", row.version_id), "Samtal varje vecka.")


def test_nothing_is_not_signed(world, sara, asked):
    sara.post("plans:section", asked, what="  ", version=1, sign="1")
    for page in (sara.get("plans:section_sign", asked), sara.post("plans:section_sign", asked, version=2)):
        assert page.url == reverse("plans:section", args=[asked.pk])
    assert sees(sara.get("plans:section", asked), "Skriv något innan du signerar.")
    assert section(world).state == "writing"


def test_another_text_than_the_one_shown_is_not_signed(world, sara, asked):
    sara.autosave("plans:section", asked, what="Ett", version=1)
    sara.autosave("plans:section", asked, what="Ett och två", version=2)
    answer = sara.post("plans:section_sign", asked, version=2)
    assert answer.url == reverse("plans:section_sign", args=[asked.pk])
    assert sees(sara.get("plans:section_sign", asked), "Texten har ändrats i en annan flik", "Ett och två")
    assert section(world).state == "writing"


def test_an_autosave_never_signs(world, sara, asked):
    sara.autosave("plans:section", asked, what="Samtal", version=1, sign="1")
    assert section(world).state == "writing"


def test_two_tabs_show_both_and_keep_the_chosen(world, sara, asked):
    sara.autosave("plans:section", asked, what="I den andra fliken", version=1)
    mine = {"what": "I den första fliken", "version": 1}
    auto, page = sara.autosave("plans:section", asked, **mine), sara.post("plans:section", asked, **mine, sign="1")
    for response in (auto, page):
        assert response.status_code == 409
        assert sees(response, "I den andra fliken", "I den första fliken")
    assert (sees(auto, "<html"), sees(page, "<html", 'name="seen_version" value="2"')) == (False, True)
    assert section(world).state == "writing"
    sara.post("plans:section", asked, **mine, seen_version=2, keep="theirs")
    assert section(world).text == "I den andra fliken"
    sara.post("plans:section", asked, **mine, seen_version=2, keep="mine")
    assert section(world).text == "I den första fliken"


@pytest.mark.parametrize("who", ["anna", "leo", "mika", "cilla"])
def test_nobody_else_reads_or_writes_it_there(world, asked, who):
    visit = Visit(getattr(world, who))
    assert visit.get("plans:section", asked).status_code == 404
    for send in (visit.post, visit.autosave):
        assert send("plans:section", asked, what="Förvanskat", version=1, sign="1").status_code == 404
    assert section(world).text == ""


def test_it_is_hers_whoever_asked(world, sara):
    """Asked by a colleague in the team who neither invited her nor coordinates."""
    world.waiver(world.region, "health")
    world.join(world.leo)
    member, version = world.join(world.sara), world.draft()
    with acting(world.leo):
        row = plans.request_section(by=world.leo, plan_version=version, member=member, area="health", question="Vad?")
    assert sees(sara.get("plans:contributions"), "Hälsa", "begärt av Socialnämnden, Bollnäs kommun")
    assert sees(sara.get("plans:section", row), "begärt av Socialnämnden, Bollnäs kommun")
