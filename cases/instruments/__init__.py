"""Instruments are versioned data: domains, questions, scales, and guidance in words.

One TOML file per version in this folder. An assessment keeps the id and version it was made with and is always read by
them. There is no sum, no weight and no level: nothing here can be compared with a limit by anybody but a reader.
"""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DECLINED = ("declined", "Vill inte svara")


@dataclass(frozen=True)
class Scale:
    """Steps between two ends, a few named choices, or words."""

    id: str
    lowest: int = 0
    highest: int = 0
    low: str = ""
    high: str = ""
    choice: tuple = ()
    words: bool = False
    longest: int = 2000
    may_decline: bool = False  # «vill inte svara» is an answer, and not the same as none

    @property
    def is_steps(self):
        return self.highest > self.lowest

    @property
    def choices(self):
        steps = [(str(step), str(step)) for step in range(self.lowest, self.highest + 1)] if self.is_steps else []
        return steps + [(one["code"], one["label"]) for one in self.choice] + [DECLINED] * self.may_decline

    def allows(self, answer):
        if self.words:
            return isinstance(answer, str) and len(answer) <= self.longest
        return str(answer) in dict(self.choices)

    def shown(self, answer):
        if self.words:
            return answer
        return f"{answer} av {self.highest}" if self.number(answer) is not None else dict(self.choices)[answer]

    def number(self, answer):
        """The step, or None for what was not asked, not answered or declined: no line goes through that."""
        return int(answer) if self.is_steps and answer and answer != DECLINED[0] else None

    def in_table(self, answer):
        return "–" if not answer else dict(self.choices)[answer]


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    short: str
    scale: Scale
    needed: bool = False
    of: str = ""  # the worker's own picture of the question with this id
    source: str = ""  # when it is not the instrument's
    licence: str = ""


@dataclass(frozen=True)
class Domain:
    id: str
    title: str
    area: str  # of the plan; empty when it is about none of them
    questions: tuple


@dataclass(frozen=True)
class Guidance:
    """What to think of next when somebody has answered so. Words for a reader, never read by the program."""

    question: str
    text: str
    at_most: int | None = None
    when: tuple = ()

    def fits(self, answer):
        return answer in self.when if self.when else str(answer).isdigit() and int(answer) <= self.at_most


@dataclass(frozen=True, kw_only=True)
class Instrument:
    id: str
    version: str
    title: str
    purpose: str
    how: str
    source: str = ""
    licence: str = ""
    valid_from: date
    valid_until: date | None = None  # last day, included
    repeated: bool = False
    threats: bool = False
    outcome: bool = False  # asked at fixed times; its signing is what the clocks wait for
    domains: tuple
    guidance: tuple = ()

    def in_force(self, on):
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    @property
    def questions(self):
        return [question for domain in self.domains for question in domain.questions]

    def advice(self, question, answer):
        return [one.text for one in self.guidance if one.question == question.id and one.fits(answer)]


def read(source):
    """One instrument from the text of its file."""
    data = tomllib.loads(source)
    scales = {one["id"]: Scale(**{**one, "choice": tuple(one.get("choice", ()))}) for one in data.pop("scale")}
    domains = tuple(
        Domain(one["id"], one["title"], one["area"], tuple(_questions(one["question"], scales)))
        for one in data.pop("domain")
    )
    guidance = tuple(Guidance(**{**one, "when": tuple(one.get("when", ()))}) for one in data.pop("guidance", ()))
    return Instrument(**data, domains=domains, guidance=guidance)


def _questions(records, scales):
    """With «seen», the same thing is asked of the worker too."""
    for record in records:
        record = dict(record)
        seen, scale = record.pop("seen", ""), scales[record["scale"]]
        yield Question(**{**record, "scale": scale})
        if seen:
            yield Question(f"{record['id']}_seen", seen, f"{record['short']}, vår bild", scale, of=record["id"])


@functools.cache
def all_instruments():
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return tuple(read(path.read_text()) for path in files)


def in_force(*, on):
    """One version of each, in the order in which they are usually wanted."""
    order = {"safety": 0, "outcome": 1, "wellbeing": 2}
    return sorted((one for one in all_instruments() if one.in_force(on)), key=lambda one: order.get(one.id, 9))


def instrument(wanted, version):
    """Exactly that version, also one that is no longer in use. None when there never was one."""
    return next((one for one in all_instruments() if (one.id, one.version) == (wanted, version)), None)


def newest(wanted, *, on):
    return next((one for one in all_instruments() if one.id == wanted and one.in_force(on)), None)
