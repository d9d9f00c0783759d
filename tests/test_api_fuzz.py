"""Calls made up from the API's own description, and by hand: no fault, and nothing but what the description says."""

import pytest
from schemathesis import GenerationMode

from tests.fuzz import knocking as fuzz

EXAMPLES, BY_HAND, SEED = 5, 200, 20261122


@pytest.fixture
def knocking(standing, db):
    with fuzz.unhurried():
        yield fuzz.knocking(standing, SEED)


@pytest.mark.parametrize(("path", "method"), fuzz.OPERATIONS, ids=lambda given: str(given))
def test_no_fault(knocking, path, method):
    """With made-up ids, and with ids that exist, so that what is behind them is reached too; right and wrong values."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        knocking.from_schema(path, method, mode, EXAMPLES)
    assert knocking.calls and knocking.faults == []


def test_no_fault_by_hand(knocking):
    knocking.by_hand(BY_HAND)
    assert (knocking.calls, knocking.faults) == (BY_HAND, [])


def test_a_fault_would_be_seen(knocking, monkeypatch):
    monkeypatch.setattr("plans.api.views.with_step", None)
    knocking.from_schema("/api/cases/", "get", GenerationMode.POSITIVE, 2)
    knocking.by_hand(60)
    assert knocking.faults
