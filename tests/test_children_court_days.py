"""The days of the board and the courts: what each counts from, in which law, and what a holiday does to it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cases.models import Clock
from children.courting import Waiting, day_of
from children.models import CourtStep
from exitprogram.law.rules import NoRule, rule
from tests.courtroom import on


def day(rule_id, at, until=None):
    law = rule(rule_id, on=timezone.localdate(at))
    return day_of(law, CourtStep(happened_at=at, until=until))


LIMITS = [
    ("court.custody.submit", date(2026, 11, 2), date(2026, 11, 9)),
    ("court.custody.submit", date(2026, 11, 7), date(2026, 11, 14)),  # a Saturday
    ("court.custody.submit", date(2024, 2, 22), date(2024, 2, 29)),  # leap day
    ("court.custody.submit", date(2024, 2, 26), date(2024, 3, 4)),  # over it
    ("court.custody.submit", date(2026, 10, 23), date(2026, 10, 30)),  # over the end of summer time
    ("court.custody.apply", date(2026, 3, 10), date(2026, 4, 7)),  # over its beginning and Easter
    ("court.custody.answer", date(2026, 12, 18), date(2026, 12, 25)),
    ("court.custody.hearing", date(2026, 11, 2), date(2026, 11, 16)),
    ("court.care.begin", date(2026, 2, 2), date(2026, 3, 2)),
    ("court.review.home", date(2026, 8, 31), date(2027, 2, 28)),  # no 31 February
    ("court.review.home", date(2027, 8, 31), date(2028, 2, 29)),
    ("court.review.own", date(2026, 1, 15), date(2026, 7, 15)),
    ("court.contact.care", date(2026, 11, 30), date(2027, 2, 28)),
    ("court.contact.shelter", date(2026, 11, 30), date(2027, 5, 30)),
    ("court.transfer.first", date(2024, 2, 29), date(2026, 2, 28)),
    ("court.transfer.again", date(2027, 2, 28), date(2028, 2, 28)),
    ("court.shelter.submit", date(2026, 4, 1), date(2026, 4, 8)),
    ("court.shelter.apply", date(2026, 11, 2), date(2026, 12, 14)),
    ("court.review.shelter", date(2026, 3, 31), date(2026, 9, 30)),
    ("court.victims_counsel.apply", date(2026, 3, 31), date(2026, 3, 31)),
]


@pytest.mark.parametrize("rule_id, began, last", LIMITS)
def test_each_day_counts_from_the_day_of_its_step(rule_id, began, last):
    """The last minute of one day and the first of the next are two days, also when the clocks are set."""
    assert day(rule_id, on(began, 0, 1)) == day(rule_id, on(began, 23, 59)) == last
    assert day(rule_id, on(began, 23, 59) + timedelta(minutes=2)) == day(rule_id, on(began + timedelta(days=1)))
    assert day(rule_id, on(began + timedelta(days=1))) > last or last == date(2027, 2, 28)


def test_the_courts_own_day_goes_before_the_counted():
    assert day("court.custody.apply", on(date(2026, 11, 2)), until=date(2027, 1, 4)) == date(2027, 1, 4)


def waits(last, today_is, law="court.custody.submit", kind="court_submit"):
    return Waiting(Clock(kind=kind, due_on=last), rule(law, on=last), today_is)


@pytest.mark.parametrize("last, rolled, lapsed_on", [
    (date(2026, 11, 9), None, date(2026, 11, 10)),
    (date(2026, 11, 14), date(2026, 11, 16), date(2026, 11, 17)),  # Saturday: till Monday
    (date(2026, 4, 3), date(2026, 4, 7), date(2026, 4, 8)),  # Good Friday: till the Tuesday
    (date(2026, 6, 19), date(2026, 6, 22), date(2026, 6, 23)),  # Midsummer's Eve
    (date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29)),
    (date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 5)),
])  # fmt: skip
def test_the_strict_day_reminds_and_the_rolled_one_is_the_last(last, rolled, lapsed_on):
    one = waits(last, last)
    assert (one.day, one.may_wait_to) == (last, rolled)
    assert not waits(last, lapsed_on - timedelta(days=1)).has_lapsed
    assert waits(last, lapsed_on).has_lapsed


def test_what_is_to_be_done_at_once_waits_for_no_working_day():
    assert (
        waits(date(2026, 11, 21), date(2026, 11, 21), "court.victims_counsel.apply", "court_help").may_wait_to is None
    )


def test_what_the_law_does_not_let_lapse_is_late_only():
    assert not waits(date(2026, 11, 9), date(2027, 1, 1), "court.shelter.submit").has_lapsed


@pytest.mark.parametrize("rule_id, first", [
    ("court.shelter.submit", date(2024, 4, 1)), ("court.shelter.decided", date(2024, 4, 1)),
    ("court.transfer.first", date(2022, 7, 1)), ("court.one_guardian.decided", date(2012, 5, 1)),
])  # fmt: skip
def test_both_sides_of_the_day_a_law_begins(rule_id, first):
    assert rule(rule_id, on=first)
    with pytest.raises(NoRule):
        rule(rule_id, on=first - timedelta(days=1))


@pytest.mark.parametrize("kind", ["custody", "care", "contact", "one_guardian"])
def test_both_sides_of_the_new_social_services_act(kind):
    before, after = (rule(f"court.{kind}.decided", on=date(2025, *day)) for day in ((6, 30), (7, 1)))
    assert "(2001:453)" in before.citation and "(2025:400)" in after.citation
    assert before.values == after.values
