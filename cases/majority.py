"""Children and grown-ups: on which day the one becomes the other (FB 9:1), and what is known of that day."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from cases.models import Case, ComingOfAge
from exitprogram.law.rules import rule

RULE = "child.majority"


def of_age_on(born: date):
    """The day she is grown up. Who was born on 29 February is so on the 28th, in a year without a 29th
    (1 § lagen 1930:173)."""
    return born + relativedelta(years=rule(RULE, on=born + relativedelta(years=18)).values["years"])


def is_of_age(born, *, on):
    return born + relativedelta(years=rule(RULE, on=on).values["years"]) <= on


def known_of(case):
    """What is known of the day, for the person in this case; None when nothing is told."""
    return ComingOfAge.objects.standing().filter(individual=case.individual_id).first()


def may_be_of_age(case, *, on=None):
    """She is, or can be, grown up: from here on nobody consents or asks in her place. ``wall.of_age`` says the same."""
    known = known_of(case)
    return bool(known and known.earliest_on and known.earliest_on <= (on or timezone.localdate()))


def is_childs(case):
    return case.programme == Case.Programme.CHILD
