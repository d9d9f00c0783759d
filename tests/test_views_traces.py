"""A person who is shown by name leaves a trace with her case, also in a search and a list."""

import pytest

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees


def traces(by, action):
    """(case, object) of this person's events, as the log has them."""
    with acting(by):
        found = AuditEvent.objects.filter(membership_id=by.pk, action=action).exclude(request_id="")
        return sorted(found.values_list("case_id", "object_id"), key=str)


def two(world):
    return [world.case, world.open_case(individual=world.person(name="Maria Annan"))]


@pytest.mark.parametrize("who", ["anna", "leo"])
def test_a_search_leaves_a_trace_with_each_case_it_named(world, who):
    by, found = getattr(world, who), two(world)
    world.open_case(individual=world.person(name="Nils Utanför"))
    Visit(by).search("Maria")
    assert traces(by, "person.found") == sorted([(case.pk, case.pk) for case in found], key=str)
    assert len(traces(by, "person.searched")) == 1
    page = Visit(world.anna).get("plans:insight", world.case)
    assert sees(page, "namnet, i en sökning", by.user.name)


def test_a_search_that_named_nobody_leaves_only_itself(world):
    world.case  # noqa: B018  data that could show
    Visit(world.cilla).search("Maria")
    assert traces(world.cilla, "person.found") == []
    assert len(traces(world.cilla, "person.searched")) == 1


def test_somebody_without_a_case_is_traced_too(world):
    person = world.person(name="Maria Nyss")
    anna = Visit(world.anna)
    anna.search("Maria")
    assert traces(world.anna, "person.found") == [(None, person.pk)]
    assert anna.get("cases:case_open", person).status_code == 200
    assert traces(world.anna, "person.viewed") == [(None, person.pk)]


def test_the_list_leaves_a_trace_with_each_case(world):
    found = two(world)
    world.elsewhere  # noqa: B018
    anna = Visit(world.anna)
    anna.get("cases:list")
    assert traces(world.anna, "case.listed") == sorted([(case.pk, case.pk) for case in found], key=str)
    assert sees(anna.get("plans:insight", world.case), "namnet, i listan över ärenden")
    Visit(world.leo).get("cases:list")
    assert traces(world.leo, "case.listed") == []


@pytest.mark.parametrize("name", ["plans:my_day", "plans:meetings", "teams:decisions"])
def test_a_page_of_numbers_is_one_line(world, name):
    world.case  # noqa: B018
    anna = Visit(world.anna)
    page = anna.get(name)
    assert not sees(page, "Maria")
    assert traces(world.anna, "desk.viewed") == [(None, None)]


def test_the_unit_is_one_line(world):
    Visit(world.maud).get("teams:unit")
    assert traces(world.maud, "desk.viewed") == [(None, None)]
