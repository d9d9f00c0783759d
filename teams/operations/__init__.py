"""Every write about a team, its coordinator and decisions."""

from teams.operations.coordinator import appoint_coordinator
from teams.operations.cover import cover_absence, end_cover
from teams.operations.decisions import decide, propose_decision, view_decision
from teams.operations.handover import hand_over
from teams.operations.outside import add_outside_member, end_outside_member
from teams.operations.scheme import (
    add_row,
    adopt_draft,
    adopt_scheme,
    change_row,
    drop_draft,
    remove_row,
    replace_rows,
    start_draft,
)
from teams.operations.team import answer_invitation, invite_member, leave_own_team, leave_team, view_invitation

__all__ = [
    "add_outside_member", "end_outside_member",
    "add_row", "adopt_draft", "adopt_scheme", "answer_invitation", "appoint_coordinator", "change_row", "cover_absence",
    "decide", "end_cover", "hand_over",
    "drop_draft", "invite_member", "leave_own_team", "leave_team", "propose_decision", "remove_row", "replace_rows",
    "start_draft", "view_decision", "view_invitation",
]  # fmt: skip
