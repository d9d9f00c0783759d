"""The list, the search that is forced before adding, and the opening of a case."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from cases.models import Case, Individual, PersonIdentifier
from exitprogram.tenancy.acting import acting
from tests.furniture import NUMBERS
from tests.visits import Visit, sees, text_of
from tests.world import World

NUMBER = NUMBERS["Bollnäs"]
CASE = {"programme": "adult", "contact_way": "self", "target_group": "prostitution"}
PERSON = {"name": "Maria Karlsson", "protection": "none", "language": "svenska", **CASE}


def searched(visit, query="Maria Karlsson"):
    """The id of the logged search, as the form carries it on."""
    return visit.search(query).context["search"]


def count(by, model):
    with acting(by):
        return model.objects.count()


def test_search_is_forced_then_one_press_opens_person_and_case(world):
    anna = Visit(world.anna)
    found = anna.search("Maria Karlsson")
    assert sees(found, "Ingen träff hos er.", "Lägg till ny person")
    form = anna.get("cases:person_add", found.context["search"])
    assert sees(form, 'value="Maria Karlsson"')
    hostile = {"authority": world.soderhamn, "worker": world.leo, "created_by": world.leo, "role": "administrator"}
    hostile |= {"id": uuid.UUID(int=1), "closed_on": "2026-01-01", "case_number": "1"}
    response = anna.post("cases:person_add", found.context["search"], number=NUMBER, **PERSON, **hostile)
    with acting(world.anna):
        case = Case.objects.select_related("individual").get()
        number = PersonIdentifier.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.authority_id, case.worker_id, case.created_by_id) == (world.bollnas.pk, world.anna.pk, world.anna.pk)
    assert (case.closed_on, case.individual.name, number.value) == (None, "Maria Karlsson", NUMBER)
    assert case.pk != uuid.UUID(int=1)
    assert anna.logged() == ["session.opened", "person.searched", "person.added", "access.granted", "case.opened"]
    assert not sees(found, "exitprogram för"), "nothing delicate in what a search shows"


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"number": "196610232843"}, "Numret stämmer inte."),
        ({"number": "19661023-28"}, "Numret stämmer inte."),
        ({"number": "abc"}, "Numret stämmer inte."),
        ({"birth_date": "2999-01-01"}, "Födelsedagen ligger i framtiden."),
        ({"birth_date": "i förrgår"}, "Skriv datumet som år-månad-dag"),
        ({"birth_date": "2015-05-05"}, "Personen är under 18 år ("),
        ({"programme": "child", "birth_date": "1990-01-01", "target_group": "images"}, "Personen har fyllt 18 år ("),
        ({"target_group": "images"}, "Det valet hör till det andra programmet."),
        ({"target_group": "similar"}, "Beskriv omständigheterna kort."),
        ({"name": "", "alias": ""}, "Skriv namn, vad personen kallas eller ett nummer."),
        ({"name": "M" * 121}, "120 tecken"),
        ({"protection": "none' OR 1=1"}, "Välj ett giltigt alternativ"),
        ({"search": uuid.UUID(int=7)}, "Sök först"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(world, fault, sentence):
    anna = Visit(world.anna)
    asked = {**PERSON, "search": searched(anna), "alias": "Mia med i", **fault}
    response = anna.post("cases:person_add", asked.pop("search"), **asked)
    assert response.status_code == 200
    page = text_of(response)
    assert sentence in page
    for name in ("name", "alias", "number"):
        assert not fault.get(name, asked.get(name)) or f'value="{asked[name]}"' in page
    assert count(world.anna, Individual) == count(world.anna, Case) == 0


def test_somebody_elses_search_does_not_count(world):
    anna = Visit(world.anna)
    for other in (world.leo, world.cilla):
        response = anna.post("cases:person_add", searched(Visit(other)), **PERSON)
        assert sees(response, "Sök först")


def test_a_number_that_is_here_is_not_added_again(world):
    world.open_case(individual=world.person(number=NUMBER))
    leo = Visit(world.leo)
    search = searched(leo, "Annat Namn")
    response = leo.post("cases:person_add", search, number=NUMBER, **PERSON)
    assert sees(response, "Numret finns redan hos er.")
    cilla = Visit(world.cilla)
    response = cilla.post("cases:person_add", searched(cilla), number=NUMBER, **PERSON)
    assert response.status_code == 302, "another board's register says nothing"


def test_what_a_search_tells(world):
    case = world.open_case(individual=world.person(number=NUMBER))
    for query in ("Maria Karlsson", "karls", NUMBER, "19661023-2842", case.number):
        assert Visit(world.anna).search(query).url == case.get_absolute_url()
        assert sees(Visit(world.leo).search(query), "Inte öppet för dig. Fråga Anna Berg.")
        assert sees(Visit(world.cilla).search(query), "Ingen träff hos er.")
    assert sees(Visit(world.anna).search("Ma"), "Skriv minst tre bokstäver", "notice")
    wrong = Visit(world.anna).search("196610232843")
    assert sees(wrong, "Numret stämmer inte.")
    assert not sees(wrong, "Lägg till ny person")


@pytest.mark.parametrize("query", ["Stina Skyddad", "skydd", NUMBER])
def test_a_protected_person_is_as_if_not_there(world, query):
    case = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark", number=NUMBER))
    nonsense = {"Stina Skyddad": "Ylva Finnsinte", "skydd": "ylvaf", NUMBER: NUMBERS["Söderhamn"]}[query]
    for who in (world.leo, world.maud, world.cilla):
        visit = Visit(who)
        assert _blank(visit.search(query), query) == _blank(visit.search(nonsense), nonsense)
        assert sees(visit.search(case.number), "Ingen träff hos er.")
    assert Visit(world.anna).search(query).url == case.get_absolute_url()


def _blank(response, query):
    """The page without what is new on every page."""
    page = text_of(response).replace(query, "").replace(str(response.context["search"]), "")
    return [line for line in page.splitlines() if "csrf" not in line.lower() and "form_key" not in line]


def test_the_list_has_mine_and_seals_the_protected(world):
    mine = world.case
    sealed = world.open_case(individual=world.person(name="Stina Skyddad", local_threat=True))
    page = Visit(world.anna).get("cases:list")
    assert sees(page, mine.number, sealed.number, "Maria Karlsson", "Skyddade uppgifter")
    assert not sees(page, "Stina")
    for who in (world.leo, world.maud, world.cilla):
        assert sees(Visit(who).get("cases:list"), "Inga ärenden är öppna för dig än.")
    for word in ("prostitution", "Exitprogram för vuxna", "personen själv"):
        assert not sees(page, word), "no delicate column in a list (SoLPUL 7 a §)"


def test_a_case_for_somebody_already_here(world):
    person, anna = world.person(), Visit(world.anna)
    assert sees(anna.get("cases:case_open", person), "För Maria K.")
    assert sees(anna.post("cases:case_open", person, **{**CASE, "target_group": ""}), "Något behöver rättas")
    response = anna.post("cases:case_open", person, worker=world.leo, authority=world.soderhamn, **CASE)
    with acting(world.anna):
        case = Case.objects.get()
    assert (response.url, case.worker_id) == (case.get_absolute_url(), world.anna.pk)
    assert anna.logged()[-1] == "case.opened"
    assert sees(anna.post("cases:case_open", person, **CASE), "Personen har redan ett öppet ärende i programmet.")
    for who in (world.leo, world.maud, world.cilla):
        assert Visit(who).post("cases:case_open", person, **CASE).status_code == 404
    assert count(world.anna, Case) == 1


def test_a_double_press_is_one_press(world):
    anna = Visit(world.anna)
    search, key = searched(anna), uuid.uuid4()
    first, second = (anna.post("cases:person_add", search, form_key=key, **PERSON, number=NUMBER) for _ in range(2))
    assert first.url == second.url
    assert count(world.anna, Individual) == count(world.anna, Case) == 1
    assert anna.logged().count("case.opened") == 1
    other = Visit(world.leo).post("cases:person_add", search, form_key=key, **PERSON)
    assert other.url == "/", "somebody else's key says nothing about where it went"


def test_a_form_with_faults_can_be_sent_again_with_its_key(world):
    anna = Visit(world.anna)
    search, sent = searched(anna), {"form_key": uuid.uuid4(), **PERSON}
    assert sees(anna.post("cases:person_add", search, **sent, number="1"), "Numret stämmer inte.")
    assert anna.post("cases:person_add", search, **sent, number=NUMBER).status_code == 302
    assert count(world.anna, Case) == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_time_are_one():
    world = World()
    visits = [Visit(world.anna), Visit(world.anna)]
    visits[0].get("cases:list"), visits[1].get("cases:list")
    search, sent = searched(visits[0]), {"form_key": uuid.uuid4(), **PERSON}
    together = threading.Barrier(2)

    def press(visit):
        try:
            together.wait(10)
            return visit.post("cases:person_add", search, **sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, visits))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url != reverse("tenancy:start")
    assert count(world.anna, Individual) == count(world.anna, Case) == 1
