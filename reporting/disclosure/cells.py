"""Cells and how they add up."""

from dataclasses import dataclass
from typing import NamedTuple

COUNTY, PROTECTED, TOTAL, REST = "county", "protected", "", "~rest"


class Cell(NamedTuple):
    """How many people: of a universe («group»), in one of its categories, at one place. TOTAL is everybody in it."""

    group: str
    category: str
    place: str


class Sum(NamedTuple):
    """``whole`` is exactly the sum of ``parts``."""

    whole: Cell
    parts: tuple


@dataclass(frozen=True)
class Layout:
    """What is published together. groups: {group: [split, …]}, each split a tuple of categories that together are the
    whole group. within: (larger, smaller) cells by (group, category): everybody counted in the smaller ones is counted
    in the larger one too, which an attacker knows as well as we."""

    groups: dict
    within: tuple = ()

    def categories(self, group):
        return (TOTAL, *(name for split in self.groups[group] for name in split))

    def rest(self, number):
        """The group that holds what the larger cell of ``within[number]`` has beside the smaller: never shown."""
        return f"{REST}{number}"

    def sums(self, boards):
        """Every way in which the cells add up: down the categories, and over the boards and the protected people, who
        are at no board, to the county."""
        places = (*boards, PROTECTED, COUNTY)
        for place in places:
            for group, splits in self.groups.items():
                for split in splits:
                    yield Sum(Cell(group, TOTAL, place), tuple(Cell(group, name, place) for name in split))
            for number, (larger, smaller) in enumerate(self.within):
                parts = (*(Cell(*each, place) for each in smaller), Cell(self.rest(number), TOTAL, place))
                yield Sum(Cell(*larger, place), parts)
        for group in self.groups:
            for name in self.categories(group):
                yield Sum(Cell(group, name, COUNTY), tuple(Cell(group, name, one) for one in places[:-1]))

    def is_shown_ever(self, cell):
        return cell.place != PROTECTED and not cell.group.startswith(REST)

    def complete(self, counts, boards):
        """Every cell, nought where nobody was counted; what is beside the smaller cells follows from the larger."""
        places = (*boards, PROTECTED, COUNTY)
        found = {Cell(group, name, place): 0 for group in self.groups for name in self.categories(group)
                 for place in places}  # fmt: skip
        unknown = [cell for cell in counts if cell not in found]
        if unknown:
            raise ValueError(f"counted in no table: {unknown[:3]}")
        found.update(counts)
        for place in places:
            for number, (larger, smaller) in enumerate(self.within):
                beside = found[Cell(*larger, place)] - sum(found[Cell(*each, place)] for each in smaller)
                found[Cell(self.rest(number), TOTAL, place)] = beside
        self._check(found, boards)
        return found

    def _check(self, found, boards):
        wrong = [one.whole for one in self.sums(boards) if found[one.whole] != sum(found[part] for part in one.parts)]
        if wrong or min(found.values()) < 0:
            raise ValueError(f"does not add up: {wrong[:3]}")
