"""Support without a case: what must not be written down, and figures that nobody can be picked out of."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from cases.models import OpenAccessContact

THRESHOLD = 5  # domain.md §6: fewer people than this are never shown as a number
FEW = "färre än 5"
HIDDEN = "visas inte"
MONTHS = 12


def clue_in(text):
    """One sentence when the text holds something that points at somebody; empty when it does not."""
    close = re.sub(r"[\s().\-–/+]", "", text)
    if "@" in text:
        return "Texten ser ut att innehålla en e-postadress eller ett användarnamn. Ta bort det."
    if re.search(r"\d{6}", close):
        return "Texten ser ut att innehålla ett personnummer, telefonnummer eller datum. Ta bort det."
    if re.search(r"https?:|www\.", text, re.I):
        return "Texten innehåller en länk. Ta bort den."
    return ""


def months_before(on, number):
    """First days of that many whole months before the day, oldest first. The running month is never shown: two looks
    at it, a day apart, would tell what happened in between."""
    found, first = [], on.replace(day=1)
    for _each in range(number):
        first = (first - timedelta(days=1)).replace(day=1)
        found.insert(0, first)
    return found


def monthly(by, *, on):
    """Per whole month: contacts, hours, how many became cases. No sum of the months, or the hidden could be counted."""
    months = months_before(on, MONTHS)
    rows = OpenAccessContact.objects.visible_to(by).filter(day__gte=months[0], day__lt=on.replace(day=1))
    found = {month: [] for month in months}
    for row in rows:
        found[row.day.replace(day=1)].append(row)
    return [_month(month, of_month) for month, of_month in found.items()]


def _month(month, rows):
    many, cases = len(rows), sum(row.became_case for row in rows)
    enough = many >= THRESHOLD
    return {
        "month": month,
        "contacts": shown(many),
        "hours": sum((row.hours for row in rows), Decimal()) if enough else None,
        # With the whole shown, a part and its rest are shown together or not at all.
        "cases": shown(cases) if enough and not 0 < many - cases < THRESHOLD else HIDDEN if many else "0",
        "support": support(rows) if enough else [],
    }


def support(rows):
    """What was given, most often first. Several kinds fit in one contact, so these never add up to the whole."""
    kinds = Counter(code for row in rows for code in row.support)
    labels = OpenAccessContact.Support
    return [(labels(code).label, number) for code, number in kinds.most_common() if number >= THRESHOLD]


def shown(number):
    return FEW if 0 < number < THRESHOLD else str(number)
