"""Every write about a person and a case. One function per act: keyword-only, ``by=``, atomic, audited."""

from cases.operations.access import end_access, grant_access
from cases.operations.archive import (
    approve_export,
    ask_export,
    begin_export,
    confirm_received,
    end_exports,
    fetch_export,
    keep_package,
    refuse_export,
    withdraw_export,
)
from cases.operations.assessments import save_assessment, sign_assessment
from cases.operations.blocks import block_access, lift_block
from cases.operations.case import open_case, save_beginning, view_case, view_desk, view_list, view_person
from cases.operations.clocks import extend_clock, finish_about, finish_clock, hand_clock, reopen_clock, start_clock
from cases.operations.consents import record_consent, record_waiver, withdraw_consent
from cases.operations.delivery import (
    acknowledge_clock,
    make_calendar,
    revoke_calendar,
    save_delivery,
    save_demand,
    use_calendar,
)
from cases.operations.disclosures import (
    disclose,
    file_received,
    hand_over,
    open_received,
    print_copy,
    register_receipt,
)
from cases.operations.documents import (
    add_document,
    open_document,
    rescan_document,
    set_document_readers,
    state_reader,
    sweep_files,
)
from cases.operations.emergency import end_emergency, open_in_emergency, review_emergency, view_emergency
from cases.operations.intake import handle_urgent, save_intake
from cases.operations.majority import keep_age, state_age
from cases.operations.merges import find_duplicates, merge_people, undo_merge
from cases.operations.notes import add_to_note, discard_note, save_note, sign_note
from cases.operations.notices import notify, notify_back
from cases.operations.numbers import add_number, end_number
from cases.operations.outreach import blank_open_contact, convert_open_contact, record_open_contact
from cases.operations.people import add_person, save_person, save_safe_contact
from cases.operations.places import (
    add_place,
    end_place,
    end_reader,
    name_reader,
    report_reveals,
    reveal_place,
    show_place,
)
from cases.operations.protection import confirm_safe_contact, review_mark
from cases.operations.reminders import restore_reminder_days, save_reminder_days
from cases.operations.residence import (
    decide_permit,
    record_permit,
    record_residence,
    revoke_permit,
    save_interpreter_wishes,
)
from cases.operations.retention import (
    begin_disposal,
    carry_out_disposal,
    drop_disposal,
    end_retention_mark,
    mark_retention,
    prepare_disposal,
    sign_disposal,
    view_retention,
)
from cases.operations.returning import (
    record_return_consent,
    record_travel,
    save_return_plan,
    share_return,
    stop_return,
    withdraw_return_consent,
)
from cases.operations.search import search_people, show_search, start_search
from cases.operations.secrecy import end_exception, record_exception
from cases.operations.systems import view_by_system
from cases.operations.trafficking import (
    add_avoid_place,
    add_support_period,
    end_avoid_place,
    end_support_period,
    save_identification,
    sign_identification,
)
from cases.operations.transfers import (
    answer_transfer,
    give_transfer,
    read_answer,
    request_transfer,
    take_over,
    view_transfer,
    withdraw_transfer,
)

__all__ = [
    "acknowledge_clock", "add_avoid_place", "add_document", "add_number", "add_person", "add_place",
    "add_support_period", "add_to_note", "answer_transfer", "approve_export", "ask_export", "begin_disposal",
    "begin_export", "blank_open_contact", "block_access", "carry_out_disposal", "confirm_received",
    "confirm_safe_contact", "convert_open_contact", "decide_permit", "discard_note", "disclose", "drop_disposal",
    "end_access", "end_avoid_place", "end_emergency", "end_exception", "end_exports", "end_number", "end_place",
    "end_reader", "end_retention_mark", "end_support_period", "extend_clock", "fetch_export", "file_received",
    "find_duplicates", "finish_about", "finish_clock", "give_transfer", "grant_access", "hand_clock", "hand_over",
    "handle_urgent", "keep_age", "keep_package", "lift_block", "make_calendar", "mark_retention", "merge_people",
    "name_reader", "notify", "notify_back", "open_case", "open_document", "open_in_emergency", "open_received",
    "prepare_disposal", "print_copy", "read_answer", "record_consent", "record_exception", "record_open_contact",
    "record_permit", "record_residence", "record_return_consent", "record_travel", "record_waiver",
    "refuse_export", "register_receipt", "reopen_clock", "report_reveals", "request_transfer", "rescan_document",
    "restore_reminder_days", "reveal_place", "review_emergency", "review_mark", "revoke_calendar",
    "revoke_permit", "save_assessment", "save_beginning", "save_delivery", "save_demand", "save_identification",
    "save_intake", "save_interpreter_wishes", "save_note", "save_person", "save_reminder_days",
    "save_return_plan", "save_safe_contact", "search_people", "set_document_readers", "share_return",
    "show_place", "show_search", "sign_assessment", "sign_disposal", "sign_identification", "sign_note",
    "start_clock", "start_search", "state_age", "state_reader", "stop_return", "sweep_files", "take_over",
    "undo_merge", "use_calendar", "view_by_system", "view_case", "view_desk", "view_emergency", "view_list",
    "view_person", "view_retention", "view_transfer", "withdraw_consent", "withdraw_export",
    "withdraw_return_consent", "withdraw_transfer",
]  # fmt: skip
