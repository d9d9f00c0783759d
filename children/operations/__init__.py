"""Every write about a child's programme. One function per act: keyword-only, ``by=``, atomic, audited."""

from children.operations.bridge import ask_person, confirm_hand_over, hand_over_person, open_adult_case
from children.operations.opening import open_childs_file
from children.operations.workers import end_child_worker, give_child_worker

__all__ = [
    "ask_person", "confirm_hand_over", "end_child_worker", "give_child_worker", "hand_over_person", "open_adult_case",
    "open_childs_file",
]  # fmt: skip
