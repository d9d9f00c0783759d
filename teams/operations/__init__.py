"""Every write about a team, its coordinator and decisions."""

from teams.operations.coordinator import appoint_coordinator
from teams.operations.decisions import decide, propose_decision, view_decision
from teams.operations.scheme import adopt_scheme
from teams.operations.team import answer_invitation, invite_member, leave_team, view_invitation

__all__ = [
    "adopt_scheme", "answer_invitation", "appoint_coordinator", "decide", "invite_member", "leave_team",
    "propose_decision", "view_decision", "view_invitation",
]  # fmt: skip
