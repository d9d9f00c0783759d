"""Where things live on disk, who may reach them, and the one way to give up with a sentence."""

import fcntl
import hashlib
import os
import pwd
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
SHARED = Path("/var/tmp")  # noqa: S108 — unlike /tmp it survives a restart; what we make there is checked by claim()


class GivingUp(Exception):
    """The starter cannot go on. ``str(why)`` is the Swedish sentence shown."""


def say(sentence):
    print(sentence, flush=True)


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def drop(self):
        """Keyword arguments for Popen: the child runs as this account, with none of our groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def servers_account():
    """PostgreSQL refuses to run as root, so root's servers run as ``nobody``; anybody else runs them as themself."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def clone_is_writable():
    return os.access(CLONE, os.W_OK | os.X_OK)


def elsewhere():
    """A folder of this clone and this person outside the clone."""
    mark = hashlib.sha256(f"{CLONE}:{os.geteuid()}".encode()).hexdigest()[:10]
    return SHARED / f"exitprogram-{mark}"


def state_folder():
    """The demo's data. Never inside root's clone: that may lie under a home which ``nobody`` cannot enter."""
    if os.geteuid() == 0 or not clone_is_writable():
        return elsewhere()
    return CLONE / "var/state"


def environment_folder():
    return (CLONE if clone_is_writable() else elsewhere()) / ".venv"


def claim(folder):
    """Make the folder ours, or refuse: anybody may have put something of that name in a shared place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise GivingUp(f"Mappen {folder} tillhör någon annan; ta bort den och försök igen.")
    # Root's servers run as somebody else and must walk through, but see no names.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def give(folder, account):
    """A folder that only the servers' account reads."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def reachable_by_all(path):
    """May any account on the machine read this? False when some folder above is closed (a clone under a home)."""
    path = Path(path).resolve()
    return os.stat(path).st_mode & stat.S_IROTH and all(
        os.stat(parent).st_mode & stat.S_IXOTH for parent in path.parents
    )


def write_private(path, text):
    """Never readable by others, not even for an instant."""
    with suppress(FileNotFoundError):
        path.unlink()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


class Lock:
    """An advisory lock that ends with the process, however it ends. The file says what its holder wants known."""

    def __init__(self, path):
        self.file = path.open("a+")

    def taken(self, *, wait=False):
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def note(self, text):
        self.file.seek(0)
        self.file.truncate()
        self.file.write(text)
        self.file.flush()

    def read(self):
        self.file.seek(0)
        return self.file.read()


def inside(environment):
    """Does this very process run in the virtual environment?"""
    return Path(sys.prefix).resolve() == environment.resolve()
