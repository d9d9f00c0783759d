"""The questions of *Första kontakten*, as data, resolved by the day of the event."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from exitprogram.law.rules import rule

UNKNOWN = "unknown"
ANSWERS = {"yes": "Ja", "no": "Nej", UNKNOWN: "Vet inte än"}


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One thing to ask, to notice or to fit the plan to. Only the fields of its own kind are filled."""

    id: str
    valid_from: date
    valid_until: date | None = None  # last day, included
    title: str = ""
    ask: str = ""
    listen: str = ""
    short: str = ""  # of the triage: the alarming answer in words
    alarm: str = ""
    rule: str = ""
    label: str = ""
    plan: str = ""

    def in_force(self, on):
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def at_once(self, on):
        """What to do at once, with its citation: a rule of law of that day."""
        return rule(self.rule, on=on)


@functools.cache
def _all():
    records = tomllib.loads((Path(__file__).parent / "prompts.toml").read_text())
    return {kind: tuple(Prompt(**record) for record in found) for kind, found in records.items()}


def screening(*, on):
    return [prompt for prompt in _all()["screening"] if prompt.in_force(on)]


def triage(*, on):
    return [prompt for prompt in _all()["triage"] if prompt.in_force(on)]


def needs(*, on):
    return [prompt for prompt in _all()["need"] if prompt.in_force(on)]


def triage_question(wanted):
    """Any question there has been: a step raised by it may still wait."""
    return next(prompt for prompt in _all()["triage"] if prompt.id == wanted)
