"""``python -m tests.kept.crash --kills 200 [--seed S]``: kill -9 of the database and of the web, each in the middle of
writing. A cluster of its own that waits for its disk, the web as it stands in production, people who write over HTTP.

A write is acknowledged when its answer has come back, leading where it should. Whoever got no answer presses again
with the same form when the web is well. No question that fails is taken for an answer: everything is asked anew until
the server has replied.
"""

import argparse
import http.client
import random
import secrets
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from urllib.parse import urlencode

from exitprogram.embedded import values
from exitprogram.embedded.health import is_well
from exitprogram.embedded.places import CLONE, say
from tests.faults.__main__ import become_the_web, manage
from tests.faults.stage import Stage

WRITERS = 4
BETWEEN = 12  # acknowledged writes between two kills
TEXTS = "SELECT id FROM cases_noteaddition"
TRACES = "SELECT object_id FROM audit_auditevent WHERE action LIKE 'note.%' AND object_type = 'cases.noteaddition'"
PRESSED = "SELECT count(*) FROM tenancy_submission WHERE id = %s"


class Office(Stage):
    """Servers, and the web alone."""

    def __init__(self):
        super().__init__(workers=0, beats=0, pollers=0)
        self.wanted = {"web": None}

    def start(self, name):
        env = values.child_environment(self.told, "web") | {"PYTHONPATH": str(CLONE), "EXIT_DATABASE_POOL": "1"}
        command = [sys.executable, "-m", "gunicorn", "exitprogram.wsgi", "--no-control-socket",
                   "--bind", f"{values.HOST}:{self.ports['web']}", "--worker-class", "gthread", "--workers", "2",
                   "--threads", "4", "--log-level", "warning"]  # fmt: skip
        child = self.family.start(name, command, env=env, cwd=self._home(name))
        self.leaders.add(child.process.pid)

    def well(self, seconds=90):
        """Until the web answers that the database does. Then, and not before, something may be asked."""
        deadline = time.monotonic() + seconds
        while not is_well(self.ports["web"]):
            self.revive()
            if time.monotonic() > deadline:
                raise TimeoutError(f"The web is not well: {self.child('web').last_words()}")
            time.sleep(0.05)


class Writer(threading.Thread):
    """Adds to a signed note, one text after the other, and remembers which of them were answered."""

    def __init__(self, office, cookie, path, number, stop):
        super().__init__(daemon=True)
        self.office, self.path, self.number, self.stop = office, path, number, stop
        token = secrets.token_hex(16)
        self.cookies, self.token = f"session={cookie}; csrf={token}", token
        self.begun, self.acknowledged, self.unanswered, self.strange = [], [], 0, []

    def run(self):
        while not self.stop.is_set():
            words, key = f"Kvitto {self.number} {len(self.begun)}", str(uuid.uuid4())
            self.begun.append(words)
            first = True
            while not self._answered(words, key):
                if self.stop.is_set():
                    return
                self.office_well()
                if first and self.office.ask(PRESSED, key)[0][0]:
                    self.unanswered += 1  # it was committed, and nobody was told
                first = False
            self.acknowledged.append(words)

    def office_well(self):
        while not is_well(self.office.ports["web"]) and not self.stop.is_set():
            time.sleep(0.05)

    def _answered(self, words, key):
        body = urlencode({"kind": "correction", "text": words, "form_key": key, "csrfmiddlewaretoken": self.token})
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line = http.client.HTTPConnection(values.HOST, self.office.ports["web"], timeout=30)
        try:
            line.request("POST", self.path, body, headers)
            answer = line.getresponse()
            where = answer.headers.get("Location", "")
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if answer.status < 500 and (answer.status != 302 or "/anteckningar" not in where):
            self.strange.append((answer.status, where))
        return answer.status == 302 and "/anteckningar" in where


class Run:
    def __init__(self, office, seed):
        self.office, self.dice = office, random.Random(seed)  # noqa: S311  repeatable, not secret
        self.kills, self.took, self.writers, self.stop = Counter(), [], [], threading.Event()
        self.chain_faults = []

    def begin(self):
        from tests.world import World, make_partner

        make_partner()
        self.world = World()
        self.office.begin()
        self.write()

    def write(self):
        """Four people at four screens, in a note of their own making, signed just now."""
        from django.urls import reverse

        from tests.visits import Visit

        self.office.well()
        self.note = self._note()
        path = reverse("cases:note_add", args=[self.world.case.pk, self.note.pk])
        for number in range(WRITERS):
            visit = Visit(self.world.anna, SERVER_NAME=values.HOST)
            visit.get("plans:person", self.world.case)  # the session has chosen its membership
            cookie = visit.client.cookies["session"].value
            self.writers.append(Writer(self.office, cookie, path, number, self.stop))
        self.office.ask("CHECKPOINT")  # the sessions are on disk whatever the control below does to commits
        for writer in self.writers:
            writer.start()

    def _note(self):
        from django.db import connection

        from cases import operations as cases
        from exitprogram.tenancy.acting import acting
        from tests.world import today

        connection.close()  # the server may have been killed since
        anna, case = self.world.anna, self.world.case
        with acting(anna):
            note = cases.save_note(by=anna, case=case, kind="call", event_on=today(), source="hon själv", fact="Samtal")
            return cases.sign_note(by=anna, case=case, note=note)

    def acknowledged(self):
        return sum(len(writer.acknowledged) for writer in self.writers)

    def writing(self, number):
        """Until so many more have been acknowledged; the kill then comes wherever the others happen to be."""
        wanted, deadline = self.acknowledged() + number, time.monotonic() + 120
        while self.acknowledged() < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"Nothing is acknowledged any more: {[w.strange[-3:] for w in self.writers]}")
            time.sleep(0.005)
        time.sleep(self.dice.random() * 0.1)

    def kill(self, what):
        self.writing(BETWEEN)
        began = time.monotonic()
        if what == "web workers":
            for pid in self.office.family_of("web")[1:]:
                self.office.kill_pid(pid)
        else:
            self.office.kill({"database": "postgres"}.get(what, what))
        self.office.revive()
        self.office.well()
        self.kills[what] += 1
        self.took.append(time.monotonic() - began)

    def end(self):
        self.writing(WRITERS)
        self.stop.set()
        for writer in self.writers:
            writer.join(60)
        self.office.well()

    # What came of it

    def judge(self):
        """(lost, doubled, half): of the acknowledged those that are not there, those there twice, and rows without
        their line in the log or lines without their row."""
        there = Counter(self._texts())
        acknowledged = [words for writer in self.writers for words in writer.acknowledged]
        lost = [words for words in acknowledged if not there[words]]
        doubled = [words for words, times in there.items() if times > 1]
        rows = Counter(row[0] for row in self.office.ask(TEXTS))
        traces = Counter(row[0] for row in self.office.ask(TRACES))
        half = [str(pk) for pk in (rows - traces) + (traces - rows)]
        never_begun = set(there) - {words for writer in self.writers for words in writer.begun}
        return lost, doubled, half + sorted(never_begun)

    def _texts(self):
        from django.db import connection

        from cases.models import NoteAddition
        from exitprogram.tenancy.acting import acting

        connection.close()  # the server may have been killed since
        with acting(self.world.anna):
            return [row.text for row in NoteAddition.objects.filter(note_id=self.note.pk)]


def shuffled(kills, dice):
    """Half of them the database, the other half the web: all of it, or its workers under it."""
    plan = ["database"] * (kills // 2)
    plan += [("web", "web workers")[n % 2] for n in range(kills - len(plan))]
    dice.shuffle(plan)
    return plan


def careless(run, office):
    """The same with a database that does not wait for its disk: acknowledged writes must be missed, or this run could
    not have seen any."""
    office.ask("ALTER ROLE exit_app SET synchronous_commit = off")
    office.ask("ALTER SYSTEM SET wal_writer_delay = '10s'")
    office.ask("SELECT pg_reload_conf()")
    again = Run(office, 1)
    again.world = run.world
    office.kill("web")
    office.revive()
    again.write()
    again.kill("database")
    again.end()
    return again.judge()[0]


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.kept.crash")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args(arguments)
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with Office() as office:
        manage(office, "migrate", "--verbosity", "0", process="owner")
        become_the_web(office)
        run = Run(office, seed)
        run.begin()
        for done, what in enumerate(shuffled(asked.kills, run.dice), 1):
            run.kill(what)
            if done % 20 == 0:
                say(f"{done} of {asked.kills} kills, {run.acknowledged()} acknowledged")
        run.end()
        lost, doubled, half = run.judge()
        chain = manage(office, "verify_audit", process="owner", check=False)
        missed = careless(run, office)
    for what, found in (("lost", lost), ("doubled", doubled), ("half", half)):
        if found:
            say(f"{what}: {found[:5]}")
    unanswered = sum(writer.unanswered for writer in run.writers)
    say(f"kills by kind: {dict(run.kills)}; back after at most {max(run.took):.1f} s")
    say(f"control, a database that does not wait for its disk: {len(missed)} acknowledged writes missed")
    log = "broken" if chain else "whole"
    say(
        f"crash: {sum(run.kills.values())} kills, {run.acknowledged()} acknowledged, lost {len(lost)}, doubled"
        f" {len(doubled)}, half {len(half)}, committed but unanswered {unanswered}, log {log},"
        f" seed {seed}"
    )
    bad = lost or doubled or half or chain or not missed or office.left_behind
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
