"""By age: does the child's own answer have to be there, and does it decide? The years are law. Counted from the first
day the child may be grown up, which both walls can read; of an age that is not known, as from the older."""

from dateutil.relativedelta import relativedelta
from django.db import models

from cases.majority import RULE
from exitprogram.law.rules import all_rules, rule

HEARD, PARTY = "child.age.measure_12", "child.age.party"


class Band(models.TextChoices):
    SMALL = "small", "Vårdnadshavarna samtycker. Barnet får veta och får säga vad det tycker."
    HEARD = "heard", "Vårdnadshavarna samtycker, och barnet självt frågas. Svaret vägs efter ålder och mognad."
    PARTY = "party", "Den unga för sin egen talan och samtycker själv, tillsammans med vårdnadshavarna."
    UNKNOWN = "unknown", "Åldern är inte känd. Vårdnadshavarna samtycker, och barnet självt frågas."
    GROWN = "grown", "Personen har fyllt 18 år och samtycker själv."


def band_on(earliest_on, day):
    """``earliest_on``: the first day on which the child may be grown up."""
    if earliest_on is None:
        return Band.UNKNOWN
    if earliest_on <= day:
        return Band.GROWN
    for band, rule_id in ((Band.PARTY, PARTY), (Band.HEARD, HEARD)):
        if any(day >= earliest_on - relativedelta(years=left) for left in _years_left(rule_id, day)):
            return band
    return Band.SMALL


def _years_left(rule_id, day):
    """Years between that age and eighteen, by the law of the day."""
    of_age = rule(RULE, on=day).values["years"]
    return [of_age - law.values["from"] for law in all_rules() if law.id == rule_id and law.in_force(day)]


def database_functions():
    """The same steps for the database, made anew with the walls."""
    yield _reached("child_is_party", PARTY)
    yield _reached("child_is_heard", HEARD)


def _reached(name, rule_id):
    cases = [
        f"(on_day >= '{law.valid_from}'{_until(law)} AND on_day >= earliest - interval '{years} years')"
        for law in all_rules() if law.id == rule_id for years in _years_left(rule_id, law.valid_from)
    ]  # fmt: skip
    return (
        f"CREATE OR REPLACE FUNCTION wall.{name}(earliest date, on_day date) RETURNS boolean LANGUAGE sql IMMUTABLE"
        f" SECURITY DEFINER SET search_path = pg_catalog AS $body$ SELECT {' OR '.join(cases)} $body$"
    )


def _until(law):
    return f" AND on_day <= '{law.valid_until}'" if law.valid_until else ""
