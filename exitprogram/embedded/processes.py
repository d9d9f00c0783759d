"""Children: started, watched, stopped in reverse order, and gone when we are gone."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .places import GivingUp

PATIENCE = 20  # seconds a child has to stop of its own accord
PR_SET_PDEATHSIG = 1
# Loaded here and not in the child: between fork and exec nothing may be imported.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _follow_parent(stop, parent):
    """Runs in the child, after it has changed account (that would clear it): the kernel tells it when we die."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, stop)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen
    log: Path
    stop: signal.Signals

    def has_died(self):
        return self.process.poll() is not None

    def last_words(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def end(self):
        """Ask; after a while insist, with the whole process group."""
        if self.has_died():
            return
        self.process.send_signal(self.stop)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Family:
    """Every child of one run. Leaving the ``with`` block stops them, the last first."""

    def __init__(self, logs):
        logs.mkdir(mode=0o700, exist_ok=True)
        self.logs = logs
        self.children = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop_all()

    def start(self, name, argv, *, env, stop=signal.SIGTERM, account=None, cwd=None, pass_fds=()):
        """Its own session, so that Ctrl-C in the terminal reaches us alone and we choose the order."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                pass_fds=pass_fds,
                umask=0o077,
                start_new_session=True,
                preexec_fn=partial(_follow_parent, stop, os.getpid()),
                **(account.drop() if account else {}),
            )
        child = Child(name, process, log, stop)
        self.children.append(child)
        return child

    def check(self):
        """Give up, with its last words, when a child has died."""
        for child in self.children:
            if child.has_died():
                raise GivingUp(
                    f"{child.name} har stannat (kod {child.process.returncode}). Slutet av {child.log}:\n"
                    f"{child.last_words()}"
                )

    def wait_until(self, ready, *, what, seconds):
        """Until ``ready()``; a child that dies meanwhile ends the waiting at once."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise GivingUp(f"{what} svarade inte inom {seconds} sekunder. Loggar: {self.logs}")
            time.sleep(0.05)

    def stop_all(self):
        while self.children:
            self.children.pop().end()
