"""Counters of the web's answers, for those who watch. Several processes answer; each counts in a small file of its own
that all of them can read, so that whichever is asked tells of all. Names are fixed: no path, person or address."""

import mmap
import os
import struct
import threading
from contextlib import suppress

from django.conf import settings

LADDER = (50, 100, 300, 1000, 3000)  # milliseconds
NAMES = (
    "requests_2xx", "requests_3xx", "requests_4xx", "requests_5xx", "refused_403", "refused_404", "stale_409",
    "sign_in_failed", "request_ms_sum", *(f"request_ms_le_{step}" for step in LADDER),
)  # fmt: skip
SIZE = 8 * len(NAMES)
PLACE = {name: 8 * number for number, name in enumerate(NAMES)}
_lock, _mine = threading.Lock(), {}


def folder():
    return settings.STATE_DIR / "counted"


def _sheet():
    """This process's own, in memory when there is nowhere to write. A child does not write in its parent's."""
    if os.getpid() not in _mine:
        _mine.clear()
        sheet = mmap.mmap(-1, SIZE)
        with suppress(OSError):
            folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(folder() / str(os.getpid()), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
                file.truncate(SIZE)
                sheet = mmap.mmap(file.fileno(), SIZE)
        _mine[os.getpid()] = sheet
    return _mine[os.getpid()]


def add(name, number=1):
    with _lock:
        sheet, place = _sheet(), PLACE[name]
        struct.pack_into("<Q", sheet, place, struct.unpack_from("<Q", sheet, place)[0] + number)


def answered(status, milliseconds, *, is_sign_in=False):
    """One answer: its kind, how long it took, and whether it was a refusal."""
    add(f"requests_{min(max(status // 100, 2), 5)}xx")
    add("request_ms_sum", round(milliseconds))
    for step in LADDER:
        if milliseconds <= step:
            add(f"request_ms_le_{step}")
    for name in ("refused_403", "refused_404", "stale_409"):
        if name.endswith(str(status)):
            add(name)
    if is_sign_in and status != 302:
        add("sign_in_failed")


def totals():
    """(name, number) over every process of this machine, those that have ended too."""
    with _lock:
        sheets = [bytes(_sheet())]
    with suppress(OSError):
        sheets += [path.read_bytes() for path in folder().iterdir() if path.name != str(os.getpid())]
    columns = [struct.unpack(f"<{len(NAMES)}Q", sheet) for sheet in sheets if len(sheet) == SIZE]
    return [(name, sum(numbers)) for name, *numbers in zip(NAMES, *columns, strict=True)]
