"""A child's clocks on both sides of their limit: midnight, weekends, holidays, daylight saving, leap days, new law."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cases.models import Clock
from children.days import feedback_day, investigation_day, opening_day, protection_day
from exitprogram.law.rules import NoRule, rule
from exitprogram.law.workdays import is_workday

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(*when):
    return datetime(*when, tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (at(2026, 3, 10, 0, 0), date(2026, 3, 10)),  # midnight begins the day
        (at(2026, 3, 10, 14, 59), date(2026, 3, 10)),
        (at(2026, 3, 10, 15, 0), date(2026, 3, 11)),  # late in the day: the next
        (at(2026, 3, 10, 23, 59), date(2026, 3, 11)),
        (at(2026, 3, 13, 16, 0), date(2026, 3, 14)),  # a Friday: Saturday, since nothing waits for a weekday
        (at(2026, 12, 24, 9, 0), date(2026, 12, 24)),
        (at(2028, 2, 28, 20, 0), date(2028, 2, 29)),  # leap day
        (at(2027, 2, 28, 20, 0), date(2027, 3, 1)),
        (at(2026, 3, 29, 1, 59), date(2026, 3, 29)),  # the hour that is skipped
        (at(2026, 10, 25, 2, 30), date(2026, 10, 25)),  # the hour that comes twice
        (at(2026, 12, 31, 23, 0), date(2027, 1, 1)),
    ],
)
def test_the_protection_is_assessed_the_same_day_or_the_next(received, due):
    assert protection_day(received) == due
    assert protection_day(received.astimezone(ZoneInfo("UTC"))) == due, "the day is a Swedish one, whatever the zone"


def test_the_hour_is_swedish_in_summer_and_in_winter():
    utc = ZoneInfo("UTC")
    assert protection_day(datetime(2026, 7, 1, 12, 59, tzinfo=utc)) == date(2026, 7, 1)  # 14:59
    assert protection_day(datetime(2026, 7, 1, 13, 0, tzinfo=utc)) == date(2026, 7, 2)  # 15:00
    assert protection_day(datetime(2026, 1, 7, 13, 59, tzinfo=utc)) == date(2026, 1, 7)  # 14:59
    assert protection_day(datetime(2026, 1, 7, 14, 0, tzinfo=utc)) == date(2026, 1, 8)  # 15:00


@pytest.mark.parametrize(
    ("received", "due", "may_wait"),
    [
        (date(2026, 3, 2), date(2026, 3, 16), None),
        (date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 16)),  # a Sunday
        (date(2026, 12, 12), date(2026, 12, 26), date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2026, 6, 5), date(2026, 6, 19), date(2026, 6, 22)),  # Midsummer's Eve
        (date(2026, 3, 20), date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday to after Easter
        (date(2026, 12, 17), date(2026, 12, 31), date(2027, 1, 4)),  # New Year's Eve, a holiday and a weekend
        (date(2028, 2, 15), date(2028, 2, 29), None),  # leap day
        (date(2027, 2, 15), date(2027, 3, 1), None),
        (date(2026, 3, 20), date(2026, 4, 3), date(2026, 4, 7)),  # over the change to summer time
    ],
)
def test_fourteen_days_are_calendar_days(received, due, may_wait):
    assert opening_day(received) == due
    assert Clock(kind="child_opening", due_on=due).rolled_day == may_wait
    assert may_wait is None or (is_workday(may_wait) and not is_workday(due))


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (date(2026, 1, 15), date(2026, 5, 15)),
        (date(2026, 10, 31), date(2027, 2, 28)),  # no such date: the month's last
        (date(2027, 10, 31), date(2028, 2, 29)),  # leap year
        (date(2027, 10, 30), date(2028, 2, 29)),
        (date(2027, 10, 29), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 6, 29)),
        (date(2026, 12, 31), date(2027, 4, 30)),
    ],
)
def test_four_months_are_calendar_months(opened, due):
    assert investigation_day(opened) == due


def test_the_week_to_answer_begins_with_its_law():
    """19 kap. 6 § SoL from 15 January 2026; before it no time was named."""
    assert feedback_day(date(2026, 1, 14)) is None
    assert feedback_day(date(2026, 1, 15)) == date(2026, 1, 22)
    assert feedback_day(date(2025, 6, 30)) is None and feedback_day(date(2025, 7, 1)) is None


def test_who_asks_later_is_answered_at_once():
    assert feedback_day(date(2026, 3, 1), date(2026, 3, 20)) == date(2026, 3, 20)
    assert feedback_day(date(2026, 1, 10), date(2026, 1, 14)) is None
    assert feedback_day(date(2026, 1, 10), date(2026, 1, 15)) == date(2026, 1, 15)


@pytest.mark.parametrize("rule_id", ["child.protection", "child.opening", "child.investigation", "child.told"])
def test_each_day_has_its_own_section(rule_id):
    before, after = rule(rule_id, on=date(2025, 6, 30)), rule(rule_id, on=date(2025, 7, 1))
    assert "2001:453" in before.citation and "2025:400" in after.citation
    assert before.values == after.values
    with pytest.raises(NoRule):
        rule(rule_id, on=date(2012, 12, 31))
