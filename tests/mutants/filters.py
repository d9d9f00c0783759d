"""Python's own wall: each filter that takes a person is made to give everything there is, one at a time, with the
database's wall down."""

from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from exitprogram.tenancy import prepared
from exitprogram.tenancy.acting import acting
from tests.connections import logged_in_as
from tests.mutants.tests_of import no_wall
from tests.oracle import WALLED, Oracle, all_rows
from tests.probe import policy, runs, walls
from tests.test_operations import carried_out
from tests.test_walls import ACTORS, NARROWER, widest

MOST = 8  # addresses or acts that are asked about one filter


@dataclass(frozen=True)
class Filter:
    owner: type
    name: str
    kind = "filter"

    def __str__(self):
        return f"{self.owner.__module__}.{self.owner.__name__}.{self.name}"


def found():
    return [Filter(*one) for one in walls.filters()]


def take_away(mutant):
    """In this process, for good: do it in a child."""
    setattr(mutant.owner, mutant.name, lambda self, *_given, **_more: self.all())
    prepared.forget()


class Rows:
    """Who sees which rows by ``visible_to``, as ``tests/test_walls.py`` asks; and for what no list of a table shows,
    the acts that have used the filter."""

    def __init__(self, world, acts):
        self.world, self.acts, rows = world, acts, all_rows()
        self.right = {name: self._right(rows, getattr(world, name)) for name in ACTORS}
        self.users, every = defaultdict(list), found()
        for act in acts.every:
            with _watched(every) as went:
                carried_out(world, act, getattr(world, act.may))
            for one in went:
                self.users[one].append(act)

    @staticmethod
    def _right(rows, who):
        oracle = Oracle(rows, who)
        right = {label: oracle.ids(label) for label in WALLED}
        for label, wanted in NARROWER.items():
            right[label] = {row["id"] for row in rows[label] if row["id"] in right[label] and wanted(row, who)}
        return right

    def lists(self, mutant):
        with logged_in_as("backup"):
            for label in sorted(WALLED):
                if mutant.owner not in widest(label)._queryset_class.__mro__:
                    continue
                for name in ACTORS:
                    who = getattr(self.world, name)
                    with acting(who):
                        if set(widest(label).visible_to(who).values_list("pk", flat=True)) != self.right[name][label]:
                            return f"{name} is shown other rows of {label}"
        return ""

    def refusals(self, mutant):
        users = self.users[mutant]
        with no_wall(), logged_in_as("owner"):
            for act in users[:: len(users) // MOST + 1]:
                if said := self.acts.refused(act, alone=True):
                    return said
        return ""


class Pages:
    """The addresses that have used the filter, and what they tell."""

    def __init__(self, scene, visitors):
        self.scene, self.visitors = scene, visitors
        self.doors, every = defaultdict(list), found()
        for name, method, who in runs.used():
            if who in policy.POLICY[name].may.split()[:1]:
                with _watched(every) as went:
                    runs.one_wall(scene, [(name, method, who)], visitors)
                for one in went:
                    self.doors[one].append((name, method))

    def tell(self, mutant):
        doors, nothing = self.doors[mutant], ("nobody", "gone", "ended")
        some = [(*door, who) for door in doors[:: len(doors) // MOST + 1] for who in policy.ACTORS]
        with walls.database_down():
            wrong = runs.one_wall(self.scene, [one for one in some if one[2] not in nothing], self.visitors).wrong
        return wrong[0] if wrong else ""


@contextmanager
def _watched(every):
    went = set()
    with ExitStack() as held:
        prepared.forget()  # a filter in a statement that stands is not gone through again
        for one in every:
            held.enter_context(patch.object(one.owner, one.name, _telling(went, one, getattr(one.owner, one.name))))
        yield went


def _telling(went, one, method):
    def told(self, *given, **more):
        went.add(one)
        return method(self, *given, **more)

    return told
