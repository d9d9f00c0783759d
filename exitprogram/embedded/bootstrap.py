"""The virtual environment: made from the lock file, and only when the lock file has changed."""

import hashlib
import importlib.util
import os
import subprocess
import sys

from . import system
from .places import CLONE, GivingUp, Lock, claim, elsewhere, environment_folder, inside, say

# What is installed for the tests serves the demo too (tests/test_embedded.py: the one lock contains the other).
SERVES = {"requirements.txt": ("requirements.txt", "requirements-test.txt"), "requirements-test.txt": ()}


def continue_inside(lock_file, arguments):
    """Make the environment if needed, then become its Python. Returns only when we already are."""
    environment = environment_folder()
    ensure(environment, lock_file)
    if not inside(environment):
        python = str(environment / "bin/python")
        os.execv(python, [python, "-m", "exitprogram.embedded", *arguments])


def ensure(environment, lock_file):
    if environment.parent == elsewhere():
        claim(environment.parent)
    lock = Lock(environment.with_name(f"{environment.name}.lock"))
    if not lock.taken():
        say("Väntar på att en annan körning ska bli klar med installationen …")
        lock.taken(wait=True)
    if _is_installed(environment, lock_file):
        return
    _make(environment)
    _install(environment, lock_file)


def _stamp(environment, lock_file):
    return environment / f"installed-{lock_file}.sha256"


def _digest(lock_file):
    return hashlib.sha256((CLONE / lock_file).read_bytes()).hexdigest()


def _is_installed(environment, lock_file):
    if not _works(environment):
        return False
    for candidate in {lock_file, *SERVES[lock_file]}:
        stamp = _stamp(environment, candidate)
        if stamp.exists() and stamp.read_text() == _digest(candidate):
            return True
    return False


def _works(environment):
    """False when there is none, and when the Python it was made with has gone."""
    python = environment / "bin/python"
    if inside(environment):
        return True
    return python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0


def _make(environment):
    if _works(environment):
        return
    _need_ensurepip()
    say(f"Skapar den virtuella miljön {environment} …")
    command = [sys.executable, "-m", "venv", "--clear", environment]
    if subprocess.run(command, check=False).returncode:
        raise GivingUp(f"Den virtuella miljön gick inte att skapa i {environment}; se ovan.")


def _need_ensurepip():
    """Debian and Ubuntu ship Python without it."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    system.install([package])
    importlib.invalidate_caches()
    if not importlib.util.find_spec("ensurepip"):
        raise GivingUp(f"Python saknar ensurepip; installera det med: {system.command([package])}")


def _install(environment, lock_file):
    say(f"Installerar låsta beroenden ur {lock_file} (första gången ungefär en minut) …")
    python = environment / "bin/python"
    if subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "ensurepip"], check=True)
    for other in SERVES:
        _stamp(environment, other).unlink(missing_ok=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
        + ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", CLONE / lock_file],
        check=False,
    )
    if done.returncode:
        raise GivingUp("Beroendena gick inte att installera; se pip:s felmeddelande ovan.")
    _stamp(environment, lock_file).write_text(_digest(lock_file))
