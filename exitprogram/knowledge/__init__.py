"""Knowledge at hand: which national knowledge support helps at which field. ``knowledge.toml`` names them by title and
says in a sentence of our own what each helps with; it copies nothing."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Support:
    id: str
    title: str
    publisher: str
    helps: str
    places: tuple
    checked: date  # the day somebody saw that it is there
    year: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Place:
    """A field or a page, with one sentence of help and the supports that belong there."""

    id: str
    help: str
    supports: tuple


@functools.cache
def places():
    """{id: Place}, in the file's order."""
    told = tomllib.loads((Path(__file__).parent / "knowledge.toml").read_text())
    supports = [Support(**{**record, "places": tuple(record["places"])}) for record in told["support"]]
    return {
        record["id"]: Place(**record, supports=tuple(s for s in supports if record["id"] in s.places))
        for record in told["place"]
    }


def at(place_id):
    """Raises KeyError for a place that nobody has written about: a misspelt one fails in a test."""
    return places()[place_id]


def support(support_id):
    """One support, wherever it is shown. Raises KeyError, like ``at``."""
    return {one.id: one for place in places().values() for one in place.supports}[support_id]
