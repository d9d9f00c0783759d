"""What can be decided is data: law by day, and what an official never decides."""

from datetime import date, timedelta
from itertools import combinations

import pytest

from cases.models import Case
from exitprogram.law.rules import NoRule
from teams.matters import AMOUNT, COURT, DAYS, LEGALITY, NONE, PERIOD, all_matters, committee_only, delegable, matter
from teams.models import DELEGABLE, DecisionKind

NEW_LAW = date(2025, 7, 1)
ASKED_FOR = {
    "protected_housing", "financial_assistance", "transition_income", "residential_care", "supported_housing",
    "contact_person", "open_care", "investigation_open", "investigation_close", "investigation_extend", "interpreter",
    "travel",
}  # fmt: skip


@pytest.mark.parametrize("one", all_matters().values(), ids=lambda one: one.key)
def test_every_record_is_whole(one):
    assert one.label and one.law and set(one.programmes) <= set(Case.Programme) and one.programmes
    assert one.appeal in (COURT, LEGALITY, NONE)
    assert set(one.asks) <= {AMOUNT, DAYS, PERIOD}
    assert len(one.key) <= 30
    for first, second in combinations(one.law, 2):
        assert not (first.in_force(second.valid_from) or second.in_force(first.valid_from)), "two on one day"
    assert one.law_on(date(2026, 11, 22))


def test_officials_and_the_committee():
    assert {one.key for one in delegable()} >= ASKED_FOR
    assert {one.key for one in committee_only()} >= {"immediate_custody", "measure_one_guardian", "child_shelter"}
    assert not set(delegable()) & set(committee_only())
    assert "30 kap." in matter("immediate_custody").refusal
    assert [kind.value for kind in DELEGABLE] == [one.key for one in delegable()]
    assert DecisionKind("immediate_custody").label == matter("immediate_custody").label


def test_the_law_is_that_of_the_day():
    housing = matter("protected_housing")
    assert "2001:453" in housing.law_on(NEW_LAW - timedelta(days=1))
    assert "2025:400" in housing.law_on(NEW_LAW)
    with pytest.raises(NoRule):
        housing.law_on(date(1999, 1, 1))
