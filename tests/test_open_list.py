"""*Personer* by hand says what the ORM says: who is in it, how they are called, where the next piece begins."""

import uuid

import pytest

from cases.models import Individual
from cases.open_list import cases_after, open_to, rows_of
from exitprogram.tenancy.acting import NoActing, acting
from tests.test_operations import world  # noqa: F401  the furnished one

WHO = ("anna", "leo", "maud", "sara", "cilla", "mika")


def told(case):
    """As the list tells it: a protected person's row has no name."""
    person, root = case.individual, case.individual.root
    guarded = person.is_protected or root.is_protected
    return case.pk, case.number, case.opened_on, case.worker.user.name, guarded, "" if guarded else root.shown_name


def by_hand(line):
    assert not (line.guarded and (line.name or line.alias)), "a protected person's name is not even read"
    return line.pk, line.number, line.opened_on, line.worker, line.guarded, "" if line.guarded else line.shown_name


@pytest.mark.parametrize("name", WHO)
def test_it_says_what_the_orm_says(world, name):  # noqa: F811
    by = getattr(world, name)
    with acting(by):
        orm = [told(case) for case in rows_of(by).select_related("individual", "worker__user")]
        assert [by_hand(line) for line in open_to(by, 1000)] == orm


def test_there_is_something_to_say(world):  # noqa: F811
    """Among them merged people and protected ones, or the comparison above says little."""
    with acting(world.anna):
        lines = open_to(world.anna, 1000)
        people = Individual.objects.in_bulk([case.individual_id for case in rows_of(world.anna)])
        assert len(lines) > 2 and any(line.guarded for line in lines) and any(not line.guarded for line in lines)
        assert any(person.root != person for person in people.values())


def test_a_piece_begins_where_the_last_one_ended(world):  # noqa: F811
    with acting(world.anna):
        every = open_to(world.anna, 1000)
        pieces = open_to(world.anna, 1)
        assert pieces[0].of == len(every)
        while len(pieces) < len(every):
            [line] = cases_after(world.anna, pieces[-1].pk, 1)
            assert line.of == len(every) - len(pieces)
            pieces.append(line)
        assert [line.pk for line in pieces] == [line.pk for line in every]
        assert cases_after(world.anna, pieces[-1].pk, 1) == []


def test_a_case_that_is_not_hers_begins_nothing(world):  # noqa: F811
    with acting(world.anna):
        hers = {line.pk for line in open_to(world.anna, 1000)}
    assert world.case.pk in hers
    with acting(world.mika):
        assert not open_to(world.mika, 1000)
        assert cases_after(world.mika, world.case.pk, 10) == []
    with acting(world.anna):
        assert cases_after(world.anna, uuid.uuid4(), 10) == []


def test_nobody_is_nobody(world):  # noqa: F811
    with pytest.raises(NoActing):
        open_to(world.anna, 10)
