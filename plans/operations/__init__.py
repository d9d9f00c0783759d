"""Every write about the coordinated plan."""

from plans.operations.agree import agree_version, new_version
from plans.operations.archive import make_export
from plans.operations.catalogue import add_catalogue_measure, withdraw_catalogue_measure
from plans.operations.closing import close_case, end_plan, reopen_case
from plans.operations.content import (
    add_goal,
    drop_goal,
    save_goal,
    save_version,
    send_out,
    start_plan,
)  # fmt: skip
from plans.operations.documents import open_shared_document
from plans.operations.exchange import BUNDLE, open_bundle, release_bundle
from plans.operations.follow_up import finish_follow_up, save_follow_up
from plans.operations.leaving import leave_as_contributor
from plans.operations.measures import add_measure, drop_measure, save_measure, set_measure_status
from plans.operations.meetings import answer_call, call_meeting, cancel_meeting, move_meeting, take_calendar
from plans.operations.minutes import measure_from_minutes, save_minutes, save_preparation, sign_minutes
from plans.operations.outcomes import watch_outcomes
from plans.operations.own_measures import report_measure, report_moving, report_stuck, view_own_measures
from plans.operations.progress import move_measure
from plans.operations.readings import release_readings
from plans.operations.release import begin_copies, fetch_copy, release_copy
from plans.operations.sections import (
    decline_section,
    drop_section,
    request_section,
    save_section,
    sign_section,
    take_up_section,
    view_section,
)  # fmt: skip

__all__ = [
    "BUNDLE", "begin_copies", "make_export", "view_by_system",
    "add_catalogue_measure", "add_goal", "add_measure", "agree_version", "answer_call", "call_meeting",
    "cancel_meeting", "close_case", "decline_section", "drop_goal", "drop_measure", "drop_section", "end_plan",
    "fetch_copy", "finish_follow_up", "leave_as_contributor", "measure_from_minutes", "move_measure",
    "move_meeting", "new_version", "open_bundle", "open_shared_document", "release_bundle", "release_copy",
    "release_readings", "reopen_case", "report_measure", "report_moving", "report_stuck", "request_section",
    "save_follow_up", "save_goal", "save_measure", "save_minutes", "save_preparation", "save_section",
    "save_version", "send_out", "set_measure_status", "sign_minutes", "sign_section", "start_plan", "take_calendar",
    "take_up_section", "view_own_measures", "view_section", "watch_outcomes",
    "withdraw_catalogue_measure",
]  # fmt: skip
