"""The month's sample of the log: hers who leads, and nobody else's."""

from teams import operations as teams
from teams.models import LogQuestion, LogReport, LogReview, LogSample
from tests.acts import Act
from tests.reviewing import last_month

OTHERS = ("anna", "leo", "adam", "cilla", "sara", "mika", "rut")


def review(world):
    return {"review": LogReview.objects.get(reviewer=world.maud, signed_at=None)}


def judged(world):
    for sample in LogSample.objects.filter(judgement=""):
        teams.judge_sample(by=world.maud, sample=sample, judgement="ok")
    return review(world)


def question(world):
    return {"question": LogQuestion.objects.get(asked_by=world.maud)}


def report(world):
    return {"report": LogReport.objects.get(reported_by=world.maud)}


ACTS = [
    Act(teams.view_reading_questions, "anna", lambda w: {}, ()),
    Act(teams.answer_reading, "anna", lambda w: {**question(w), "text": "Jag vikarierade."},
        ("maud", "leo", "adam", "cilla", "sara", "mika", "rut", "nora")),
    Act(teams.view_log_question, "maud", question, (*OTHERS, "nora")),
    Act(teams.settle_question, "maud", lambda w: {**question(w), "judgement": "report", "words": "Utan skäl."},
        (*OTHERS, "nora")),
    Act(teams.view_log_report, "maud", report, (*OTHERS, "nora")),
    Act(teams.close_report, "maud", lambda w: {**report(w), "outcome": "talked", "done": "Samtal."}, (*OTHERS, "nora")),
    Act(teams.begin_log_review, "maud", lambda w: {"month": last_month()}, OTHERS),
    Act(teams.view_log_review, "maud", review, (*OTHERS, "nora")),
    Act(
        teams.judge_sample, "maud",
        lambda w: {"sample": LogSample.objects.filter(judgement="").first(), "judgement": "ask"}, (*OTHERS, "nora"),
    ),
    Act(teams.sign_log_review, "maud", judged, (*OTHERS, "nora")),
]  # fmt: skip
