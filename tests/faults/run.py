"""One run: faults in an order that the seed decides, a rest now and then in which everything must have been said."""

import random
import threading
import time
from functools import partial

from tests.faults import kinds
from tests.faults.people import People
from tests.faults.steps import STEPS

BETWEEN_RESTS = 20
ONCE_MORE = 25  # seconds that everything has to be said in when nothing more goes wrong


class Run:
    def __init__(self, stage, *, faults, seed, say=print):
        self.stage, self.wanted, self.seed, self.say = stage, faults, seed, say
        self.dice = random.Random(seed)  # noqa: S311  repeatable, not secret
        self.people = People(stage)
        self.injected, self.nights, self.message = 0, 0, None
        self.by_kind, self.took, self.timers = {}, {}, []

    def before(self):
        """While nobody works yet: one of our own messages as it lies in the broker, to send again byte for byte."""
        kinds.ring(self)
        raw = self.stage.broker().lrange("celery", 0, 0)
        self.message = raw[0]

    def whole(self):
        """The faults, and what has been lost or doubled by then."""
        began = time.monotonic()
        self.people.begin(3)
        self.settle()
        for name, fault in self._plan():
            if self.injected >= self.wanted:
                break
            at = time.monotonic()
            if fault(self):
                self.injected += 1
                self.by_kind[name] = self.by_kind.get(name, 0) + 1
            self.stage.revive()
            self.took[name] = self.took.get(name, 0) + time.monotonic() - at
            if self.injected % BETWEEN_RESTS == 0:
                self.settle()
                self.people.finish_all()
                self.say(f"{self.injected} av {self.wanted}, {time.monotonic() - began:.0f} s")
        self.settle()
        return self.people.count()

    def _plan(self):
        """The dearest few spread over the run, each step with each thing once, and then by the dice for ever."""
        plan = [(f"{what} at {step}", partial(kinds.at_step, step=step, what=what)) for step, what in
                self._share(kinds.every_step(), self.wanted // 2)]  # fmt: skip
        plan += [(f"kill database at {step}", partial(kinds.kill_database_at, step=step)) for step in
                 self._share(STEPS, max(2, self.wanted // 60))]  # fmt: skip
        plan += [("night", kinds.night)] * max(2, self.wanted // 40)
        names = list(kinds.CHEAP)
        weights = [kinds.CHEAP[name][1] for name in names]
        rest = self.dice.choices(names, weights, k=max(0, self.wanted - len(plan)))
        plan += [(name, kinds.CHEAP[name][0]) for name in rest]
        self.dice.shuffle(plan)
        yield from plan
        while True:  # instead of those that hit nobody
            name = self.dice.choices(names, weights)[0]
            yield name, kinds.CHEAP[name][0]

    def _share(self, all_of_them, number):
        """That many of them, all of them before any twice."""
        picked = []
        while len(picked) < number:
            more = list(all_of_them)
            self.dice.shuffle(more)
            picked += more
        return picked[:number]

    # Time that passes beside the faults

    def later(self, seconds, act):
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()
        self.timers.append(timer)

    def wake_later(self, pid, seconds):
        self.later(seconds, partial(self.stage.wake, pid))

    def _calm(self):
        """Everybody awake, everybody there."""
        for timer in self.timers:
            timer.cancel()
        self.timers = []
        for trap in list(self.stage.sink.traps):
            self.stage.sink.forget(trap)
        self.stage.wake_all()
        self.stage.revive()

    def settle(self):
        """Nothing more goes wrong: what has not been said when the time is out is lost."""
        self._calm()
        deadline = time.monotonic() + ONCE_MORE
        while self.people.missing():
            if time.monotonic() > deadline:
                return False
            self.stage.revive()
            kinds.ring(self)
            time.sleep(0.1)
        return True

    def swept(self):
        """More rounds have ended after this moment than there are processes to make them: one of them has begun
        after it as well."""
        deadline, seen = time.monotonic() + ONCE_MORE, [self._round()]
        while len(seen) < 8 and time.monotonic() < deadline:
            kinds.ring(self)
            time.sleep(0.05)
            if self._round() != seen[-1]:
                seen.append(self._round())

    def _round(self):
        return self.stage.ask("SELECT max(finished_at) FROM pulse_round WHERE name = 'notices'")[0][0]
