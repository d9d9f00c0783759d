"""Figures that nobody undoes: what is shown, what is hidden, and somebody who tries."""

import random

import pytest

from reporting.disclosure.cells import PROTECTED
from reporting.disclosure.hiding import Proof, Rounding, Showing, protect
from tests import attack

POPULATIONS = 50


@pytest.mark.parametrize("part", range(10))
def test_nobody_undoes_the_figures(part):
    for number in range(part * POPULATIONS // 10, (part + 1) * POPULATIONS // 10):
        attacked, found = attack.attack_once(number)
        assert attacked > 20
        assert found == []


def test_the_attacker_undoes_what_is_only_hidden_when_small(monkeypatch):
    """Without the proof she recovers cells, so the test above can fail."""
    monkeypatch.setattr(Showing, "protect", lambda showing: showing.shown)
    assert sum(len(attack.attack_once(number)[1]) for number in range(12)) > 0


def test_the_attacker_undoes_what_is_not_rounded(monkeypatch):
    monkeypatch.setattr(Rounding, "__call__", lambda rounding, cell, count: count)
    monkeypatch.setattr(Showing, "protect", lambda showing: showing.shown)
    monkeypatch.setattr(attack, "GIVES", (0, 0))
    assert sum(len(attack.attack_once(number)[1]) for number in range(12)) > 0


def _county(seed, boards=("a", "b", "c")):
    rng = random.Random(seed)  # noqa: S311  people, not secrets
    layout = attack.some_layout(rng)
    return layout, list(boards), attack.People(rng, layout, list(boards))


@pytest.mark.parametrize("seed", range(6))
def test_one_person_more_changes_nothing_or_a_step(seed):
    layout, boards, people = _county(seed)
    before = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"))
    later = people.counts([*people.rows, people.somebody("a")])
    showing = Showing(layout, boards, layout.complete(later, boards), rounding=Rounding(b"k", "n"))
    for cell, value in showing.shown.items():
        assert value % 5 == 0
        assert value - before.get(cell, value) in (0, 5)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("more", [1, 5])
def test_a_new_version_shows_nothing_of_a_few(seed, more):
    layout, boards, people = _county(seed)
    whole = layout.complete(people.counts(), boards)
    shown = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"))
    before = {cell: shown.get(cell) for cell in whole}
    later = people.counts([*people.rows, *(people.somebody("a") for _ in range(more))])
    again = protect(layout, boards, later, rounding=Rounding(b"k", "n"), before=before)
    assert set(again) <= set(shown)  # never shown when it was hidden
    assert {cell: value for cell, value in again.items() if value != shown[cell]} == {}


def test_what_is_shown_is_rounded_and_what_is_small_is_not_shown():
    layout, boards, people = _county(3)
    whole = layout.complete(people.counts(), boards)
    shown = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"), smallest={"a": 10})
    assert shown
    assert all(value % 5 == 0 and abs(value - whole[cell]) < 5 for cell, value in shown.items())
    assert all(whole[cell] >= (10 if cell.place == "a" else 5) for cell in shown)
    assert not any(cell.place == PROTECTED or cell.group.startswith("~") for cell in shown)


def test_fewer_than_three_boards_are_never_added_up():
    layout, boards, people = _county(3, boards=("a", "b"))
    shown = protect(layout, boards, people.counts(), rounding=Rounding(b"k", "n"))
    assert {cell.place for cell in shown} <= {"a", "b"}


def test_the_proof_finds_a_cell_that_can_be_worked_out():
    layout, boards, people = _county(1)
    showing = Showing(layout, boards, layout.complete(people.counts(), boards), rounding=lambda cell, count: count)
    showing._known = lambda cell: (showing.shown[cell], showing.shown[cell])
    assert Proof(showing).unproven()
