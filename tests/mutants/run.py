"""One guard at a time is taken away, and what asks about it must say so."""

import random
from functools import cached_property

from django.db import connection

from tests.mutants.hands import in_a_child
from tests.mutants.policies import Questions, instead, policies, without_effect
from tests.mutants.sources import apply, mutants
from tests.mutants.tests_of import Acts, no_wall


class Run:
    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)  # noqa: S311  a sample

    def kind(self, kind, each):
        """(killed, of how many, the survivors) of one kind."""
        found = self._policies() if kind == "policy" else self._sources(kind)
        found = self.chance.sample(found, min(each, len(found))) if each else found
        survivors = []
        if kind == "policy":
            survivors = [str(one) for one in found if not self._policy(*one)]
        else:
            with no_wall():
                survivors = [str(one) for (one,) in found if not self._source(one)]
        for one in survivors:
            print(f"survived: {one}", flush=True)
        return len(found) - len(survivors), len(found), survivors

    # The database's

    def _policies(self):
        return [(policy, *one) for policy in policies() if not without_effect(policy) for one in policy.mutants()]

    def _policy(self, policy, _what, other):
        if said := self.questions.red(policy):
            raise AssertionError(f"{policy} is red already: {said}")
        with instead(policy, other):
            try:
                return self.questions.red(policy)
            except Exception as error:  # noqa: BLE001  a test that falls over is red
                return repr(error)
            finally:
                connection.close()

    # Python's

    def _sources(self, kind):
        return [(one,) for one in mutants() if one.kind == kind]

    def _source(self, mutant):
        function = (mutant.path, mutant.function)

        def work():
            if not apply(mutant):
                return ""
            return self.acts.red(function) if self.acts.reaches(function) else ""

        said = in_a_child(work)
        print(f"{'killed' if said else 'alive '} {mutant}: {said[:110]}", flush=True)
        return said

    @cached_property
    def acts(self):
        return Acts(self.world)

    @cached_property
    def questions(self):
        return Questions(self.world, self.acts)
