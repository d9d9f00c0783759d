"""The kinds of long work. Each room declares its own in ``<room>/jobs.py``; nothing else is ever run."""

from collections.abc import Callable
from dataclasses import dataclass

KINDS = {}


@dataclass(frozen=True)
class JobKind:
    """``do(by=, job=, part=)`` is one operation, in the same transaction as the part's tick: done once or not at all.
    ``page(job)`` is where what came of it is found. ``unit`` is what a part is called when there are several.
    ``expired()`` says in which authorities something lies whose time is over, and ``forget()`` destroys it there."""

    label: str
    do: Callable
    page: Callable
    unit: str = ""
    expired: Callable = tuple
    forget: Callable = None


def declare(name, **said):
    KINDS[name] = JobKind(**said)
    return name
