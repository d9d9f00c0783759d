"""From what was counted to what may be shown, with the proof."""

import hashlib
import hmac

from reporting.disclosure.cells import COUNTY, TOTAL
from reporting.disclosure.solver import CEILING, NEAR, Loosened, Populations, Unfit

STEP = 5
COMPARED = 3  # boards at least, before they are added up
SMALLEST = 5  # people; an authority may ask for more, never for fewer


class Rounding:
    """Up or down to the step by a secret of the cell's own: monotone, so that one person more never shows as fewer."""

    def __init__(self, key, name):
        self.key, self.name = key, name

    def __call__(self, cell, count):
        below, over = divmod(count, STEP)
        said = "|".join((self.name, *cell)).encode()
        drawn = int.from_bytes(hmac.new(self.key, said, hashlib.sha256).digest()[:4]) / 2**32 * STEP
        return STEP * (below + (over > drawn))


class Showing:
    """One layout at one time: which cells are shown, as what, and the proof that the rest stay hidden."""

    def __init__(self, layout, boards, counts, *, rounding, smallest=None, before=None):
        """smallest: {place: threshold} where it is higher. before: what the version before this one showed."""
        self.layout, self.boards, self.counts = layout, boards, counts
        self.smallest = {place: max(SMALLEST, number) for place, number in (smallest or {}).items()}
        self.smallest[COUNTY] = max((SMALLEST, *self.smallest.values()))  # as high as the highest board's
        self.rounding, self.before = rounding, before
        self.sums = list(layout.sums(boards))
        self.cells = list(counts)
        self.shown = self._first()

    def threshold(self, cell):
        return self.smallest.get(cell.place, SMALLEST)

    def _first(self):
        if self.before is not None:
            return {cell: self._moved(cell, value) for cell, value in self.before.items() if value is not None}
        return {
            cell: self.rounding(cell, count) for cell, count in self.counts.items()
            if self._may_show(cell) and count >= self.threshold(cell)
        }  # fmt: skip

    def _may_show(self, cell):
        return self.layout.is_shown_ever(cell) and (cell.place != COUNTY or len(self.boards) >= COMPARED)

    def _moved(self, cell, value):
        """In a new version a cell stays as it was shown until two steps have come between: six people or more."""
        count = self.counts[cell]
        return value if abs(count - value) < 2 * STEP else max(STEP, self.rounding(cell, count))

    def bounds(self, cell):
        """What somebody knows who knows the method and which cells are hidden only to guard others."""
        if cell in self.shown:
            return self._known(cell)
        return (0, self.threshold(cell) - 1) if self.is_small(cell) else (0, CEILING)

    def _known(self, cell):
        value = self.shown[cell]
        if self.before is not None:
            return max(0, value - 2 * STEP + 1), value + 2 * STEP - 1
        return max(self.threshold(cell), value - STEP + 1), value + STEP - 1

    def is_small(self, cell):
        return self.counts[cell] < self.threshold(cell)

    def hidden(self):
        return [cell for cell in self.cells if cell not in self.shown]

    def protect(self):
        """Hide more until every hidden cell is proven. Returns what is shown: {cell: rounded number}."""
        while open_cells := Proof(self).unproven():
            before = len(self.shown)
            if not before:
                raise Unfit(f"nothing is shown, and still not proven: {open_cells[:3]}")
            for cell, target in open_cells:
                self._hide(self._cheapest_for(cell, target))
            if len(self.shown) == before:  # each alone could be answered, and not in whole numbers
                self._hide(self._beside(open_cells[0][0]))
        return self.shown

    def _hide(self, cells):
        for cell in cells:
            self.shown.pop(cell, None)

    def _cheapest_for(self, cell, target):
        """What must give way for this cell to be as small or as large as it should look, at the least price."""
        prices = {each: 1 + value / STEP + (4 if each.category == TOTAL else 0) for each, value in self.shown.items()}
        bounds = {each: self.bounds(each) for each in self.cells}
        question = Loosened(self.cells, self.sums, bounds, prices)
        question.fix(cell, *target)
        try:
            return question.giving_way()
        except Unfit:
            return self._beside(cell)

    def _beside(self, cell):
        """Everything that is added up with it; at last everything."""
        near = {each for one in self.sums if cell in (one.whole, *one.parts) for each in (one.whole, *one.parts)}
        return [each for each in near if each in self.shown] or list(self.shown)


class Proof:
    """For each hidden cell, populations of whole numbers that fit everything shown and in which the cell is nought, and
    as large as it may be: threshold less one when it is small, a threshold apart when it only guards others."""

    def __init__(self, showing):
        self.showing = showing
        bounds = {cell: showing.bounds(cell) for cell in showing.cells}
        self.populations = Populations(showing.cells, showing.sums, bounds)
        self.least = dict(showing.counts)
        self.most = dict(showing.counts)

    def unproven(self):
        """[(cell, (low, high)) that must be made possible]."""
        waiting = [cell for cell in self.showing.hidden() if not self._is_proven(cell)]
        while waiting:
            for largest in (True, False):
                self._learn(self.populations.extreme(waiting, largest=largest))
            still = [cell for cell in waiting if not self._is_proven(cell)]
            if len(still) == len(waiting):
                break
            waiting = still
        return [found for cell in waiting for found in self._one_by_one(cell)]

    def _one_by_one(self, cell):
        for target in self._lacking(cell):
            self._learn(self.populations.with_this(cell, *target))
        if not self._is_proven(cell):
            for target in self._lacking(cell):
                self._learn(self.populations.with_this(cell, *target, whole=True))
        return [(cell, target) for target in self._lacking(cell)]

    def _learn(self, population):
        """A population of whole numbers proves, for each cell, that it may be so many."""
        if any(abs(value - round(value)) > NEAR for value in population.values()):
            return
        for cell, value in population.items():
            number = round(value)
            self.least[cell] = min(self.least[cell], number)
            self.most[cell] = max(self.most[cell], number)

    def _is_proven(self, cell):
        return not self._lacking(cell)

    def _lacking(self, cell):
        """[(least, most) that the cell must be able to be]."""
        least, most, room = self.least[cell], self.most[cell], self.showing.threshold(cell)
        if not self.showing.is_small(cell):
            return [] if most - least >= room else [(least + room, CEILING)]
        return [(room - 1, room - 1)] * (most < room - 1) + [(0, 0)] * (least > 0)


def protect(layout, boards, counts, *, rounding, smallest=None, before=None):
    """{cell: rounded number} of what may be shown; every other cell is hidden, and proven to be."""
    whole = layout.complete(counts, boards)
    return Showing(layout, boards, whole, rounding=rounding, smallest=smallest, before=before).protect()
