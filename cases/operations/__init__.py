"""Every write about a person and a case. One function per act: keyword-only, ``by=``, atomic, audited."""

from cases.operations.access import end_access, grant_access
from cases.operations.assessments import save_assessment, sign_assessment
from cases.operations.blocks import block_access, lift_block
from cases.operations.case import open_case, view_case, view_desk, view_list, view_person
from cases.operations.clocks import extend_clock, finish_about, finish_clock, hand_clock, start_clock
from cases.operations.consents import record_consent, record_waiver, withdraw_consent
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
from cases.operations.intake import handle_urgent, save_intake
from cases.operations.emergency import end_emergency, open_in_emergency, review_emergency, view_emergency
from cases.operations.merges import find_duplicates, merge_people, undo_merge
from cases.operations.notes import add_to_note, discard_note, save_note, sign_note
from cases.operations.notices import notify
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
from cases.operations.residence import (
    decide_permit,
    record_permit,
    record_residence,
    revoke_permit,
    save_interpreter_wishes,
)
from cases.operations.retention import (
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
    "add_document", "open_document", "rescan_document", "set_document_readers", "state_reader", "sweep_files",
    "carry_out_disposal", "drop_disposal", "end_retention_mark", "mark_retention", "prepare_disposal", "sign_disposal",
    "view_retention",
    "add_number", "end_number", "find_duplicates", "merge_people", "show_search", "start_search", "undo_merge",
    "answer_transfer", "disclose", "file_received", "give_transfer", "hand_over", "open_received", "print_copy",
    "read_answer", "register_receipt", "request_transfer", "take_over", "view_transfer", "withdraw_transfer",
    "block_access", "end_emergency", "lift_block", "open_in_emergency", "review_emergency", "view_emergency",
    "blank_open_contact", "convert_open_contact", "handle_urgent", "record_open_contact", "save_assessment",
    "save_intake", "sign_assessment",
    "add_place", "confirm_safe_contact", "end_place", "end_reader", "name_reader", "report_reveals", "reveal_place",
    "review_mark", "show_place",
    "add_avoid_place", "add_person", "add_support_period", "add_to_note", "decide_permit", "discard_note",
    "end_access", "end_avoid_place", "end_exception", "end_support_period", "extend_clock", "finish_about", "finish_clock",
    "grant_access", "hand_clock", "notify", "open_case", "record_consent", "record_exception", "record_permit", "record_residence",
    "record_return_consent", "record_travel", "record_waiver", "revoke_permit", "save_identification",
    "save_interpreter_wishes", "save_note", "save_person", "save_return_plan", "save_safe_contact", "search_people",
    "share_return", "sign_identification", "sign_note", "start_clock", "stop_return", "view_case", "view_desk",
    "view_list", "view_person", "withdraw_consent", "withdraw_return_consent",
]  # fmt: skip
