"""What is watched about decisions."""

from cases.clocks import declare
from exitprogram.tenancy.roles import Permission

ENDS = "Bevakningen blir klar när det är gjort och antecknat på beslutets sida."


class DecisionClock:
    APPEAL = declare(
        "appeal", "Överklagande att ta hand om", moves=False, ends=ENDS,
        settled="wall.decision_settled('appeal', subject)",
    )  # fmt: skip
    TELL = declare(
        "tell", "Beslut att underrätta om", moves=False, ends=ENDS, settled="wall.decision_settled('tell', subject)",
        outsiders="wall.my_decision(subject)", begun_by=Permission.DECIDE,
    )  # fmt: skip
    # Begun by who decided, and need not have the case.
    UNEXECUTED = declare(
        "unexecuted", "Beslut att verkställa", moves=False, ends=ENDS,
        settled="wall.decision_settled('unexecuted', subject)", outsiders="wall.my_decision(subject)",
        begun_by=Permission.DECIDE,
    )  # fmt: skip
