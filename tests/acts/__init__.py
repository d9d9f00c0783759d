"""Every operation once: who may, with what, and who may not though they hold the row in their hands."""

from dataclasses import dataclass
from typing import Any

# The usual strangers: a colleague without the case, the administrator, the next board's worker, a nurse in the team,
# a nurse who is not, a mentor.
STRANGERS = ("leo", "adam", "cilla", "sara", "nils", "mika")


@dataclass(frozen=True)
class Act:
    operation: Any
    may: str  # the name of one in the world who may
    given: Any  # world -> keyword arguments
    may_not: tuple = STRANGERS

    @property
    def name(self):
        return f"{self.operation.__module__}.{self.operation.__name__}"


def without(*names, plus=()):
    return tuple(name for name in STRANGERS if name not in names) + tuple(plus)
