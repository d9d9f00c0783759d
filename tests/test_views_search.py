"""The search: every spelling finds, nothing stands in an address, and nothing is told of other authorities."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from cases import operations as cases
from cases.finding import SEARCH_STANDS
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import BrowserSession as Session
from tests.furniture import NUMBERS
from tests.spellings import OFFICIAL, spellings
from tests.visits import Visit, sees, text_of

NUMBER = OFFICIAL[0]


def hits(by, query):
    with acting(by):
        return cases.search_people(by=by, query=query)[0]


def names(by, query):
    return [(hit.name, hit.by_sound) for hit in hits(by, query)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spelling=spellings(NUMBER))
def test_any_spelling_of_a_number_finds_the_person(world, spelling):
    if not hits(world.anna, NUMBER):
        world.open_case(individual=world.person(number=NUMBER))
    assert names(world.anna, spelling) == [("Maria Karlsson", False)]
    assert names(world.leo, spelling) == [("Maria Karlsson", False)]
    assert names(world.cilla, spelling) == []


def test_what_is_spelled_so_comes_first_and_what_sounds_so_is_marked(world):
    for name in ("Christina Carlson", "Kristina Karlsson", "Nils Utanför"):
        world.open_case(individual=world.person(name=name))
    assert names(world.anna, "Kristina Karlsson") == [("Kristina Karlsson", False), ("Christina Carlson", True)]
    assert names(world.leo, "carlson, christina") == [("Christina Carlson", False), ("Kristina Karlsson", True)]
    page = Visit(world.leo).search("Kristina Karlsson")
    places = [text_of(page).index(word) for word in (">Kristina Karlsson<", "låter som", ">Christina Carlson<")]
    assert places == sorted(places)


def test_one_that_only_sounds_so_is_not_opened_at_once(world):
    world.open_case(individual=world.person(name="Christina Carlson"))
    assert sees(Visit(world.anna).search("Kristina Karlsson"), "låter som", "Christina Carlson")


def test_a_protected_name_is_heard_by_her_own_and_by_nobody_else(world):
    world.open_case(individual=world.person(name="Christina Skyddad", protection="secrecy_mark"))
    assert names(world.anna, "Kristina Skydad") == [("Christina Skyddad", True)]
    for who in (world.leo, world.maud, world.cilla):
        assert names(who, "Kristina Skydad") == names(who, "Christina Skyddad") == []


@pytest.mark.parametrize("query", ["AB12 3456", "19850175KGG1", "990019850012"])
def test_a_reserve_or_foreign_number_is_no_search_term(world, query):
    """Kindly told, and the same whether it is here or not (SoLPUF 15 §)."""
    for added in (False, True):
        if added:
            case = world.open_case(individual=world.person())
            with acting(world.anna):
                cases.add_number(by=world.anna, case=case, number=query, kind="reserve")
        page = Visit(world.anna).search(query)
        assert sees(page, "går inte att söka på. Sök på namnet i stället.")
        assert not sees(page, "Maria"), "and nobody is shown"


FOREIGN = {
    "Elsa Annanstans": "Ylva Finnsinte", "annan": "ylvaf", NUMBERS["Söderhamn"]: "198804292392",
    "Ilsa Anannstanz": "Ylva Finssinte",
}  # fmt: skip


@pytest.mark.parametrize("query", FOREIGN)
def test_foreign_people_are_as_nonsense(world, query):
    """Byte for byte, but for what every page has of its own."""
    person = world.person(world.cilla, "Elsa Annanstans", number=NUMBERS["Söderhamn"])
    world.open_case(world.cilla, person)
    assert names(world.cilla, query), "data that could show"
    for who in (world.anna, world.leo, world.maud):
        assert bare(Visit(who), query) == bare(Visit(who), FOREIGN[query])


def bare(visit, query):
    page = text_of(visit.search(query)).replace(query, "?")
    page = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", page)
    return re.sub(r"[A-Za-z0-9]{64}", "token", page)


def test_back_shows_the_results_again_and_no_name_stands_in_an_address(world):
    world.open_case(individual=world.person(number=NUMBER))
    anna = Visit(world.leo)
    answer = anna.post("cases:search", q="Maria Karlsson")
    assert re.fullmatch(r"/sok/[0-9a-f-]{36}/", answer.url)
    for _ in range(2):
        assert sees(anna.client.get(answer.url), "Maria Karlsson", "Fråga Anna Berg")
    assert anna.logged().count("person.searched") == 1
    assert anna.logged().count("person.found") == 2, "each showing leaves its trace"
    form = anna.client.get(reverse("cases:person_add", args=[answer.url.split("/")[2]]))
    assert sees(form, 'value="Maria Karlsson"')


def test_a_search_is_the_searchers_own(world):
    leo, maud = Visit(world.leo), Visit(world.maud)
    mine, unknown = leo.post("cases:search", q="Maria Karlsson").url, f"/sok/{world.case.pk}/"
    for visit in (maud, Visit(world.cilla), Visit(world.leo)):
        for url in (mine, unknown, mine.replace("/sok/", "/personer/ny/")):
            answer = visit.client.get(url)
            assert (answer.status_code, answer.url) == (302, reverse("cases:list"))
    maud.client.session["searches"] = leo.client.session["searches"]
    session = maud.client.session
    session["searches"] = leo.client.session["searches"]
    session.save()
    assert maud.client.get(mine).url == reverse("cases:list"), "sealed for another membership"


def test_half_an_hour(world):
    world.case  # noqa: B018  data that could show
    leo = Visit(world.leo)
    url = leo.post("cases:search", q="Maria Karlsson").url
    assert timedelta(minutes=30) == SEARCH_STANDS
    with patch("cases.finding.SEARCH_STANDS", timedelta(0)):
        page = leo.client.get(url)
    assert sees(page, "äldre än en halvtimme") and not sees(page, "Fråga Anna Berg")


def test_what_was_searched_for_lies_sealed(world):
    leo = Visit(world.leo)
    leo.post("cases:search", q="Maria Karlsson")
    assert "Karlsson" not in str(leo.client.session["searches"])
    assert all("Karlsson" not in str(row.get_decoded()) for row in Session.objects.all() if row.session_data)
    with acting(world.leo):
        assert "arlsson" not in str(list(AuditEvent.objects.filter(membership_id=world.leo.pk).values_list("details")))


def test_only_the_last_searches_are_kept(world):
    anna = Visit(world.anna)
    for place in range(7):
        anna.post("cases:search", q=f"Person {place}")
    assert len(anna.client.session["searches"]) == 5


def test_the_form_preselects_nothing_and_groups_what_belongs_together(world):
    anna = Visit(world.anna)
    page = text_of(anna.get("cases:person_add", anna.search("Maria Ny").context["search"]))
    way = re.search(r'<select name="contact_way".*?</select>', page, re.S)[0]
    assert "selected" not in way.replace('<option value="" selected>', "")
    group = re.search(r'<select name="target_group".*?</select>', page, re.S)[0]
    assert 'data-follows="programme"' in group
    assert re.findall(r'<optgroup label="([^"]+)"', group) == ["Exitprogram för vuxna", "Program för barn"]
    for name in ("name", "alias", "number"):
        assert "frivilligt" not in re.search(rf'<label for="id_{name}">.*?</label>', page, re.S)[0]
    assert "frivilligt" in re.search(r'<label for="id_birth_date">.*?</label>', page, re.S)[0]


def test_the_name_in_the_list_is_a_link(world):
    case = world.case
    page = text_of(Visit(world.anna).get("cases:list"))
    assert f'<a href="{case.get_absolute_url()}">Maria Karlsson</a>' in page
