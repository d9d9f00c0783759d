"""``python -m bench.load [--minutes 30]``; ``make load`` starts it: a Monday. Real gunicorn as the demo and containers
start it, and colleagues in processes of their own who read, search and write. Nothing may go wrong, and the workers'
private memory may not grow. The last line is the result."""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.__main__ import EMPTY, prepared
from bench.databases import filled
from exitprogram.embedded import demo, values
from exitprogram.embedded.places import CLONE, say
from exitprogram.embedded.suite import throwaway_servers

COLLEAGUES, PROCESSES, CASES = 12, 4, 1_000
WARM = 0.25  # of the time: caches and pools fill, and memory may grow
FLAT = 8.0  # MB for each worker that glibc's arenas may wander
BUSIEST = """
    SELECT m.id::text, m.user_id::text FROM tenancy_membership m JOIN cases_case c ON c.worker_id = m.id
    GROUP BY m.id ORDER BY count(*) DESC, m.id LIMIT %s
"""


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.load")
    parser.add_argument("--minutes", type=float, default=30)
    given = parser.parse_args()
    with throwaway_servers() as servers:
        told = dict(os.environ) | servers
        prepared(told)
        database, _people = filled(told, EMPTY, "bench_load", CASES)
        done = monday(database, Path(told["EXIT_STATE_DIR"]), given.minutes * 60)
    for error in done["errors"][:20]:
        say(error)
    say(f"load: {done['requests']} requests, errors {len(done['errors'])}, memory {done['grown']:+.1f} MB")
    raise SystemExit(bool(done["errors"]) or done["grown"] > FLAT * done["workers"])


def monday(database, folder, seconds):
    """How many requests there were, what went wrong, and by how much the workers grew after they were warm."""
    with database.connected() as owner:
        busiest = owner.execute(BUSIEST, [COLLEAGUES]).fetchall()
    cast = database.run("bench.colleagues", json.dumps(busiest), role="app", EXIT_ENV="demo")
    with gunicorn(database, folder) as (port, web):
        parts = [cast[place::PROCESSES] for place in range(PROCESSES)]
        ends = time.time() + seconds
        said = [_colleagues(part, port, ends) for part in parts if part]
        time.sleep(seconds * WARM)
        warm = private_of(web)
        found = [json.loads(one.communicate()[0].splitlines()[-1]) for one in said]
        last = private_of(web)
    return {
        "requests": sum(one["requests"] for one in found), "errors": [line for one in found for line in one["errors"]],
        "grown": sum(last.values()) - sum(warm.values()), "workers": len(last),
        "restarted": set(last) != set(warm),
    }  # fmt: skip


def _colleagues(part, port, ends):
    command = [sys.executable, "-m", "bench.colleagues", "--port", str(port), "--ends", str(ends), json.dumps(part)]
    return subprocess.Popen(command, cwd=CLONE, stdout=subprocess.PIPE, text=True)


@contextmanager
def gunicorn(database, folder):
    """(its port, its process), by the demo's own command."""
    with values.listening(0) as door, open(folder / "gunicorn.log", "wb") as log:
        port = door.getsockname()[1]
        more = {"EXIT_ENV": "demo", "EXIT_DATABASE_POOL": "1", "EXIT_BASE_URL": f"http://127.0.0.1:{port}"}
        told = database.environment("app", **more) | {"EXIT_ALLOWED_HOSTS": "127.0.0.1"}
        command = demo.web_command(door)
        web = subprocess.Popen(command, env=told, cwd=CLONE, pass_fds=[door.fileno()], stdout=log, stderr=log)
        try:
            _answers(port, web)
            yield port, web.pid
        finally:
            web.terminate()
            web.wait(20)


def _answers(port, web):
    for _try in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/halsa/") as answer:  # noqa: S310 — our own
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
        if web.poll() is not None:
            break
    raise RuntimeError("gunicorn did not answer")


def private_of(parent):
    """worker → MB that are its alone."""
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {pid: _private(Path(f"/proc/{pid}/smaps_rollup").read_text()) for pid in workers}


def _private(rollup):
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")) / 1024


if __name__ == "__main__":
    main()
