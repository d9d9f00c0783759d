"""What the administrator sets for the whole authority."""

from cases import operations as cases
from tests.acts import Act

OTHERS = ("anna", "maud", "leo", "cilla", "sara", "mika", "rut")
WARN = {"rule_id": "note.follow_up", "warn_days": [3, 0], "escalate_days": 5}
ACTS = [
    Act(cases.save_reminder_days, "adam", lambda w: WARN, OTHERS),
    Act(cases.restore_reminder_days, "adam", lambda w: {"rule_id": "outcome.points"}, OTHERS),
]
