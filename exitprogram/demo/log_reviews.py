"""Loggkontroll: the months are signed but for the last one in one board, which is half done. Somebody who is in no part
of a case has searched for its person three times, once on a Saturday night; some have been asked why they read."""

from datetime import datetime, time, timedelta
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import Case
from exitprogram.demo.clock import at
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.log_review import months_to_review
from teams.models import LogQuestion

HALF_DONE, CURIOUS, WORKER = "2183", "jonas_hedman", "anna_berg"
ASKED = "Jag frågar vad hen behövde i ärendet den dagen."
ANSWER = "Jag vikarierade för en kollega och behövde veta när nästa möte var."


def steps(cast):
    """``(day, act)``: what was searched for last month, and early in each month the review of the one before."""
    months = months_to_review(cast.today)
    saturday = months[0] + timedelta(days=7 + (5 - months[0].weekday()) % 7)
    for day, hour in ((saturday - timedelta(days=9), 11), (saturday - timedelta(days=3), 15), (saturday, 23)):
        yield day, partial(_search, cast, datetime.combine(day, time(hour, 12)))
    for month in months:
        day = min((month + timedelta(days=31)).replace(day=1) + timedelta(days=8), cast.today)
        half = month == months[0]
        for (_key, role), member in cast.held.items():
            if role == Role.UNIT_MANAGER:
                yield day, partial(_review, cast, member, month, half and member.authority == cast.by_code[HALF_DONE])


def _search(cast, moment):
    """For somebody whose case a colleague has."""
    worker, curious = cast.social(WORKER), cast.social(CURIOUS)
    with acting(worker):
        held = Case.objects.visible_to(worker).filter(programme="adult", worker=worker, individual__guarded=False)
        name = held.order_by("number").first().individual.name
    with at(timezone.make_aware(moment)), acting(curious):
        cases.search_people(by=curious, query=name)


def _review(cast, by, month, half):
    with acting(by):
        review = teams.begin_log_review(by=by, month=month)
        samples = list(review.samples.all())
        for number, sample in enumerate(samples[: len(samples) // 2] if half else samples):
            judgement, note = ("ask", ASKED) if number == 1 else ("ok", "")
            teams.judge_sample(by=by, sample=sample, judgement=judgement, note=note)
        if not half:
            teams.sign_log_review(by=by, review=review)
        asked = list(LogQuestion.objects.reviewed_by(by).filter(sample__review=review))
    for question in asked:
        answers = next(one for one in cast.held.values() if one.pk == question.asked_of_id)
        with acting(answers):
            teams.answer_reading(by=answers, question=question, text=ANSWER)
