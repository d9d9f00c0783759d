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
    if not system.ensure_pdf():
        return 1
    if failed := lint():
        return failed
    with throwaway_servers() as told:
        pytest = ["-m", "pytest", "-n", "2", *arguments]
        return _first_failure((*CHECKS, pytest), values.child_environment(told))


def faults(number, seed):
    """Its last line is the result; the exit code is zero only when nothing was lost or doubled in the app."""
    command = [sys.executable, "-m", "tests.faults", "--faults", str(number)]
    command += ["--seed", str(seed)] if seed is not None else []
    return subprocess.run(command, cwd=CLONE, check=False).returncode


def attack(populations, seed):
    """Its last line is the result; the exit code is zero only when nothing was recovered."""
    command = [sys.executable, "-m", "tests.attack", "--populations", str(populations), "--seed", str(seed)]
    return subprocess.run(command, cwd=CLONE, check=False).returncode


def fuzz(calls, seed):
    """Its last line is the result; the exit code is zero only when there was no fault. Pytest starts the servers."""
    command = [sys.executable, "-m", "tests.fuzz", "--calls", str(calls)]
    command += ["--seed", str(seed)] if seed is not None else []
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
