"""The contenders side by side: each in a process of its own on the same database, asked in turn. A ratio is taken
inside a round, so that what else the machine does falls on all of them; the median of the rounds is the result."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from exitprogram.embedded.places import CLONE

AS_OWNER = {"admin", "api", "bare", "unwalled"}  # without the walls; the others are exit_app
PAGES = ("day", "list", "case", "case_led", "plan", "coordinator", "search", "note", "unit", "sign_in")
UNWRITTEN = {"note", "sign_in"}  # answered by leading on to another page: there is nothing to learn


class Process:
    """One contender: orders in, answers out, a line each."""

    def __init__(self, name, database, scene, told, log):
        self.name, self.log = name, Path(log.name)
        env = database.environment("owner" if name in AS_OWNER else "app", **told) | {"EXIT_PROCESS": "web"}
        command = [sys.executable, "-m", "bench.contender", name]
        self.child = subprocess.Popen(
            command, env=env, cwd=CLONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        self._say(scene)
        self.pages = ()

    def ready(self):
        """They start side by side."""
        self.pages = self.ask("has")["pages"]

    def _say(self, told):
        self.child.stdin.write(json.dumps(told) + "\n")
        self.child.stdin.flush()

    def ask(self, what, **more):
        self._say({"do": what, **more})
        line = self.child.stdout.readline()
        if not line:
            last = self.log.read_text().splitlines()[-1:]
            raise RuntimeError(f"{self.name} ended at {what} {more.get('page', '')}: {last}")
        return json.loads(line)

    def end(self):
        self.child.stdin.close()
        self.child.wait(20)
        self.child.stdout.close()


@contextmanager
def crew(names, database, scene, told, folder):
    """The contenders, started, and the floors taught every page of the product."""
    with ExitStack() as ends:
        made = {}
        for name in names:
            log = ends.enter_context(open(folder / f"{database.name}-{name}.log", "w"))
            made[name] = Process(name, database, scene, told, log)
            ends.callback(made[name].end)
        for one in made.values():
            one.ready()
        teach(made)
        yield made


def teach(made):
    """The floor writes what the product writes now: shown anew whenever what the pages say has changed."""
    for page in [page for page in PAGES if page not in UNWRITTEN]:
        made["product"].ask("run", page=page, times=2)
        body = made["product"].ask("show", page=page)["body"]
        for name in {"floor", "bare"} & set(made):
            made[name].ask("learn", page=page, body=body)


def cold_start(name, database, scene, told, folder):
    """Seconds from the start of a process until its first page is answered, with nothing warm but the disk."""
    began = time.perf_counter()
    with open(folder / f"cold-{name}.log", "w") as log:
        one = Process(name, database, scene, told, log)
        one.ready()
        ready = time.perf_counter()
        one.ask("run", page="list", times=1)
        ended = time.perf_counter()
        one.end()
    return {"ready_s": round(ready - began, 2), "first_page_s": round(ended - began, 2)}


def measured(made, *, rounds, times, pages=PAGES, say=print):
    """{page: {contender: figures}}, and {contender: private memory in MB}."""
    found = {}
    for page in pages:
        racing = [one for one in made.values() if page in one.pages]
        for one in racing:
            one.ask("run", page=page, times=3)
        taken = {one.name: [] for one in racing}
        for number in range(rounds):
            start = number % len(racing)
            for one in racing[start:] + racing[:start]:
                taken[one.name].append(one.ask("run", page=page, times=times))
        found[page] = {one.name: figures(one, page, taken[one.name], taken["floor"]) for one in racing}
        say(f"  {page}: {line_of(found[page])}")
    return found, {name: round(one.ask("memory")["private_mb"], 1) for name, one in made.items()}


def figures(one, page, taken, floor):
    """Of one contender on one page. ``ratio`` is to the floor of the same round."""
    seconds = sorted(second for part in taken for second in part["seconds"])
    ratios = [median(mine["seconds"]) / median(its["seconds"]) for mine, its in zip(taken, floor, strict=True)]
    return {
        "p50_ms": round(median(seconds) * 1000, 2),
        "p95_ms": round(seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))] * 1000, 2),
        "per_second": round(len(seconds) / sum(seconds), 1),
        "statements": len(one.ask("show", page=page)["statements"]),
        "bytes": taken[-1]["bytes"],
        "ratio": round(median(ratios), 2), "ratio_least": round(min(ratios), 2), "ratio_most": round(max(ratios), 2),
    }  # fmt: skip


def line_of(page):
    return ", ".join(f"{name} {row['p50_ms']:.1f} ms (×{row['ratio']:.2f})" for name, row in page.items())
