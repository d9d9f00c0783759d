from reporting.operations.board import view_load, view_unexecuted
from reporting.operations.figures import ask_new_version, take_out_figures
from reporting.operations.questions import answer_question, ask_about_plan
from reporting.operations.region import view_region
from reporting.operations.support import answer_support, ask_for_support, close_support
from reporting.operations.threshold import set_threshold

__all__ = [
    "answer_question", "answer_support", "ask_about_plan", "ask_for_support", "ask_new_version", "close_support",
    "set_threshold",    "take_out_figures", "view_load", "view_region", "view_unexecuted",
]  # fmt: skip
