"""Somebody who wants to undo the figures. She has every table, version and period ever shown, knows the method,
knows how everything adds up, and solves for the least and the most that each cell can have been.

She is given more than anybody has: which cells are hidden for being small and which only to guard others; and, between
two versions, that people have only been added. Built apart from ``reporting.disclosure``: it shares nothing but the
names of the cells. ``python -m tests.attack`` (``make attack``) is the long run.
"""

import argparse
import random
import time

import highspy
import numpy as np

from reporting.disclosure.cells import COUNTY, PROTECTED, TOTAL, Cell, Layout
from reporting.disclosure.hiding import Rounding, protect

MOST = 10_000
GIVES = (4, 9)  # how far from what is shown the truth may lie, in a first version and in a later one
INNER = ("found", "seen", "agreed", "planned", "looked")


class Attacker:
    def __init__(self, layout, boards):
        self.layout, self.boards = layout, boards
        self.model = highspy.Highs()
        self.model.setOptionValue("output_flag", False)
        self.number, self.least, self.most = {}, None, None

    def told(self, when, shown, truth, *, smallest, new_version=False):
        """All that was shown at one time. ``truth`` only says which of the hidden cells are small ones."""
        for cell, count in truth.items():
            if cell in shown:
                give = GIVES[new_version]
                least = 0 if new_version else smallest.get(cell.place, 5)
                bounds = max(least, shown[cell] - give), shown[cell] + give
            else:
                bounds = (0, smallest.get(cell.place, 5) - 1) if count < smallest.get(cell.place, 5) else (0, MOST)
            self._cell(when, cell, *bounds)
        for place in (*self.boards, PROTECTED, COUNTY):
            for group, splits in self.layout.groups.items():
                for split in splits:
                    self._sum(when, Cell(group, TOTAL, place), [Cell(group, name, place) for name in split])
                for name in {TOTAL, *(one for split in splits for one in split)} if place == COUNTY else ():
                    parts = [Cell(group, name, board) for board in (*self.boards, PROTECTED)]
                    self._sum(when, Cell(group, name, COUNTY), parts)
            for number, (larger, smaller) in enumerate(self.layout.within):
                beside = Cell(f"~rest{number}", TOTAL, place)
                self._sum(when, Cell(*larger, place), [*(Cell(*one, place) for one in smaller), beside])

    def only_added(self, before, after, cells):
        for cell in cells:
            self._row(0, highspy.kHighsInf, [(after, cell, 1), (before, cell, -1)])

    def _cell(self, when, cell, low, high):
        self.number[when, cell] = self.model.getNumCol()
        self.model.addVar(low, high)

    def _sum(self, when, whole, parts):
        self._row(0, 0, [(when, whole, 1), *((when, part, -1) for part in parts)])

    def _row(self, low, high, terms):
        columns = [self.number[when, cell] for when, cell, _value in terms]
        self.model.addRow(low, high, len(columns), columns, [float(value) for *_which, value in terms])

    def range_of(self, when, cell, room):
        """The least and the most that the cell can have been, or enough of it: every population that she has found on
        her way counts for every cell."""
        column = self.number[when, cell]
        for cost in (1.0, -1.0):
            if self.least is not None and self.least[column] < 0.001 and self.most[column] > room - 1.001:
                break
            self.model.changeColCost(column, cost)
            self.model.run()
            if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise AssertionError("what was shown fits no population at all")
            found = np.array(self.model.getSolution().col_value)
            self.least = found if self.least is None else np.minimum(self.least, found)
            self.most = found if self.most is None else np.maximum(self.most, found)
        self.model.changeColCost(column, 0.0)
        return self.least[column], self.most[column]

    def recovered(self, when, shown, truth, *, smallest):
        """Small cells of which she knows more than that they are small, and hidden ones that she knows too well."""
        for cell, count in truth.items():
            if cell in shown:
                continue
            room = smallest.get(cell.place, 5)
            least, most = self.range_of(when, cell, room)
            if (count < room and (least > 0.001 or most < room - 1.001)) or most - least < room - 1.001:
                yield cell, count, least, most


# Random populations


def some_layout(rng):
    needs = [
        tuple(f"{area}:{how}" for how in ("no", "got", "partly", "missing")) for area in "abc"[: rng.randint(1, 3)]
    ]
    groups = {"reached": [INNER], "led": [("a", "b", "c")], "had": [("kept", "left")], "needs": needs}
    return Layout(groups=groups, within=((("led", TOTAL), (("reached", "planned"), ("reached", "looked"))),))


class People:
    """People of one programme in one county, each at a board or protected; they can be added to."""

    def __init__(self, rng, layout, boards):
        self.rng, self.layout = rng, layout
        self.size = {place: rng.choice((1, 3, 6, 12, 40)) for place in boards} | {PROTECTED: rng.choice((0, 1, 3))}
        self.rows = [row for place, most in self.size.items() for _ in range(rng.randint(0, most))
                     for row in [self.somebody(place)]]  # fmt: skip

    def somebody(self, place):
        rng, cells = self.rng, []
        step = rng.choice(INNER)
        cells += [("reached", step), ("reached", TOTAL)]
        if step in ("planned", "looked") or rng.random() < 0.3:
            cells += [("led", rng.choice("abc")), ("led", TOTAL)]
        if rng.random() < 0.7:
            cells += [("had", rng.choice(("kept", "kept", "left"))), ("had", TOTAL)]
        if rng.random() < 0.6:
            cells += [("needs", TOTAL), *(("needs", rng.choice(split)) for split in self.layout.groups["needs"])]
        return place, cells

    def counts(self, rows=None):
        found = {}
        for place, cells in self.rows if rows is None else rows:
            for group, name in cells:
                for where in (place, COUNTY):
                    cell = Cell(group, name, where)
                    found[cell] = found.get(cell, 0) + 1
        return found


def attack_once(seed):
    """(cells attacked, what she recovered) of one random county: two periods, the first in two versions."""
    rng = random.Random(seed)  # noqa: S311  populations, not secrets
    layout = some_layout(rng)
    boards = [f"board{number}" for number in range(rng.randint(1, 6))]
    smallest = {board: rng.choice((5, 5, 5, 8, 10)) for board in boards}
    smallest[COUNTY] = max(smallest.values())
    key, people = rng.randbytes(32), People(rng, layout, boards)
    given = {"smallest": smallest}
    truth, shown = {}, {}
    truth["1"] = layout.complete(people.counts(), boards)
    shown["1"] = protect(layout, boards, people.counts(), rounding=Rounding(key, "1"), **given)
    later = people.rows + [people.somebody(rng.choice(list(people.size))) for _ in range(rng.choice((1, 2, 5, 30)))]
    before = {cell: shown["1"].get(cell) for cell in truth["1"]}
    truth["1b"] = layout.complete(people.counts(later), boards)
    shown["1b"] = protect(
        layout, boards, people.counts(later), rounding=Rounding(key, "1"), before=before, **given
    )  # fmt: skip
    following = People(rng, layout, boards).counts()  # others: each is counted in one period only
    truth["2"] = layout.complete(following, boards)
    shown["2"] = protect(layout, boards, following, rounding=Rounding(key, "2"), **given)
    return _attack(layout, boards, truth, shown, smallest)


def _attack(layout, boards, truth, shown, smallest):
    attacker = Attacker(layout, boards)
    for when in truth:
        attacker.told(when, shown[when], truth[when], smallest=smallest, new_version=when == "1b")
    attacker.only_added("1", "1b", truth["1"])
    attacked, found = 0, []
    for when in truth:
        attacked += len(truth[when]) - len(shown[when])
        found += ((when, *one) for one in attacker.recovered(when, shown[when], truth[when], smallest=smallest))
    return attacked, found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--populations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began, cells, found = time.monotonic(), 0, []
    for number in range(asked.populations):
        attacked, recovered = attack_once(asked.seed * 1_000_000 + number)
        cells, found = cells + attacked, found + [(number, *one) for one in recovered]
        if recovered:
            print(f"population {number}: {recovered[:3]}")
    took = time.monotonic() - began
    said = f"{asked.populations} populations, {cells} hidden cells, {len(found)} recovered, seed {asked.seed}"
    print(f"{said}, {took:.0f} s")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
