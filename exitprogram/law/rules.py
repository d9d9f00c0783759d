"""Law as data: effective-dated rules with their citation, resolved by the date of the *event*, never by today's.

The records are in ``rules.toml``, written so that a lawyer can read and correct them. A new law is a new record.
"""

import functools
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


class NoRule(LookupError):
    """No record covers that day. The law of that day must be entered before the system can apply it."""


@dataclass(frozen=True)
class Rule:
    id: str
    text: str
    citation: str
    valid_from: date
    valid_until: date | None = None  # last day, included
    values: dict = field(default_factory=dict)

    def in_force(self, on):
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@functools.cache
def all_rules():
    records = tomllib.loads((Path(__file__).parent / "rules.toml").read_text())["rule"]
    return tuple(Rule(**record) for record in records)


def rule(rule_id, *, on):
    """The one record with this id in force that day. Raises NoRule."""
    for found in all_rules():
        if found.id == rule_id and found.in_force(on):
            return found
    raise NoRule(f"Ingen regel {rule_id} gäller {on}.")
