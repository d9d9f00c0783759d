"""``make test`` and ``make lint``: every check, on servers of its own that are thrown away afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import servers, system, values
from .places import CLONE, SHARED, Lock, claim, say
from .processes import Family

PREFIX = "exitprogram-test-"
YOUNG = 60  # seconds
LINT = (["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."])
CHECKS = (["manage.py", "check", "--database", "default"], ["manage.py", "makemigrations", "--check", "--dry-run"])


@contextmanager
def throwaway_servers():
    """Real servers in a folder that vanishes. Gives the environment that points to them."""
    # Root's temporary folder may be closed to the account that runs the servers.
    place = SHARED if os.geteuid() == 0 else None
    _sweep(Path(place or tempfile.gettempdir()))
    state = claim(Path(tempfile.mkdtemp(prefix=PREFIX, dir=place)))
    lock = Lock(state / "lock")
    lock.taken()
    try:
        kept, ports = values.new_secrets(), {}
        for name in ("web", "postgres", "broker"):
            ports[name] = values.free_port(ports.values())
        for name in ("mail", "static"):  # whitenoise warns when there is no folder of static files
            (state / name).mkdir(mode=0o700)
        with Family(state / "log") as family:
            servers.start(family, state, kept, ports, durable=False)
            yield values.environment(kept, ports, state, kind="test") | _browser()
    finally:
        shutil.rmtree(state, ignore_errors=True)
        lock.file.close()


def _sweep(place):
    """Folders of our runs that were killed: nobody holds their lock. A young one may not have been locked yet."""
    for folder in place.glob(f"{PREFIX}*"):
        facts = folder.lstat()
        if facts.st_uid != os.geteuid() or time.time() - facts.st_mtime < YOUNG or not (folder / "lock").exists():
            continue
        lock = Lock(folder / "lock")
        if lock.taken():
            shutil.rmtree(folder, ignore_errors=True)
        lock.file.close()


def _browser():
    found = system.chromium()
    return {"EXIT_CHROMIUM": found} if found else {}


def run(arguments):
    """The exit code of the first step that fails, or pytest's own."""
    system.ensure_chromium()
    system.ensure_trace()
    if not system.ensure_pdf():
        return 1
    if failed := lint():
        return failed
    with throwaway_servers() as told:
        pytest = ["-m", "pytest", "-n", "2", *arguments]
        return _first_failure((*CHECKS, pytest), values.child_environment(told))


# The long proofs: their module, and what may be said of how much. Each one's last line is its result, and its exit code
# is zero only when nothing was found. They start their own servers.
LONG = {
    "faults": ("tests.faults", {"faults": 1000, "seed": None}),
    "attack": ("tests.attack", {"populations": 1000, "seed": 1}),
    "fuzz": ("tests.fuzz", {"calls": 10_000, "seed": None}),
    "kept": ("tests.kept", {"edits": 10_000, "kills": 200, "seed": None}),
    "restore-drill": ("tests.kept.drilling", {"destroyed": 50}),
    "canaries": ("tests.canaries", {"each": 100, "every": 1}),
    "tamper": ("tests.tamper", {"tries": 1000, "seed": None}),
    "rawsql": ("tests.rawsql", {"cells": 0, "requests": 20_000, "seed": None}),
    "mutants": ("tests.mutants", {"each": 0, "seed": None}),
    "probe": ("tests.probe", {"probes": None, "seed": 1}),
    "hostile": ("tests.hostile", {"seed": None}),
    "bench": ("bench", {"sizes": "1000,10000,50000", "rounds": 9}),
    "load": ("bench.load", {"minutes": 30}),
}


def long(name, told):
    system.ensure_chromium()
    system.ensure_trace()
    if not system.ensure_pdf():
        return 1
    module, options = LONG[name]
    command = [sys.executable, "-m", module]
    for option in options:
        if told[option] is not None:
            command += [f"--{option}", str(told[option])]
    return subprocess.run(command, cwd=CLONE, check=False).returncode


def lint():
    return _first_failure(LINT, dict(os.environ))


def _first_failure(steps, env):
    for step in steps:
        say(f"• {' '.join(step)}")
        code = subprocess.run([sys.executable, *step], cwd=CLONE, env=env, check=False).returncode
        if code:
            return code
    return 0
