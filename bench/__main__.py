"""``python -m bench [--sizes 1000,10000,50000]``; ``make bench`` starts it. Own servers, thrown away afterwards. The
last line is the result; tables stand before it, everything in ``bench/results.json``, the picture in ``docs/``."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from bench import report
from bench.databases import dropped, filled
from bench.measuring import cold_start, crew, measured
from exitprogram.embedded.places import CLONE, say
from exitprogram.embedded.suite import throwaway_servers

NAMES = ("floor", "bare", "product", "unwalled", "admin", "api")
EMPTY = "exitprogram"
# As in production: behind a door that speaks TLS, hashed files, pool, every check on.
PRODUCTION = {
    "EXIT_ENV": "production", "EXIT_BASE_URL": "https://exitprogram.example", "EXIT_DEBUG": "",
    "EXIT_ALLOWED_HOSTS": "exitprogram.example", "EXIT_DATABASE_POOL": "1",
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--sizes", default="1000,10000,50000")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--out", type=Path, default=CLONE / "bench/results.json")
    parser.add_argument("--picture", type=Path, default=CLONE / "docs/bench.svg")
    given = parser.parse_args()
    sizes, memory = {}, {}
    with throwaway_servers() as servers:
        told = dict(os.environ) | servers
        prepared(told)
        for size in sorted(int(size) for size in given.sizes.split(",")):
            sizes[size], memory = of_size(told, size, given)
            result = report.whole(sizes, memory, facts_of(given))
            report.written(given.out, result)
    given.picture.write_text(report.picture(result))
    for name in ("growth", "gain_over_stock", "walls", "worker_over_manager", "private_memory_mb", "facts"):
        say(f"{name}: {json.dumps(result[name])}")
    say(report.last_line(result["summary"]))


def facts_of(given):
    return {
        "rounds": given.rounds, "times": given.times, "cores": os.cpu_count(), "python": platform.python_version(),
        "load": round(os.getloadavg()[2], 1), "cold_start": given.cold,
    }  # fmt: skip


def prepared(told):
    """The empty database, migrated, and the static files as they are served."""
    for words, more in ((["migrate"], {"EXIT_PROCESS": "owner"}), (["collectstatic", "--noinput"], PRODUCTION)):
        command = [sys.executable, "manage.py", *words, "--verbosity", "0"]
        subprocess.run(command, env=told | more, cwd=CLONE, check=True)


def of_size(told, size, given):
    began = time.monotonic()
    database, people = filled(told, EMPTY, f"bench_{size}", size)
    database.run("bench.stock.filling")
    scene = database.run("bench.scene", json.dumps(people), role="app", **PRODUCTION)
    say(f"{size} cases: built in {time.monotonic() - began:.0f} s")
    folder = Path(told["EXIT_STATE_DIR"])
    given.cold = {name: cold_start(name, database, scene, PRODUCTION, folder) for name in ("product", "admin")}
    with crew(NAMES, database, scene, PRODUCTION, folder) as made:
        found, memory = measured(made, rounds=given.rounds, times=given.times, say=say)
    say(report.table(size, found))
    dropped(database)
    return found, memory


if __name__ == "__main__":
    main()
