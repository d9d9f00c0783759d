"""Every write about a child's programme. One function per act: keyword-only, ``by=``, atomic, audited."""

from children.operations.bridge import ask_person, confirm_hand_over, hand_over_person, open_adult_case
from children.operations.chain import begin_after_care, end_after_care, end_link, link_cases, name_next
from children.operations.consenting import note_consent_answer
from children.operations.consultation import finish_consultation_step, record_consultation
from children.operations.coordination import coordinate_by_law, end_coordination
from children.operations.court import add_court_step, open_court_matter
from children.operations.guardians import (
    add_guardian,
    end_custody,
    end_guardian_mark,
    end_party_limit,
    limit_party,
    mark_guardian,
    note_answer,
    note_custody,
    save_guardian,
)
from children.operations.investigation import finish_investigation, tell_concerned
from children.operations.opening import open_childs_file
from children.operations.placement import (
    consider_placement,
    end_placement,
    place,
    record_health_offer,
    record_visit,
    sign_placement_plan,
    tell_region,
)
from children.operations.protection import add_exploiter, add_step, assess_protection, save_spread, strike_exploiter
from children.operations.releases import hand_document, release_to_guardian, withdraw_release
from children.operations.reports import (
    ask_feedback,
    give_feedback,
    receive_report,
    receive_report_of_new_child,
    record_meeting,
)
from children.operations.voice import hear_child, note_unheard, weigh_best_interest
from children.operations.workers import end_child_worker, give_child_worker

__all__ = [
    "add_court_step", "add_exploiter", "add_guardian", "add_step", "ask_feedback", "ask_person", "assess_protection",
    "begin_after_care", "confirm_hand_over", "consider_placement", "coordinate_by_law", "end_after_care",
    "end_child_worker", "end_coordination", "end_custody", "end_guardian_mark", "end_link", "end_party_limit",
    "end_placement", "finish_consultation_step", "finish_investigation", "give_child_worker", "give_feedback",
    "hand_document", "hand_over_person", "hear_child", "limit_party", "link_cases", "mark_guardian", "name_next",
    "note_answer", "note_consent_answer", "note_custody", "note_unheard", "open_adult_case", "open_childs_file",
    "open_court_matter", "place", "receive_report", "receive_report_of_new_child", "record_consultation",
    "record_health_offer", "record_meeting", "record_visit", "release_to_guardian", "save_guardian",
    "save_spread", "sign_placement_plan", "strike_exploiter", "tell_concerned", "tell_region",
    "weigh_best_interest", "withdraw_release",
]  # fmt: skip
