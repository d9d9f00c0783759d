from reporting.operations.board import view_load, view_unexecuted
from reporting.operations.estimates import (
    add_estimate,
    copy_estimate,
    save_estimate,
    send_estimate,
    take_back_estimate,
    view_costs,
)
from reporting.operations.figures import ask_new_version, take_out_figures
from reporting.operations.questions import answer_question, ask_about_plan
from reporting.operations.region import view_region
from reporting.operations.support import answer_support, ask_for_support, close_support
from reporting.operations.threshold import set_threshold

__all__ = [
    "add_estimate", "answer_question", "answer_support", "ask_about_plan", "ask_for_support", "ask_new_version",
    "close_support", "copy_estimate", "save_estimate", "send_estimate", "set_threshold", "take_back_estimate",
    "take_out_figures", "view_costs", "view_load", "view_region", "view_unexecuted",
]  # fmt: skip
