"""The long run: everybody at every door, two hundred people looked for in every way. Collected by
``python -m tests.canaries`` only; the sinks are those of tests/test_canaries.py."""

import pytest

from tests.canaries.places import IN_ORDER
from tests.canaries.searching import search_for
from tests.canaries.sink import search
from tests.canaries.stage import stage  # noqa: F401
from tests.test_canaries import test_every_column_with_words_holds_a_planted_one  # noqa: F401


def say(request, line):
    """Past pytest, which keeps what a test prints."""
    request.config.pluginmanager.get_plugin("terminalreporter").write_line(line)


@pytest.mark.parametrize("name", IN_ORDER)
def test_sink(stage, request, name):  # noqa: F811
    asked = request.config.canaries
    result = search(stage, name)
    asked.words, asked.sinks = len(stage.register), asked.sinks + 1
    asked.pieces, asked.controls = asked.pieces + result.looked, asked.controls + result.controls
    asked.leaks |= {f"{name}: {place}": found for place, found in result.leaks.items()}
    say(request, f"{name}: {result.looked} pieces, {result.controls} controls, found {len(result.leaks)}")
    assert result.looked and result.controls


@pytest.mark.parametrize("who, whom", [("leo", "foreign"), ("leo", "protected"), ("maud", "protected")])
def test_search(stage, request, who, whom):  # noqa: F811
    asked, people = request.config.canaries, getattr(stage, whom)
    told = search_for(stage, getattr(stage.world, who), people)
    asked.sinks, asked.pieces, asked.controls = asked.sinks + 1, asked.pieces + told.searches, asked.controls + 1
    asked.leaks |= {f"search as {who}: {kind} of {name}": what for kind, name, what in told.different}
    searches = f"{told.searches} searches, {len(told.different)} told something"
    say(request, f"as {who} for {len(people)} {whom}: {searches}, median difference {told.difference:+.1f} ms")
    assert told.found_by_her_own
