"""Questions to one who has a case, from the rooms above this one. They are shown on *Min dag*; each room says here what
asks, since nothing below may import it."""

from dataclasses import dataclass
from datetime import datetime

ASKING = []  # functions: by -> rows


@dataclass(frozen=True)
class Asked:
    state: str
    what: str
    url: str
    number: str  # of the case
    at: datetime


def asked_of(by):
    return [row for asking in ASKING for row in asking(by)]
