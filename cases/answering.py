"""Who gives a consent when the person in the case is not the one who decides alone: a child. Who that is, and what each
of them has said, is kept by a room above."""


class Nobody:
    """Where no room keeps any."""

    def giver(self, case, consent):
        return None


KEEPERS = [Nobody()]


def keep(keeper):
    KEEPERS[:] = [keeper]


def giver(case, consent):
    """By whom this consent is given: a ``Consent.Giver``, or None where the person decides. Raises Refused, with the
    rule, while somebody whose answer is needed has not said yes."""
    return KEEPERS[0].giver(case, consent)
