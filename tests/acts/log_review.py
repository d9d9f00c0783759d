"""The month's sample of the log: hers who leads, and nobody else's."""

from teams import operations as teams
from teams.models import LogReview, LogSample
from tests.acts import Act
from tests.reviewing import last_month

OTHERS = ("anna", "leo", "adam", "cilla", "sara", "mika", "rut")


def review(world):
    return {"review": LogReview.objects.get(reviewer=world.maud)}


def judged(world):
    for sample in LogSample.objects.filter(judgement=""):
        teams.judge_sample(by=world.maud, sample=sample, judgement="ok")
    return review(world)


ACTS = [
    Act(teams.begin_log_review, "maud", lambda w: {"month": last_month()}, OTHERS),
    Act(teams.view_log_reports, "adam", lambda w: {}, ("anna", "maud", "cilla", "sara", "mika", "rut")),
    Act(teams.view_log_review, "maud", review, (*OTHERS, "nora")),
    Act(
        teams.judge_sample, "maud",
        lambda w: {"sample": LogSample.objects.filter(judgement="").first(), "judgement": "ask"}, (*OTHERS, "nora"),
    ),
    Act(teams.sign_log_review, "maud", judged, (*OTHERS, "nora")),
]  # fmt: skip
