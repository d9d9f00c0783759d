"""The texts of the demonstration, read from the TOML files beside this one."""

import csv
import functools
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def _table(name):
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@functools.cache
def people():
    """[(programme, person)], adults first."""
    found = _table("people.toml")
    return [(programme, person) for programme in ("adult", "child") for person in found[programme]]


@functools.cache
def languages():
    return _table("people.toml")["languages"]


@functools.cache
def plans():
    return {plan["key"]: plan for plan in _table("plans.toml")["plan"]}


@functools.cache
def staff():
    return _table("staff.toml")["staff"]


@functools.cache
def authorities():
    return _table("staff.toml")["authority"]


@functools.cache
def moments():
    """What happens to whom beside the texts, by the person's key; ``delegation`` is the boards' scheme."""
    return _table("moments.toml")


@functools.cache
def official_numbers():
    with (HERE / "identity_numbers.csv").open(encoding="utf-8") as file:
        return frozenset(row["identity_number"] for row in csv.DictReader(file))
