"""Two to four people write in the same text at the same moment, through the product's own views, each with a connection
and a session of her own.

What must come of it is asked without knowing how the product does it: every accepted edit was made from the text that
the edit before it left, so that they form one chain from the first text to the one that lies there now; each of them is
a line in the log; whoever was refused got her own text back.
"""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection

from cases.models import CaseNote, SafeContact
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from plans.content import fingerprint
from plans.models import Meeting, MeetingMinutes, PlanVersion
from tests.visits import AUTOSAVE, Visit
from tests.world import today

MOST = 4  # people at once


@dataclass(frozen=True)
class Text:
    """One text that several may write in: how it is read (what it says, what the form carries), and sent."""

    url: str
    ids: tuple
    people: tuple
    read: object
    data: object
    logged: tuple
    headers: dict | None = None


@dataclass
class Found:
    interleavings: int = 0
    accepted: int = 0
    stale: int = 0
    overwritten: list = field(default_factory=list)
    unlogged: list = field(default_factory=list)
    unread: list = field(default_factory=list)  # answers that are neither, and refusals without one's own text

    @property
    def lost(self):
        return [*self.overwritten, *self.unlogged, *self.unread]


def texts_of(world):
    """A card in a file, a text of a plan, minutes of a meeting, a draft of a note."""
    anna, maud, case = world.anna, world.maud, world.case
    with acting(anna):
        version = PlanVersion.objects.filter(case=case).order_by("-number").first()
        held = Meeting.objects.filter(case=case).get(held=True)
        note = CaseNote.objects.filter(case=case, author=anna).get(signed_at=None)
        card = SafeContact.objects.get(individual_id=case.individual_id)

    def card_now():
        row = SafeContact.objects.get(pk=card.pk)
        return row.hours, row.version

    def plan_now():
        row = PlanVersion.objects.get(pk=version.pk)
        return row.current_situation, fingerprint(row, ["current_situation"])

    def minutes_now():
        row = MeetingMinutes.objects.get(meeting=held)
        return row.text, row.row_version

    def note_now():
        row = CaseNote.objects.get(pk=note.pk)
        return row.fact, row.version

    shared, hers = (anna, maud, anna, maud), (anna,) * MOST
    mine = {"kind": "call", "event_on": today().isoformat(), "source": "egen uppgift"}
    return [
        Text("cases:safe_contact", (case.pk,), shared, card_now, lambda words: {"hours": words},
             ("person.safe_contact_saved", card.pk)),
        Text("plans:text", (version.pk, "laget"), hers, plan_now, lambda words: {"current_situation": words},
             ("plan.saved", version.pk), AUTOSAVE),
        Text("plans:meeting_minutes", (held.pk,), shared, minutes_now, lambda words: {"text": words},
             ("meeting.minutes_saved", held.pk), AUTOSAVE),
        Text("cases:note", (case.pk, note.pk), hers, note_now, lambda words: mine | {"fact": words},
             ("note.saved", note.pk), AUTOSAVE),
    ]  # fmt: skip


class Crossing:
    """``cross()`` is one interleaving of one text; ``found`` is what has come of them all."""

    def __init__(self, world, seed):
        self.dice, self.found = random.Random(seed), Found()  # noqa: S311  repeatable, not secret
        self.texts = texts_of(world)
        self.visits = {text.url: [Visit(person) for person in text.people] for text in self.texts}
        self.before = {text.url: self._logged(text) for text in self.texts}
        self.accepted = {text.url: 0 for text in self.texts}
        self.threads = ThreadPoolExecutor(MOST)

    def close(self):
        everybody = threading.Barrier(MOST)
        for waiting in [self.threads.submit(_part, everybody) for _each in range(MOST)]:
            waiting.result()
        self.threads.shutdown()
        for text in self.texts:
            new = self._logged(text) - self.before[text.url]
            if new != self.accepted[text.url]:
                self.found.unlogged.append(f"{text.url}: {self.accepted[text.url]} accepted, {new} in the log")

    def cross(self):
        text, number = self.dice.choice(self.texts), self.dice.randint(2, MOST)
        start, _token = self._read(text, 0)
        waits = [(self.dice.random() * 0.08, self.dice.random() * 0.02) for _each in range(number)]
        words = [f"Kanarietext {self.found.interleavings} {who}" for who in range(number)]
        ways = zip(range(number), waits, words, strict=True)
        told = [self.threads.submit(self._edit, text, *way) for way in ways]
        edits = [one.result() for one in told]
        end, _token = self._read(text, 0)
        self._judge(text, start, end, edits)
        self.found.interleavings += 1

    def _edit(self, text, who, waits, words):
        time.sleep(waits[0])
        seen, token = self._read(text, who)
        time.sleep(waits[1])
        visit = self.visits[text.url][who]
        answer = visit.post(text.url, *text.ids, headers=text.headers, version=token, **text.data(words))
        return seen, words, answer.status_code, words in answer.content.decode()

    @staticmethod
    def _read(text, who):
        with acting(text.people[who]):
            return text.read()

    def _judge(self, text, start, end, edits):
        accepted = {}
        for seen, words, status, echoed in edits:
            if status in (200, 302):
                if seen in accepted:
                    self.found.overwritten.append(f"{text.url}: «{accepted[seen]}» under «{words}»")
                accepted[seen] = words
                self.found.accepted += 1
                self.accepted[text.url] += 1
            elif status == 409 and echoed:
                self.found.stale += 1
            else:
                self.found.unread.append(f"{text.url}: {status}, own text {'there' if echoed else 'gone'}")
        at, steps = start, 0
        while at in accepted:
            at, steps = accepted[at], steps + 1
        if at != end or steps != len(accepted):
            self.found.overwritten.append(f"{text.url}: from «{start}» by {accepted} to «{end}»")

    @staticmethod
    def _logged(text):
        action, pk = text.logged
        with acting(text.people[0]):
            return AuditEvent.objects.filter(action=action, object_id=pk).count()


def _part(everybody):
    """This thread's own connection goes, and each of the threads takes part once."""
    everybody.wait(60)
    connection.close()


def crossed(world, number, seed, say=None):
    crossing = Crossing(world, seed)
    try:
        for done in range(1, number + 1):
            crossing.cross()
            if say and done % 500 == 0:
                say(f"{done} interleavings, {crossing.found.accepted} accepted, {crossing.found.stale} stale")
    finally:
        crossing.close()
    return crossing.found
