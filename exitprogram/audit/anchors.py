"""Heads of the log, kept where whoever owns the database does not write.

Every five minutes a line is added to a file outside the database: the newest link of each chain that has moved, when,
the hash of the line before, and a signature (Ed25519) by a key that the database has never seen. Ship the folder to
somewhere that only takes additions; the line is also said in the process's own log. Each day's file begins with every
chain. A line of kind ``restored`` is written by hand after a backup has been read back: it says from where the log goes
on, and why.
"""

import base64
import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

NAME = "log-{}.jsonl"  # of a day, UTC


class Broken(Exception):
    """An anchor that cannot be trusted: what, and where."""


@dataclass(frozen=True)
class Anchor:
    """One line. ``heads``: {authority id: (place of its newest link, hash)}."""

    at: datetime
    heads: dict
    restored: str = ""


def private_key():
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.ANCHOR_KEY))


def add(heads, at, restored=""):
    """One line more: what has moved since the last one of the day. Gives the line."""
    with _locked() as folder:
        path = folder / NAME.format(at.strftime("%Y-%m-%d"))
        known = {}
        for anchor in read(folder, only=path.name):
            known |= anchor.heads
        moved = {
            str(chain): [seq, seal.hex()]
            for chain, (seq, seal) in heads.items()
            if restored or known.get(chain) != (seq, seal)
        }
        said = {"at": at.isoformat(), "heads": moved, "before": sha256(_last_line(folder)).hexdigest()}
        if restored:
            said["restored"] = restored
        said["signature"] = base64.b64encode(private_key().sign(_signed(said))).decode()
        line = json.dumps(said, sort_keys=True)
        with path.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    return line


def read(folder=None, only=""):
    """[Anchor] in order, each line's signature and place asked for. Broken with a sentence when one is wrong."""
    folder, before, found, key = folder or settings.ANCHOR_DIR, None, [], private_key().public_key()
    for path in sorted(folder.glob(NAME.format("*"))) if folder.is_dir() else []:
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            said = _checked(key, line, f"{path.name} rad {number}")
            if before is not None and said["before"] != sha256(before).hexdigest():
                raise Broken(f"{path.name} rad {number}: raden före är ändrad eller borta")
            before = line
            if not only or path.name == only:
                found.append(_anchor(said))
    return found


def _checked(key, line, place):
    try:
        said = json.loads(line)
        key.verify(base64.b64decode(said["signature"]), _signed(said))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise Broken(f"{place}: förankringen är ändrad") from None
    return said


def _anchor(said):
    heads = {UUID(chain): (seq, bytes.fromhex(seal)) for chain, (seq, seal) in said["heads"].items()}
    return Anchor(datetime.fromisoformat(said["at"]), heads, said.get("restored", ""))


def _signed(said):
    return json.dumps({name: said[name] for name in said if name != "signature"}, sort_keys=True).encode()


def _last_line(folder):
    for path in sorted(folder.glob(NAME.format("*")), reverse=True):
        if lines := path.read_bytes().splitlines():
            return lines[-1]
    return b""


@contextmanager
def _locked():
    """One writer at a time, also when beat asks twice."""
    folder = settings.ANCHOR_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
