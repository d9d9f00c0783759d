"""Somebody beside the person in a case, without a sign-in, who is handed a piece of the file only when that piece has
been released to that very one: a child's guardian. Who they are and what is released is kept by a room above."""

from dataclasses import dataclass
from uuid import UUID

from exitprogram.errors import Refused

KIND = "guardian"


@dataclass(frozen=True)
class Beside:
    pk: UUID
    words: str  # how a paper and the register name her
    refusal: str = ""  # why nothing can be handed to her as it is; "" when something is released


class Nobody:
    """Where no room keeps any."""

    def people(self, case):
        return []

    def require_released(self, case, pk, pieces):
        raise Refused("Personen finns inte i ärendet.")

    def refuse_named(self, case, *texts):
        pass

    def refuse_marked(self, case, *texts):
        pass


KEEPERS = [Nobody()]


def keep(keeper):
    KEEPERS[:] = [keeper]


def people(case):
    return KEEPERS[0].people(case)


def require_released(case, pk, pieces):
    """Raises Refused, with the rule, unless each piece is released to her today, as it now reads. Who it is."""
    return KEEPERS[0].require_released(case, pk, pieces)


def refuse_named(case, *texts):
    """Raises Refused when a recipient written by hand is somebody who is given nothing without a release."""
    KEEPERS[0].refuse_named(case, *texts)


def refuse_marked(case, *texts):
    """Raises Refused, with the rule, when somebody written by hand is one who may be the danger: in no team, at no
    meeting, as no contact and no recipient."""
    KEEPERS[0].refuse_marked(case, *texts)
