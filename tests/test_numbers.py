"""Numbers of a person: several over time, of four kinds, never one in place of another."""

import pytest
from django.db import IntegrityError, connection, transaction

from cases import operations as cases
from cases.models import Individual, PersonIdentifier
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from tests.spellings import OFFICIAL
from tests.visits import Visit, sees
from tests.world import today

GIVEN = {"number_kind": "swedish", "region": "", "country": "", "source": "own", "valid_from": today()}


def numbers(world, case=None):
    with acting(world.anna):
        return list(PersonIdentifier.objects.filter(individual_id=(case or world.case).individual_id))


def add(world, number, case=None, **more):
    with acting(world.anna):
        return cases.add_number(by=world.anna, case=case or world.case, number=number, **more)


@pytest.mark.parametrize(
    "given, kind, shown",
    [
        ({"number": "661023-2842"}, "personal", "19661023-2842"),
        ({"number": "19600581-2380"}, "coordination", "19600581-2380"),
        ({"number": "99 1985 001234", "number_kind": "reserve", "region": "01"}, "reserve", "99 1985 001234"),
        ({"number": "CNP 2850828", "number_kind": "foreign", "country": "RO"}, "foreign", "CNP 2850828"),
    ],
)
def test_each_kind_is_added_beside_the_others(world, given, kind, shown):
    add(world, OFFICIAL[1])
    anna = Visit(world.anna)
    answer = anna.post("cases:number_add", world.case, **GIVEN | given)
    assert answer.status_code == 302
    assert [row.kind for row in numbers(world)] == ["personal", kind]
    assert sees(anna.get("cases:person_edit", world.case), "19920225-2392", shown, "enligt personen själv")
    assert anna.logged()[-2] == "person.number_added"


@pytest.mark.parametrize(
    "given, why",
    [
        ({"number": "19661023-2843"}, "Numret stämmer inte."),
        ({"number": ""}, "måste fyllas i"),
        ({"number": "AB123456", "number_kind": "foreign"}, "Välj vilket land numret kommer från."),
        ({"number": "A1", "number_kind": "reserve"}, "Skriv hela numret."),
        ({"number": "AB123456", "number_kind": "reserve", "region": "99"}, "Välj ett giltigt alternativ"),
        ({"number": "661023-2842", "source": ""}, "måste fyllas i"),
        ({"number": "661023-2842", "valid_from": "2999-01-01"}, "en dag som inte har varit"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_nothing_typed_is_lost(world, given, why):
    page = Visit(world.anna).post("cases:number_add", world.case, **GIVEN | given)
    assert page.status_code == 200
    assert why in page.content.decode()
    assert not given["number"] or sees(page, f'value="{given["number"]}"')
    assert numbers(world) == []


def test_it_ends_and_is_still_found_by_it(world):
    row = add(world, OFFICIAL[3])
    anna = Visit(world.anna)
    assert sees(anna.get("cases:number_end", world.case, row), "gäller inte längre")
    assert sees(anna.post("cases:number_end", world.case, row, valid_to="2000-01-01"), "Sista dagen ligger mellan")
    assert anna.post("cases:number_end", world.case, row, valid_to=today()).status_code == 302
    add(world, OFFICIAL[0])
    assert [bool(row.valid_to) for row in sorted(numbers(world), key=lambda row: row.kind)] == [True, False]
    assert sees(anna.get("cases:person_edit", world.case), "Har gällt", "Gäller")
    for number in (OFFICIAL[0], OFFICIAL[3]):
        assert anna.search(number).url == world.case.get_absolute_url()
    with acting(world.anna), pytest.raises(Refused, match="redan avslutat"):
        cases.end_number(by=world.anna, case=world.case, number=row, valid_to=today())


def test_a_number_is_never_written_over(world):
    row = add(world, OFFICIAL[3])
    for column, value in (("kind", "foreign"), ("country", "RO"), ("valid_from", "2001-01-01"), ("region_id", "21")):
        with acting(world.anna), pytest.raises(IntegrityError), transaction.atomic():
            PersonIdentifier.objects.filter(pk=row.pk).update(**{column: value})


@pytest.mark.parametrize(
    "first, second",
    [
        ({"kind": "reserve", "region_id": "01"}, {"kind": "reserve", "region_id": "01"}),
        ({"kind": "reserve", "region_id": "01"}, {"kind": "reserve"}),
        ({"kind": "reserve"}, {"kind": "reserve", "region_id": "21"}),
        ({"kind": "foreign", "country": "RO"}, {"kind": "foreign", "country": "RO"}),
    ],
)
def test_the_same_number_is_noticed_in_any_spelling(world, first, second):
    add(world, "ab 12-3456", **first)
    other = world.open_case(individual=world.person(name="Någon Annan"))
    with pytest.raises(Refused, match="finns redan hos en annan person"):
        add(world, "AB123456", other, **second)
    with pytest.raises(Refused, match="har redan det numret"):
        add(world, "AB123456", **second)


def test_two_domains_are_two_numbers(world):
    add(world, "AB123456", kind="reserve", region_id="01")
    other = world.open_case(individual=world.person(name="Någon Annan"))
    for more in ({"kind": "reserve", "region_id": "21"}, {"kind": "foreign", "country": "RO"},
                 {"kind": "foreign", "country": "BG"}):  # fmt: skip
        add(world, "AB123456", other, **more)
    assert len(numbers(world, other)) == 3


def test_another_boards_numbers_and_protected_peoples_are_as_not_there(world):
    theirs = world.open_case(world.cilla, world.person(world.cilla, "Elsa Annanstans"))
    with acting(world.cilla):
        cases.add_number(by=world.cilla, case=theirs, number="AB123456", kind="reserve")
    hers = world.open_case(world.leo, world.person(world.leo, "Stina Skyddad", protection="secrecy_mark"))
    with acting(world.leo):
        cases.add_number(by=world.leo, case=hers, number="AB123456", kind="reserve")
    assert add(world, "AB123456", kind="reserve").pk


def test_nothing_is_read_out_of_a_reserve_number(world):
    person = world.person(name="Någon Annan", number="19661023-2842", number_kind="reserve", region_id="01")
    assert person.birth_date is None
    assert world.person(name="Tredje", number=OFFICIAL[0]).birth_date.isoformat() == "1966-10-23"


def test_a_new_person_may_have_only_a_foreign_number(world):
    anna = Visit(world.anna)
    search = anna.search("Namnlös Ny").context["search"]
    sent = {"programme": "adult", "contact_way": "self", "target_group": "prostitution", "protection": "none",
            "language": "rumänska", "number": "CNP 2850828", "number_kind": "foreign"}  # fmt: skip
    page = anna.post("cases:person_add", search, **sent)
    assert sees(page, "Välj vilket land numret kommer från.", "<details", " open>")
    assert anna.post("cases:person_add", search, **sent, country="RO").status_code == 302
    with acting(world.anna):
        row = PersonIdentifier.objects.select_related("individual").get()
        assert (row.country, row.value, row.individual.shown_name) == ("RO", "CNP 2850828", "Namnlös")


def test_it_lies_sealed_and_only_the_fingerprint_tells(world):
    row = add(world, "CNP 2850828", kind="foreign", country="RO")
    with acting(world.anna), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cases_personidentifier t WHERE id = %s", [row.pk])
        assert "2850828" not in cursor.fetchone()[0]


@pytest.mark.parametrize("who", ["leo", "cilla", "sara"])
def test_nobody_else_adds_or_ends(world, who):
    row = add(world, OFFICIAL[0])
    by = getattr(world, who)
    with acting(by), pytest.raises((Refused, PersonIdentifier.DoesNotExist, Individual.DoesNotExist)):
        cases.add_number(by=by, case=world.case, number=OFFICIAL[1])
    with acting(by), pytest.raises((Refused, PersonIdentifier.DoesNotExist)):
        cases.end_number(by=by, case=world.case, number=row, valid_to=today())
    other = world.open_case(individual=world.person(name="Någon Annan"))
    assert Visit(world.anna).get("cases:number_end", other, row).status_code == 404
