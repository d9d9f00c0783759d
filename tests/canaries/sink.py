"""Where a secret could run out. Each sink gives its pieces, with what each of them may hold, and pieces of its own
format in which a secret does lie: one that is not found there makes the whole search worth nothing."""

from dataclasses import dataclass, field
from typing import Any

SINKS = {}


@dataclass(frozen=True)
class Piece:
    place: str
    content: Any
    may: frozenset = frozenset()


@dataclass(frozen=True)
class Control:
    """It is there, and must be found."""

    content: Any
    canary: str


@dataclass
class Result:
    looked: int = 0
    controls: int = 0
    leaks: dict = field(default_factory=dict)


def sink(name):
    def keep(pieces):
        SINKS[name] = pieces
        return pieces

    return keep


def search(stage, name, **more):
    result = Result()
    for piece in SINKS[name](stage, **more):
        found = stage.told(piece.content)
        if isinstance(piece, Control):
            assert piece.canary.lower() in found, f"{name}: the search itself is blind"
            result.controls += 1
            continue
        result.looked += 1
        if leaked := found - piece.may:
            result.leaks[piece.place] = {canary: whence(stage, canary) for canary in sorted(leaked)[:5]}
    return result


def whence(stage, canary):
    """What it is, for whoever reads the failure: the column it lies in and the operation it went in by."""
    lies = sorted({label for label, _key in stage.where.get(canary, ())})
    return f"{stage.register.words.get(canary) or stage.register.numbers.get(canary)} in {', '.join(lies)}"
