"""Every list of cases' rows asks the database as much for one row as for twenty."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.callers import Caller
from tests.test_api_decisions import link
from tests.test_decisions import decided, scheme  # noqa: F401  the fixture
from tests.world import today

MANY = 20


def many_cases(world):
    for number in range(MANY):
        world.open_case(individual=world.person(name=f"Nummer {'abcdefghijklmnopqrstuvwxyz'[number]}sson"))


def many_measures(world):
    world.consent()
    world.coordinator()
    version = world.draft()
    with acting(world.anna):
        goal = version.goals.first()
        for number in range(MANY):
            plans.add_measure(
                by=world.anna, goal=goal, title=f"Insats {number}", principal_kind="social", principal=world.bollnas
            )  # fmt: skip
        plans.agree_version(by=world.anna, plan_version=version)


def many_clocks(world):
    with acting(world.anna):
        for _ in range(MANY):
            cases.start_clock(
                by=world.anna, case=world.case, kind="follow_up", rule_id="plan.follow_up", subject_id=uuid.uuid4(),
                owner=world.anna, due_on=today() + timedelta(days=9),
            )  # fmt: skip


def many_decisions(world):
    for _ in range(MANY):
        decided(world)
    link()


LISTS = {"cases/": many_cases, "measures/": many_measures, "clocks/": many_clocks, "decisions/": many_decisions}


@pytest.mark.parametrize("path", LISTS)
def test_as_many_questions_for_one_as_for_many(world, monkeypatch, path):
    LISTS[path](world)
    anna, found = Caller(world.anna), {}
    anna.get(path)  # the first call of a day leaves a trace of its own
    for size in (1, MANY):
        monkeypatch.setattr("exitprogram.tokens.paging.Pages.page_size", size)
        monkeypatch.setattr("teams.api.views.positions.__kwdefaults__", {"since": 0, "case": None, "most": size})
        with CaptureQueriesContext(connection) as asked:
            assert len(anna.get(path).json()["results"]) >= size
        found[size] = len(asked)
    assert found[1] == found[MANY]


def test_a_case_with_more_versions(world, monkeypatch):
    version = world.agreed
    with acting(world.anna):
        plans.new_version(by=world.anna, plan=version.plan)
    anna, found = Caller(world.anna), {}
    anna.get("cases/")
    for size in (1, 2):
        monkeypatch.setattr("exitprogram.tokens.paging.Pages.page_size", size)
        with CaptureQueriesContext(connection) as asked:
            assert len(anna.get(f"cases/{world.case.pk}/versions/").json()["results"]) == size
        found[size] = len(asked)
    assert found[1] == found[2]
