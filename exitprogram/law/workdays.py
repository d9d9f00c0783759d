"""Swedish working days: not Saturday or Sunday, not a public holiday (lag 1989:253), nor an eve that is kept as one."""

from datetime import date, timedelta

from dateutil.easter import easter

FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
FROM_EASTER = (-2, 1, 39)  # Good Friday, Easter Monday, Ascension; the others are Sundays


def is_workday(day):
    midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    moving = {easter(day.year) + timedelta(days=after) for after in FROM_EASTER}
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and day not in moving and not midsummer_eve


def workdays_after(day: date, count):
    """The last of so many working days after ``day``, which itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def first_workday(day: date):
    """The day itself, or the next one that is a working day: what is to be done by a Sunday may be done on the Monday
    (lag 1930:173)."""
    return day if is_workday(day) else workdays_after(day, 1)
