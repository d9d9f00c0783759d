"""Signs of trafficking as data: ``signs.toml`` beside this file."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path


@dataclass(frozen=True)
class Sign:
    id: str
    group: str
    text: str
    until: date | None = None  # last day on which it can be chosen


@functools.cache
def all_signs():
    records = tomllib.loads((Path(__file__).parent / "signs.toml").read_text())["sign"]
    return {record["id"]: Sign(**record) for record in records}


def choices(*, on):
    """Grouped, as a form field takes them; only those that are used that day."""
    used = [sign for sign in all_signs().values() if sign.until is None or on <= sign.until]
    return [(group, [(s.id, s.text) for s in found]) for group, found in groupby(used, key=lambda sign: sign.group)]


def texts(ids):
    """What a signed row says, also of signs that are no longer used."""
    return [all_signs()[one].text for one in ids if one in all_signs()]
