"""Every kind of clock on both sides of its limit: midnight, weekends, holidays, summer time, leap days, new law.

Whoever declares a kind gives it a row here. What a count comes to is in ``every_clock.toml``, worked out by hand."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.clocks import KINDS
from cases.days import age_day, answer_day, review_day, signing_day
from cases.majority import of_age_on
from cases.models import Clock
from cases.residence import last_day, longest
from children import days
from children.courses import COUNTS
from children.courting import day_of
from children.days import day_after
from children.models import CourtStep
from exitprogram.law.rules import NoRule, all_rules, rule
from exitprogram.law.workdays import is_workday
from reporting.clocks import answer_day as answer_by
from teams.watching import forward_day, told_day, unexecuted_day

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TABLE = tomllib.loads((Path(__file__).parent / "every_clock.toml").read_text())
# Where the last day of each start falls, and what a weekend or a holiday does to it.
ENDS = {
    "ordinary": date(2027, 2, 10), "saturday": date(2027, 2, 13), "sunday": date(2027, 2, 14),
    "good_friday": date(2027, 3, 26), "ascension_day": date(2027, 5, 6), "national_day": date(2028, 6, 6),
    "midsummer_eve": date(2027, 6, 25), "christmas_eve": date(2026, 12, 24), "new_years_eve": date(2027, 12, 31),
    "new_years_day": date(2027, 1, 1), "leap_day_ends": date(2028, 2, 29),
}  # fmt: skip
STARTS = {
    "leap_day_begins", "before_midnight", "after_midnight", "summer_time_begins", "summer_time_has_begun",
    "summer_time_ends", "summer_time_has_ended",
}  # fmt: skip
# No day of the month that these count from would end there.
UNREACHABLE = {
    "one_month": {"new_years_eve"}, "three_months": {"new_years_eve"}, "six_months": {"new_years_eve"},
    "twelve_months": {"leap_day_ends"}, "twenty_four_months": {"leap_day_ends"}, "eighteen_years": {"leap_day_ends"},
}  # fmt: skip
WORKING_DAYS = "three_working_days"  # never ends on a holiday


@dataclass(frozen=True)
class Row:
    """A kind by one of its rules. ``begun``: the day, from the moment it begins. ``rolls``: lag 1930:173."""

    kind: str
    rule_id: str
    count: str
    begun: object
    rolls: bool = False


def by_day(count):
    return lambda moment: count(timezone.localdate(moment))


def itself(day):
    return day


def of_court(kind, rule_id, count, rolls=True):
    def begun(moment):
        return day_of(rule(rule_id, on=timezone.localdate(moment)), CourtStep(happened_at=moment))

    return Row(kind, rule_id, count, begun, rolls)


def permit(kind):
    return by_day(lambda day: last_day(kind, day, applied_on=day))


def step(name):
    return by_day(lambda day: longest(name, day))


def placed(rule_id):
    return by_day(lambda day: day_after(rule_id, day))


ROWS = [
    Row("child_protection", "child.protection", "same_day_or_next", days.protection_day),
    Row("child_opening", "child.opening", "fourteen_days", by_day(days.opening_day), True),
    Row("child_investigation", "child.investigation", "four_months", by_day(days.investigation_day), True),
    Row("child_told", "child.told", "at_once", by_day(itself)),
    Row("child_feedback", "child.feedback", "seven_days", by_day(days.feedback_day), True),
    Row("handed_over", "child.handed_over", "at_once", by_day(itself)),
    Row("file_opened", "child.file_opened", "seven_days", by_day(days.file_opened_day)),
    Row("after_care", "child.after_care", "six_months", by_day(days.after_care_day)),
    Row("placement_review", "placement.consider", "six_months", by_day(days.consider_day), True),
    Row("health_check", "placement.health_check", "at_once", placed("placement.health_check")),
    Row("care_plan", "placement.care_plan", "at_once", placed("placement.care_plan")),
    Row("implementation_plan", "placement.implementation_plan", "at_once", placed("placement.implementation_plan")),
    Row(
        "care_plan_review",
        "placement.care_plan_review",
        "twenty_four_months",
        placed("placement.care_plan_review"),
        True,
    ),
    Row("health_offer", "placement.health_offer", "thirty_days", placed("placement.health_offer")),
    Row("emergency_home", "placement.emergency_home", "two_months", by_day(days.emergency_home_day)),
    Row("coming_of_age", "child.bridge", "eighteen_years", by_day(of_age_on)),
    Row("age_unknown", "child.age_unknown", "thirty_days", by_day(age_day)),
    of_court("court_submit", "court.custody.submit", "seven_days"),
    of_court("court_submit", "court.shelter.submit", "seven_days"),
    of_court("court_answer", "court.custody.answer", "seven_days"),
    of_court("court_answer", "court.shelter.answer", "seven_days"),
    of_court("court_apply", "court.custody.apply", "four_weeks"),
    of_court("court_apply", "court.shelter.apply", "six_weeks"),
    of_court("court_hearing", "court.custody.hearing", "fourteen_days"),
    of_court("court_hearing", "court.shelter.hearing", "fourteen_days"),
    of_court("court_begin", "court.care.begin", "four_weeks"),
    of_court("court_review", "court.review.home", "six_months"),
    of_court("court_review", "court.review.own", "six_months"),
    of_court("court_review", "court.review.both", "six_months"),
    of_court("court_review", "court.review.shelter", "six_months"),
    of_court("court_review", "court.contact.care", "three_months"),
    of_court("court_review", "court.contact.shelter", "six_months"),
    of_court("court_transfer", "court.transfer.first", "twenty_four_months"),
    of_court("court_transfer", "court.transfer.again", "twelve_months"),
    of_court("court_help", "court.representative.apply", "at_once", rolls=False),
    of_court("court_help", "court.victims_counsel.apply", "at_once", rolls=False),
    of_court("court_help", "court.public_counsel.apply", "at_once", rolls=False),
    of_court("court_help", "court.help.appointed", "seven_days", rolls=False),
    Row("transfer", "transfer.answer", "one_month", by_day(answer_day), True),
    Row("emergency_review", "access.emergency", "three_working_days", by_day(review_day)),
    Row("note_draft", "note.unsigned", "two_days", by_day(signing_day)),
    Row("appeal", "decision.forward", "seven_days", by_day(forward_day), True),
    Row("tell", "decision.told", "seven_days", by_day(told_day)),
    Row("unexecuted", "decision.unexecuted", "three_months", by_day(unexecuted_day), True),
    Row("region_question", "region.question", "seven_days", by_day(answer_by)),
    Row("permit_ends", "permit.reflection", "within_thirty_days", permit("reflection")),
    Row("permit_ends", "permit.proceedings", "within_six_months", permit("proceedings")),
    Row("support_ends", "programme.rest", "within_thirty_days", step("rest")),
    Row("support_ends", "programme.rehabilitation", "within_ninety_days", step("rehabilitation")),
    Row("support_ends", "programme.integration", "within_forty_five_days", step("integration")),
]
# Nothing is counted: somebody writes the day, or agrees on it, and may choose another.
WRITTEN = {
    "consent_ends": ["consent.ends"], "note_follow_up": ["note.follow_up"], "outcome": ["outcome.points"],
    "follow_up": ["plan.follow_up", "case.reopened"], "measure": ["measure.due"], "role_ends": ["role.ends"],
    "protection_review": ["protection.review"], "connection_ends": ["connection.ends"],
    "export_waits": ["archive.answer"],
    "agreement_ends": ["agreement.ends"], "scheme_ends": ["scheme.ends"], "unreported": ["delegation.report"],
    "log_review": ["log.review"], "log_question": ["log.question"],
    "permit_ends": ["permit.other"], "support_ends": ["programme.single"], "barnahus_next": ["barnahus.next"],
}  # fmt: skip
# The first day of each law, and words of its citation; before the first there is none.
SOL, OLD = "(2025:400)", "(2001:453)"
LVU, SHELTER = [(date(1990, 7, 1), "LVU (1990:52)")], [(date(2024, 4, 1), "lagen (2024:79)")]
BOTH = [(date(2013, 1, 1), OLD), (date(2025, 7, 1), SOL)]
NEW = [(date(2025, 7, 1), SOL)]
HABIT = [(date(2010, 1, 1), "Praxis")]
CIVIL = [(date(2022, 1, 1), "Villkor 2022")]
LAWS = {
    "child.protection": BOTH, "child.opening": BOTH, "child.investigation": BOTH, "child.told": BOTH,
    "child.feedback": [*BOTH, (date(2026, 1, 15), "19 kap. 6 §")], "child.after_care": BOTH,
    "child.handed_over": [(date(1974, 7, 1), "Praxis")], "child.bridge": [(date(1974, 7, 1), "Praxis")],
    "child.age_unknown": [(date(2020, 1, 1), "2018:1197")], "child.file_opened": [(date(2001, 10, 1), "(2001:454)")],
    "placement.consider": NEW, "placement.emergency_home": NEW, "placement.health_check": NEW,
    "placement.care_plan": NEW, "placement.implementation_plan": NEW, "placement.care_plan_review": NEW,
    "placement.health_offer": NEW, "barnahus.next": HABIT,
    "court.custody.submit": LVU, "court.custody.answer": LVU, "court.custody.apply": LVU,
    "court.custody.hearing": LVU, "court.care.begin": LVU, "court.review.home": LVU, "court.review.own": LVU,
    "court.review.both": LVU, "court.contact.care": LVU, "court.contact.shelter": SHELTER,
    "court.review.shelter": SHELTER, "court.shelter.submit": SHELTER, "court.shelter.answer": SHELTER,
    "court.shelter.apply": SHELTER, "court.shelter.hearing": SHELTER,
    "court.transfer.first": [(date(2022, 7, 1), "13 c § LVU")],
    "court.transfer.again": [(date(2022, 7, 1), "13 c § LVU")],
    "court.representative.apply": [(date(2000, 1, 1), "(1999:997)")],
    "court.victims_counsel.apply": [(date(2025, 7, 1), "(2025:468)")],
    "court.public_counsel.apply": [(date(1997, 12, 1), "(1996:1620)")],
    "court.help.appointed": [(date(1990, 7, 1), "Praxis")],
    "transfer.answer": NEW, "access.emergency": [(date(2001, 10, 1), "(2001:454)")],
    "note.unsigned": [(date(2010, 1, 1), "14 kap. 3 §")], "note.follow_up": HABIT, "consent.ends": HABIT,
    "outcome.points": HABIT, "plan.follow_up": HABIT, "case.reopened": HABIT, "measure.due": HABIT,
    "region.question": HABIT,
    "role.ends": HABIT, "connection.ends": HABIT, "archive.answer": HABIT, "agreement.ends": HABIT,
    "scheme.ends": HABIT, "log.review": HABIT, "log.question": HABIT,
    "protection.review": [(date(2019, 1, 1), "(1991:481)")], "delegation.report": [(date(2018, 1, 1), "(2017:725)")],
    "decision.told": [(date(2018, 7, 1), "(2017:900)")], "decision.forward": [(date(2018, 7, 1), "(2017:900)")],
    "decision.unexecuted": [(date(2008, 7, 1), OLD), (date(2025, 7, 1), SOL)],
    "permit.reflection": [(date(2007, 7, 1), "före den 1 augusti 2022"), (date(2022, 8, 1), "(2022:1015)")],
    "permit.proceedings": [(date(2006, 3, 31), "(2005:716)")], "permit.other": [(date(2006, 3, 31), "Praxis")],
    "programme.rest": CIVIL, "programme.rehabilitation": CIVIL, "programme.integration": CIVIL,
    "programme.single": CIVIL,
}  # fmt: skip


def unlisted(kinds):
    return set(kinds) ^ ({row.kind for row in ROWS} | set(WRITTEN))


def test_every_kind_has_its_row():
    assert unlisted(KINDS) == set()
    assert unlisted([*KINDS, "somebodys_new"]) == {"somebodys_new"} and unlisted([*KINDS][1:]) == {[*KINDS][0]}


def test_every_rule_that_reminds_has_its_row():
    rules = {law.id for law in all_rules() if "warn_days" in law.values}
    told = {row.rule_id for row in ROWS} | {rule_id for rules in WRITTEN.values() for rule_id in rules}
    assert rules == told == set(LAWS)
    by_table = {count.rule for count in COUNTS if "{" not in count.rule}
    assert by_table <= told


@pytest.mark.parametrize("count", TABLE)
def test_the_table_holds_every_case(count):
    said = TABLE[count]
    assert set(said) == (set(ENDS) | STARTS) - UNREACHABLE.get(count, set())
    for name, (_began, last, *rolled) in said.items():
        assert count == WORKING_DAYS or name in STARTS or last == ENDS[name], name
        assert bool(rolled) != is_workday(last) and all(is_workday(day) for day in rolled), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule_id)
def test_the_strict_day_and_the_next_working_day(row):
    assert KINDS[row.kind].rolls == row.rolls
    for name, (began, last, *rolled) in TABLE[row.count].items():
        moment = began if isinstance(began, datetime) else datetime.combine(began, time(12), STOCKHOLM)
        assert row.begun(moment) == row.begun(moment.astimezone(ZoneInfo("UTC"))) == last, name
        clock = Clock(kind=row.kind, due_on=last)
        assert clock.day == last and clock.rolled_day == (rolled[0] if rolled and row.rolls else None), name


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_written_is_that_day(kind):
    """No law lets it wait: a consent that ends on a Sunday ends then."""
    assert all(Clock(kind=kind, due_on=day).rolled_day is None for day in ENDS.values())


@pytest.mark.parametrize("rule_id", LAWS)
def test_both_sides_of_the_day_a_law_begins(rule_id):
    before = None
    for first, words in LAWS[rule_id]:
        law = rule(rule_id, on=first)
        assert law.valid_from == first and words in law.citation
        if before is None:
            with pytest.raises(NoRule):
                rule(rule_id, on=first - timedelta(days=1))
        else:
            assert rule(rule_id, on=first - timedelta(days=1)) == before
        before = law
    assert len(LAWS[rule_id]) == len([law for law in all_rules() if law.id == rule_id])


@pytest.mark.parametrize("row", [row for row in ROWS if row.rule_id != "child.feedback"], ids=lambda row: row.rule_id)
def test_what_begins_as_two_laws_meet(row):
    """The last day of one law and the first of the next count the same; the earlier law's clock goes on by it."""
    for first, _words in LAWS[row.rule_id][1:]:
        noon = datetime.combine(first, time(12), STOCKHOLM)
        by_old, by_new = row.begun(noon - timedelta(days=1)), row.begun(noon)
        assert timedelta() <= by_new - by_old <= timedelta(days=4), "as the months are long"
