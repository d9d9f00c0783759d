"""More than three hundred planted secrets, looked for in every place they could run out to. ``make canaries`` is the
whole of it; this is a share."""

import pytest

from tests.canaries.fields import rooms_without_a_wall, text_fields
from tests.canaries.places import IN_ORDER
from tests.canaries.searching import search_for
from tests.canaries.sink import search
from tests.canaries.stage import stage  # noqa: F401
from tests.oracle import WALLED


@pytest.mark.parametrize("name", IN_ORDER)
def test_nothing_runs_out(stage, name):  # noqa: F811
    result = search(stage, name)
    assert result.leaks == {}
    assert result.looked and result.controls


@pytest.mark.parametrize("who, whom", [("leo", "foreign"), ("leo", "protected"), ("maud", "protected")])
def test_a_search_tells_of_nobody(stage, who, whom):  # noqa: F811
    """By name, part of it, what she is called, number and telephone: the same bytes, statements and trace as for words
    that nobody has."""
    told = search_for(stage, getattr(stage.world, who), getattr(stage, whom))
    assert told.different == []
    assert told.searches and told.found_by_her_own


# Empty in that world, and a constraint says that they are until somebody has answered. Their pages: test_log_question.
UNANSWERED = {"teams.LogQuestion.answer", "teams.LogReport.done"}


def test_every_column_with_words_holds_a_planted_one(stage):  # noqa: F811
    """A new column that nobody thought of is here before it is anywhere else."""
    assert len(stage.register) >= 300
    columns = {name for label, model in WALLED.items() for name, _field in text_fields(label, model)}
    assert columns - stage.columns.keys() == UNANSWERED == stage.refused.keys()
    assert rooms_without_a_wall() == {"reporting.Publication", "reporting.PublishedCell"}
