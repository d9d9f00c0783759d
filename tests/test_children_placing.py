"""The days of a placement: on both sides of each limit and of the law's first day; what came of the health check."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, transaction

from cases import operations as cases
from cases.models import Clock
from children import operations
from children.days import day_after, law_from
from children.models import HealthOffer
from exitprogram.errors import Refused
from exitprogram.law.rules import NoRule
from exitprogram.law.workdays import first_workday
from exitprogram.tenancy.acting import acting
from tests.chains import CARE
from tests.courtroom import matter, step
from tests.guardianship import custodians
from tests.visits import Visit, sees
from tests.world import today

REVIEW, CONSIDER, LAW = "placement.care_plan_review", "placement.consider", date(2025, 7, 1)


@pytest.fixture
def case(world):
    world.child_worker("anna")
    return world.child_case()


def placed(world, case, **more):
    given = {
        "home": "foster", "starts_on": today(), "consent": "Båda vårdnadshavarna, i dag.",
        "guardians": () if "guardians" in more else custodians(world.anna, case), **more,
    }  # fmt: skip
    return operations.place(by=world.anna, case=case, **given)


def clock(case, kind):
    return Clock.objects.open().filter(case=case, kind=kind).first()


@pytest.mark.parametrize("began, due", [
    (date(2025, 7, 1), date(2027, 7, 1)), (date(2025, 6, 30), date(2027, 6, 30)),  # either side of the law
    (date(2023, 7, 1), LAW), (date(2023, 7, 2), date(2025, 7, 2)), (date(2019, 3, 4), LAW),  # two years before it
    (date(2028, 2, 29), date(2030, 2, 28)), (date(2026, 2, 28), date(2028, 2, 28)),  # leap days
    (date(2025, 12, 31), date(2027, 12, 31)), (date(2026, 3, 29), date(2028, 3, 29)),  # New Year; summer time begins
])  # fmt: skip
def test_two_years_from_the_first_day(began, due):
    assert day_after(REVIEW, began) == due


def test_a_holiday_is_kept_as_the_strict_day():
    assert day_after(REVIEW, date(2025, 12, 25)) == date(2027, 12, 25)
    assert first_workday(date(2027, 12, 25)) == date(2027, 12, 27)


@pytest.mark.parametrize("began, due", [
    (LAW, date(2026, 1, 1)), (date(2025, 6, 30), date(2025, 12, 30)), (date(2024, 12, 31), LAW),
    (date(2026, 8, 31), date(2027, 2, 28)), (date(2024, 1, 1), LAW),
])  # fmt: skip
def test_half_a_year_on_both_sides_of_the_law(began, due):
    assert day_after(CONSIDER, began) == due


def test_a_rule_that_is_not_there_is_not_made_up():
    with pytest.raises(NoRule):
        law_from("placement.påhittad", today())


@pytest.mark.parametrize("ago", [relativedelta(years=2), relativedelta(years=2, days=1), relativedelta(years=5)])
def test_an_old_placement_is_taken_in_and_what_the_law_asks_is_late(world, case, ago):
    """Children were placed before the law of 2025 too: on no day is that a fault."""
    with acting(world.anna):
        placed(world, case, starts_on=today() - ago)
        due = clock(case, "care_plan_review").due_on
        assert due == max(today() - ago + relativedelta(years=2), LAW) and due <= today()
        assert (due < today()) == (ago != relativedelta(years=2))
        assert clock(case, "placement_review").due_on < today()


def test_the_care_plan_is_seen_over_by_a_new_one(world, case):
    given = {"by": world.anna, "case": case, "kind": "care", "content": CARE}
    with acting(world.anna):
        placed(world, case)
        operations.sign_placement_plan(**given)
        row = clock(case, "care_plan_review")
        with pytest.raises(Refused, match="sedd över"):
            cases.finish_clock(by=world.anna, case=case, clock=row)
        with pytest.raises(DatabaseError), transaction.atomic():
            Clock.objects.filter(pk=row.pk).update(done_at="2026-01-01T00:00Z", done_by=world.anna)
        operations.sign_placement_plan(**given)
        assert clock(case, "care_plan_review") is None


def test_a_grown_up_has_no_two_years(world):
    with acting(world.anna):
        placed(world, world.case, guardians=())
        assert clock(world.case, "care_plan") and not clock(world.case, "care_plan_review")
        assert not clock(world.case, "implementation_plan")


def test_the_day_of_moving_in_is_asked_for_under_the_courts(world, case):
    """There the two years to the question of custody are counted (LVU 13 c §)."""
    anna, moved = Visit(world.anna), "därifrån räknas de två åren"
    with acting(world.anna):
        placed(world, case)
    assert not sees(anna.get("children:placements", case), moved)
    found = matter(world.anna, case)
    assert sees(anna.get("children:placements", case), moved, "13 c § LVU")
    step(world.anna, found, "home")
    assert not sees(anna.get("children:placements", case), moved)


def answer(world, case, what, **more):
    given = {"day": today(), "words": "", **more}
    return operations.record_health_offer(by=world.anna, case=case, answer=what, **given)


def test_the_health_check_is_heard_of_until_it_is_answered(world, case):
    with acting(world.anna):
        placed(world, case)
        assert clock(case, "health_offer") is None
        operations.tell_region(by=world.anna, case=case)
        row = clock(case, "health_offer")
        assert row.due_on == today() + timedelta(days=30)
        with pytest.raises(Refused, match="tackade nej och varför"):
            answer(world, case, "declined")
        for day in (today() + timedelta(days=1), today() - timedelta(days=1)):
            with pytest.raises(Refused, match="mellan"):
                answer(world, case, "done", day=day)
        answer(world, case, "not_offered", words="Väntar på tid.")
        answer(world, case, "accepted")
        with pytest.raises(Refused, match="gjord eller avböjd"):
            cases.finish_clock(by=world.anna, case=case, clock=row)
        answer(world, case, "done")
        assert clock(case, "health_offer") is None
        with pytest.raises(Refused, match="redan"):
            answer(world, case, "declined", words="Nej.")


def test_who_has_said_no_already_is_not_asked_after(world, case):
    with acting(world.anna):
        placed(world, case)
        answer(world, case, "declined", words="Hon har nyss varit hos läkare.")
        operations.tell_region(by=world.anna, case=case)
        assert clock(case, "health_offer") is None and HealthOffer.objects.count() == 1


def test_what_is_to_be_done_stands_on_the_page_with_its_day(world, case):
    anna = Visit(world.anna)
    with acting(world.anna):
        placed(world, case)
    page = anna.get("children:placements", case)
    assert sees(
        page, "Att göra", "Skriv vårdplan", "Skriv genomförandeplan", "Berätta för regionen", "Se över vårdplanen"
    )
    assert sees(anna.post("children:region_told", case, follow=True), "Skriv svaret om hälsoundersökning")
    page = anna.post("children:health_offer", case, answer="declined", day=today(), words="Vill inte nu.", follow=True)
    assert sees(page, "tackade nej", "Vill inte nu.") and not sees(page, "Skriv svaret om")
