"""What follows of a decision, called by somebody who may not: each asks for itself, and does not rest on its caller."""

import pytest

from children.operations.investigation import extend_investigation, open_investigation
from children.operations.placement import investigation_closed
from children.operations.reports import answer_reports, extend_opening
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.acting import acting
from tests.test_guards_doors import PARTS
from tests.world import today

OF_A_DECISION = (open_investigation, extend_investigation, answer_reports, extend_opening)
CALLS = [(part, {"decision": None}) for part in OF_A_DECISION]
CALLS.append((investigation_closed, {"closed_on": today()}))


@pytest.mark.parametrize("who", ["leo", "adam", "cilla"])
@pytest.mark.parametrize(("part", "given"), CALLS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_part_asks_for_itself(standing, db, part, given, who):
    by = getattr(standing, who)
    assert f"{part.__module__}.{part.__name__}" in PARTS
    with acting(by), pytest.raises(NotAllowed):
        part(by=by, case=standing.case, **given)
