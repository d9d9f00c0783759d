"""What is prepared once says what the ORM says also where there is more of everything: merges, threats, protected
people, children, steps that were urgent."""

import inspect

import pytest

from cases.models import Case
from exitprogram.tenancy.acting import acting
from plans.models import PlanVersion
from tests.test_operations import world  # noqa: F401  the furnished one
from tests.test_statements import ASKED_THERE, PREPARED, both_ways

WHO = ("anna", "leo", "maud", "sara", "berit", "mika")
# Still without a row: their own tests have one.
WITHOUT = {"known", "handed", "stuck", "declined", "left", "_proposed", "to_decide", "grounds"}


@pytest.fixture(scope="module")
def places(world):  # noqa: F811
    """The ids that a statement may ask about, of each case that somebody has."""
    found = {"most": {3}, "case": set(), "person_id": set(), "version": set(), "plan": set()}
    for name in WHO:
        by = getattr(world, name, world.anna)
        with acting(by):
            for case in Case.objects.visible_to(by):
                found["case"].add(case.pk)
                found["person_id"].add(case.individual_id)
            for version in PlanVersion.objects.visible_to(by):
                found["version"].add(version.pk)
                found["plan"].add(version.plan_id)
    return found


@pytest.mark.parametrize("function", [f for f in PREPARED if f.__name__ in ASKED_THERE], ids=lambda f: f.__name__)
def test_it_says_what_the_orm_says(world, places, function):  # noqa: F811
    wanted, rows = list(inspect.signature(function.build).parameters)[1:], 0
    assert len(wanted) < 2
    for given in [(one,) for one in sorted(places.get(wanted[0], places["case"]))] if wanted else [()]:
        for name in WHO:
            by = getattr(world, name, world.anna)
            with acting(by):
                looked, asked, orm = both_ways(function, by, *given)
            assert looked == asked == orm, (name, given)
            rows += len(orm)
    assert rows or function.__name__ in WITHOUT
