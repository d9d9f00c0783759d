"""The steps when something is late: its owner the day after, whoever stands in for her, then those who lead.

The days are law data (``clock.overdue``, or the clock's own rule). What was acknowledged is told anew when what is
watched rests on a law; of what is habit alone an acknowledgement is enough."""

from dataclasses import dataclass

from exitprogram.law.rules import rule

PRACTICE = "Praxis (ingen lagregel)"


@dataclass(frozen=True)
class Steps:
    """Days after the day; ``again_days`` after an acknowledgement."""

    cover_days: int
    escalate_days: int
    again_days: int | None


def steps_of(rule_id, *, on, escalate_days=None):
    """``escalate_days``: what an authority has chosen instead of the rule's own."""
    law, common = rule(rule_id, on=on), rule("clock.overdue", on=on).values
    values = common | law.values
    lead = values["escalate_days"] if escalate_days is None else escalate_days
    again = None if law.citation == PRACTICE else values["again_days"]
    return Steps(min(values["cover_days"], lead), lead, again)
