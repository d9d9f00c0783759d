"""One guard at a time is taken away, and what asks about it must say so."""

import random
from datetime import timedelta
from functools import cached_property

from django.db import connection
from django.db.models.functions import Now

from exitprogram.tenancy.models import BrowserSession
from tests.mutants import doors, files, filters
from tests.mutants.hands import in_a_child
from tests.mutants.policies import Questions, instead, policies, without_effect
from tests.mutants.sources import apply, mutants
from tests.mutants.tests_of import Acts, no_wall
from tests.probe.probing import Visitors
from tests.probe.scene import made_ready

ALREADY = "is red already"


class Unaskable(AssertionError):
    """A question that was not silent before: it proves nothing, so its mutant counts as one that nobody missed."""


def asked(question, take_away, mutant):
    """What the question says then; it has to be silent while all is as it should be."""

    def work():
        try:
            said = question()
            take_away(mutant)
        except Exception as error:  # noqa: BLE001  what cannot be asked is not answered either
            said = repr(error)
        return f"{ALREADY}: {said}" if said else question()

    said = in_a_child(work)
    if said.startswith(ALREADY):
        raise Unaskable(said)
    return said


def still_here():
    """Nobody is signed out for having waited while others were asked."""
    BrowserSession.objects.update(expire_date=Now() + timedelta(hours=1), began_at=Now())


class Run:
    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)  # noqa: S311  a sample

    def kind(self, kind, each, part=(0, 1)):
        """(killed, of how many, the survivors) of one kind."""
        kinds = {"policy": self._policies, "require": self._requires, "filter": self._filters}
        every, killed = kinds.get(kind, lambda: self._layers(kind))()
        every = self.chance.sample(every, min(each, len(every))) if each else every[part[0] :: part[1]]
        survivors = self._alive(every, killed)
        if kind == "filter" and survivors:  # when nothing else has missed them: the pages, in a larger world
            pages = self.pages
            still_here()
            survivors = self._alive(survivors, lambda one: asked(lambda: pages.tell(one), filters.take_away, one))
        if kind != "policy":
            survivors = self._alive(survivors, files.red)
        return len(every) - len(survivors), len(every), [str(one) for one in survivors]

    @staticmethod
    def _alive(every, killed):
        alive = []
        for one in every:
            try:
                said = killed(one)
            except Unaskable as why:
                said = ""
                print(why, flush=True)
            print(f"{'killed' if said else 'alive '} {one}: {said[:110]}", flush=True)
            if not said:
                alive.append(one)
        return alive

    # The database's

    def _policies(self):
        every = [policy for policy in policies() if not without_effect(policy)]
        return [one for policy in every for one in policy.mutants()], self._policy

    def _policy(self, mutant):
        if said := self.questions.red(mutant.policy):
            raise Unaskable(f"{ALREADY}: {said}")
        with instead(mutant.policy, mutant.other):
            try:
                return self.questions.red(mutant.policy) or ""
            except Exception as error:  # noqa: BLE001  a test that falls over is red
                return repr(error)
            finally:
                connection.close()

    # Python's

    def _requires(self):
        return list(mutants()), self._require

    def _require(self, mutant):
        function = (mutant.path, mutant.function)

        def work():
            if not apply(mutant):
                return ""
            return self.acts.parts(function) or (self.acts.red(function) if self.acts.reaches(function) else "")

        with no_wall():
            return in_a_child(work)

    def _layers(self, kind):
        every, knocks = [one for one in doors.layers() if one.kind == kind], self.knocks

        def first_red(mutant):
            doors.take_away(mutant)
            for place, question in enumerate(knocks.questions(mutant)):
                try:
                    said = question()
                except Exception as error:  # noqa: BLE001  what cannot be asked any more is red as well
                    said = repr(error)
                if said:
                    return f"{place} {said}"
            return ""

        def killed(mutant):
            still_here()
            place, _space, said = in_a_child(lambda: first_red(mutant)).partition(" ")
            if place and (before := in_a_child(knocks.questions(mutant)[int(place)])):
                raise Unaskable(f"{ALREADY}: {before}")
            return said

        return every, killed

    def _filters(self):
        rows = self.rows

        def killed(mutant):
            questions = (lambda: rows.lists(mutant), lambda: rows.refusals(mutant))
            return next(filter(None, (asked(one, filters.take_away, mutant) for one in questions)), "")

        return filters.found(), killed

    @cached_property
    def acts(self):
        return Acts(self.world)

    @cached_property
    def questions(self):
        return Questions(self.world, self.acts)

    @cached_property
    def scene(self):
        return made_ready(self.world)

    @cached_property
    def visitors(self):
        return Visitors(self.scene)

    @cached_property
    def knocks(self):
        return doors.Knocks(self.scene, self.visitors)

    @cached_property
    def rows(self):
        return filters.Rows(self.world, self.acts)

    @cached_property
    def pages(self):
        return filters.Pages(self.scene, self.visitors)
