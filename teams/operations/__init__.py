"""Every write about a team, its coordinator and decisions."""

from teams.operations.board import (
    announce_minutes,
    close_list,
    drop_meeting,
    record_urgent,
    register_meeting,
    report_list,
    report_urgent,
    view_lists,
)
from teams.operations.caseload import (
    begin_import,
    continue_import,
    examine_caseload,
    forget_import,
    import_line,
    pass_case,
)
from teams.operations.conflict import answer_conflict, view_question
from teams.operations.coordinator import appoint_coordinator
from teams.operations.cover import cover_absence, end_cover
from teams.operations.decisions import decide
from teams.operations.handover import hand_over
from teams.operations.letters import fetch_letter, release_letter
from teams.operations.log_question import (
    answer_reading,
    close_report,
    settle_question,
    view_log_question,
    view_log_report,
    view_reading_questions,
)
from teams.operations.log_review import begin_log_review, judge_sample, sign_log_review, view_log_review
from teams.operations.outside import add_outside_member, end_outside_member
from teams.operations.proposals import (
    propose_decision,
    send_back,
    send_decision,
    view_decision,
    withdraw_proposal,
)
from teams.operations.reports import fetch_report, keep_report
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
from teams.operations.steps import (
    forward_appeal,
    hear_party,
    receive_appeal,
    record_answer,
    record_carrying_out,
    record_judgment,
    record_receipt,
    tell_party,
)
from teams.operations.team import answer_invitation, invite_member, leave_own_team, leave_team, view_invitation

__all__ = [
    "add_outside_member", "add_row", "adopt_draft", "adopt_scheme", "announce_minutes", "answer_conflict",
    "answer_invitation", "appoint_coordinator", "begin_import", "begin_log_review", "change_row", "close_list",
    "continue_import", "cover_absence", "decide", "drop_draft", "drop_meeting", "end_cover",
    "end_outside_member", "examine_caseload", "fetch_letter", "fetch_report", "forget_import", "forward_appeal",
    "hand_over", "hear_party", "import_line", "invite_member", "judge_sample", "keep_report", "leave_own_team",
    "leave_team", "pass_case", "propose_decision", "receive_appeal", "record_answer", "record_carrying_out",
    "record_judgment", "record_receipt", "record_urgent", "register_meeting", "release_letter", "remove_row",
    "replace_rows", "report_list", "report_urgent", "send_back", "send_decision", "sign_log_review",
    "start_draft", "tell_party", "view_decision", "view_invitation", "view_lists", "view_log_review",
    "view_question", "withdraw_proposal",
    "answer_reading", "close_report", "settle_question", "view_log_question", "view_log_report",
    "view_reading_questions",
]  # fmt: skip
