"""What operations say no with, in English, for other systems. Screens are Swedish; nothing else is translated."""

import functools
import re
import tomllib
from pathlib import Path


@functools.cache
def sentences():
    """{Swedish: English}, with {} where something is put in."""
    rows = tomllib.loads((Path(__file__).parent / "english.toml").read_text())["said"]
    return {row["sv"]: row["en"] for row in rows}


@functools.cache
def _patterns():
    return [
        (re.compile("(.+)".join(re.escape(part) for part in sv.split("{}")), re.DOTALL), en)
        for sv, en in sentences().items()
    ]  # fmt: skip


def in_english(sentence):
    """'' when nobody has said it in English. What was put in is left out where the English does not ask for it."""
    for pattern, en in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            return en.format(*found.groups()[: en.count("{}")])
    return ""
