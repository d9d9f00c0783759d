"""Loggkontroll in the demonstration: the months are signed, but for the last one in Bollnäs, which is half done."""

from datetime import timedelta
from functools import partial

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.log_review import months_to_review

HALF_DONE = "2183"
ASKED = "Jag frågar vad hen behövde i ärendet den kvällen."


def steps(cast):
    """``(day, act)``: early in each month, of the one before."""
    first = cast.today.replace(day=1)
    for month in months_to_review(cast.today):
        after = (month + timedelta(days=31)).replace(day=1)
        day = min(after + timedelta(days=8), cast.today)
        for (_key, role), member in cast.held.items():
            if role == Role.UNIT_MANAGER:
                yield day, partial(_review, member, month, after == first and member.authority.code == HALF_DONE)


def _review(by, month, half):
    with acting(by):
        review = teams.begin_log_review(by=by, month=month)
        samples = list(review.samples.all())
        for number, sample in enumerate(samples[: len(samples) // 2] if half else samples):
            asks = number == 2
            judgement, note = ("ask", ASKED) if asks else ("ok", "")
            teams.judge_sample(by=by, sample=sample, judgement=judgement, note=note)
        if not half:
            teams.sign_log_review(by=by, review=review)
