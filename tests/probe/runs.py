"""What is run, in the suite as a share and by ``make probe`` whole: the matrix, what is destroyed, ids in fields, and
each wall alone."""

from contextlib import contextmanager

from django.db import transaction

from tests.door import addresses
from tests.probe.fields import Fields
from tests.probe.policy import POLICY, RELATIONS, allowed, rows_of, unclassified
from tests.probe.probing import Probing, groups
from tests.test_disposal_whole import destroyed


def without_a_line():
    return unclassified({name for name, _pattern in addresses()})


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def matrix(scene, some, visitors=None):
    with undone():
        return Probing(scene, visitors=visitors).run(some)


def after_destruction(scene, some):
    """``destroy`` has been called."""
    with undone():
        return Probing(scene, wanted=lambda _name: ("none", "destroyed")).run(some)


def destroy(scene):
    """Two whole files of Bollnäs', sixty years later, by the product's own way; nobody sees anything of them after."""
    scene.gone = destroyed(scene.world).gone
    scene.seen = {who: seen - scene.gone for who, seen in scene.seen.items()}


def of_rows():
    """The addresses that a destroyed row has had, with the methods that they know."""
    return [group for group in groups() if rows_of(group[0]) and group[1] in allowed(group[0])]


def fields(scene, some):
    with undone():
        found = Fields(scene)
        for name, who in some:
            found.probe(name, who)
        return found.tally


def used():
    """Of the matrix, what gives a page: with one wall down only what an answer tells is asked."""
    nothing = ("nobody", "gone", "ended")
    return [
        one for one in groups() if one[1] in allowed(one[0]) and not POLICY[one[0]].public and one[2] not in nothing
    ]


def one_wall(scene, some, visitors=None):
    """With one of them taken down by ``tests.probe.walls`` around this."""
    with undone():
        return Probing(scene, only_tells=True, wanted=_there_is_one, visitors=visitors).run(some)


def _there_is_one(name):
    return RELATIONS[:4] if rows_of(name) else ["own"]
