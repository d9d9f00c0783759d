"""Every write about a person and a case. One function per act: keyword-only, ``by=``, atomic, audited."""

from cases.operations.access import end_access, grant_access
from cases.operations.case import open_case, view_case, view_desk, view_list, view_person
from cases.operations.clocks import extend_clock, finish_clock, start_clock
from cases.operations.consents import record_consent, record_waiver, withdraw_consent
from cases.operations.notes import add_to_note, save_note, sign_note
from cases.operations.notices import notify
from cases.operations.people import add_person, save_person, save_safe_contact, search_people

__all__ = [
    "add_person", "add_to_note", "end_access", "extend_clock", "finish_clock", "grant_access", "notify", "open_case",
    "record_consent", "record_waiver", "save_note", "save_person", "save_safe_contact", "search_people", "sign_note",
    "start_clock", "view_case", "view_desk", "view_list", "view_person", "withdraw_consent",
]  # fmt: skip
