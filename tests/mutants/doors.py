"""What stands around a view, taken away in the running product: at one address in turn. The marks that the guards read
(``access``, ``once``, ``fresh``) stay, so that it is the behaviour that has to be missed."""

import functools
from dataclasses import dataclass
from functools import partial

from exitprogram.tenancy.roles import Permission
from tests.door import addresses
from tests.probe import policy, runs
from tests.test_asks_again import KNOCKS, LOOKS, asks_again
from tests.test_guards_doors import closure_names
from tests.test_views_doors import taken_without_key
from tests.visits import Visit

KINDS = {
    "allow.<locals>.wrap.<locals>.inner": ("allow", "any role"),
    "require_http_methods.<locals>.decorator.<locals>.inner": ("methods",),
    "once.<locals>.inner": ("once",),
    "_asking.<locals>.inner": ("fresh",),
}


@dataclass(frozen=True)
class Layer:
    kind: str
    name: str  # of the address
    depth: int  # under so many others; of the API's views: their class itself

    def __str__(self):
        return f"{self.name}: {self.kind}"


def layers():
    for name, pattern in addresses():
        if hasattr(pattern.callback, "api"):
            if pattern.callback.access != "public":
                yield Layer("any role", name, 0)
            continue
        for depth, layer in enumerate(closure_names(pattern.callback)[:-1]):
            for kind in KINDS.get(layer.__code__.co_qualname, ()):
                yield Layer(kind, name, depth)


def take_away(mutant):
    """In this process, for good: do it in a child."""
    pattern = next(pattern for name, pattern in addresses() if name == mutant.name)
    if hasattr(pattern.callback, "api"):
        pattern.callback.api.access = frozenset(Permission)
        return
    chain = closure_names(pattern.callback)
    layer, inside = chain[mutant.depth], chain[mutant.depth + 1]
    if mutant.kind == "any role":
        _put(layer, "permissions", tuple(Permission))
    elif mutant.depth == 0:
        pattern.callback = functools.wraps(layer)(lambda *given, **more: inside(*given, **more))
    else:
        above = chain[mutant.depth - 1]
        name = next(name for name, cell in _cells(above) if cell.cell_contents is layer)
        _put(above, name, inside)


def _cells(function):
    return zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)


def _put(function, name, value):
    dict(_cells(function))[name].cell_contents = value


class Knocks:
    """What the suite asks of an address: the access matrix, whether it asks who she is, and whether a form needs its
    key. Nothing is said while all is as it should be."""

    def __init__(self, scene, visitors):
        self.scene, self.visitors = scene, visitors
        self.keys = scene.keys[scene.home("anna")]

    def red(self, mutant):
        return next(filter(None, (question() for question in self.questions(mutant))), "")

    def questions(self, mutant):
        """Functions that each say what is wrong, or nothing: those that are likeliest to, first."""
        asks = {"once": self._keyless, "fresh": self._stale}
        if mutant.kind in asks:
            return [partial(asks[mutant.kind], mutant.name)]
        some = self._methods(mutant.name) if mutant.kind == "methods" else self._roles(mutant.name)
        return [partial(self._matrix, one) for one in some]

    def _roles(self, name):
        known = [method for method in policy.allowed(name) if method != "HEAD"]
        some = [(name, method, who) for method in known for who in policy.ACTORS]
        return sorted(some, key=lambda one: policy.expected(*one, "own", False) != 403)

    def _methods(self, name):
        known = policy.allowed(name)
        who = [*(who for who in policy.ACTORS if who in policy.POLICY[name].may.split()), "leo"][0]
        return [(name, method, who) for method in policy.METHODS if method not in known]

    def _matrix(self, one):
        wrong = runs.matrix(self.scene, [one], self.visitors).wrong
        return wrong[0] if wrong else ""

    def _visit(self, name):
        return Visit(getattr(self.scene.world, policy.POLICY[name].may.split()[0]))

    def _keyless(self, name):
        with runs.undone():
            return taken_without_key(self._visit(name), name, self.keys) or ""

    def _stale(self, name):
        with runs.undone():
            for method in [method for other, method in KNOCKS if other == name]:
                wanted = method == "POST" or name in LOOKS
                if asks_again(self._visit(name), name, method, self.keys) != wanted:
                    return f"{method} without asking who she is"
        return ""
