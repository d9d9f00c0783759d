"""Every write about a team, its coordinator and decisions."""

from teams.operations.board import (
    close_list,
    drop_meeting,
    record_urgent,
    register_meeting,
    report_list,
    view_lists,
)
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
    "add_outside_member", "add_row", "adopt_draft", "adopt_scheme", "answer_invitation", "appoint_coordinator",
    "change_row", "close_list", "cover_absence", "decide", "drop_draft", "drop_meeting", "end_cover",
    "end_outside_member", "hand_over", "invite_member", "leave_own_team", "leave_team", "propose_decision",
    "record_urgent", "register_meeting", "remove_row", "replace_rows", "report_list", "start_draft", "view_decision",
    "view_invitation", "view_lists",
]  # fmt: skip
