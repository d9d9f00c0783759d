"""The rules of retention: each by its sentence, and all of them against a telling that shares no code with them."""

from calendar import monthrange
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import operations as cases
from cases import retention
from cases.models import Case
from cases.retention import Facts, House, judged, judged_together, years_after
from exitprogram.tenancy.acting import acting
from tests.papers import child_worker_since_long, old_case, paper
from tests.world import today

BOLLNAS = House(frozenset({"21"}), frozenset({"2183"}))
PLACES = {
    "Bollnäs": BOLLNAS, "Linköping": House(frozenset({"05"}), frozenset({"0580"})),
    "Gotland": House(frozenset({"09"}), frozenset({"0980"})),
    "Sundsvall": House(frozenset({"22"}), frozenset({"2281"})),
    "Göteborg": House(frozenset({"14"}), frozenset({"1480"})), "Mölndal": House(frozenset({"14"}), frozenset({"1481"})),
    "a joint board": House(frozenset({"21", "22"}), frozenset({"2183", "2281"})),
    "a region": House(frozenset({"21"}), frozenset(), is_health_care=True),
}  # fmt: skip


def facts(**more):
    given = {
        "case_id": uuid4(), "number": "2026-0001", "programme": "adult", "closed_on": date(2025, 9, 1),
        "last_on": date(2025, 9, 10), "individual_id": uuid4(), "born": (date(1990, 3, 4),),
    }  # fmt: skip
    return Facts(**{**given, **more})


def test_five_years_after_the_last_note():
    verdict = judged(facts(), BOLLNAS)
    assert verdict.destroy_from == date(2030, 9, 10) and verdict.latest_on == date(2031, 12, 31)
    assert not verdict.is_due(date(2030, 9, 9)) and verdict.is_due(date(2030, 9, 10))
    assert verdict.citation == "16 kap. 1 § socialtjänstlagen (2025:400)"


def test_the_law_is_that_of_the_last_note():
    assert judged(facts(last_on=date(2025, 6, 30)), BOLLNAS).citation == "12 kap. 1 § socialtjänstlagen (2001:453)"
    assert judged(facts(last_on=date(2025, 7, 1)), BOLLNAS).citation == "16 kap. 1 § socialtjänstlagen (2025:400)"


def test_a_day_without_law_keeps():
    verdict = judged(facts(last_on=date(1999, 1, 1)), BOLLNAS)
    assert verdict.destroy_from is None and "Ingen regel" in verdict.why


@pytest.mark.parametrize(
    "place, kept",
    [("Bollnäs", False), ("Linköping", True), ("Gotland", True), ("Sundsvall", True), ("Göteborg", True),
     ("Mölndal", False), ("a joint board", True)],
)  # fmt: skip
def test_research_keeps_everything_in_some_places(place, kept):
    verdict = judged(facts(), PLACES[place])
    assert (verdict.destroy_from is None) is kept
    assert ("forskning" in verdict.why) is kept


@pytest.mark.parametrize("day", range(1, 29))
def test_born_on_the_fifth_the_fifteenth_or_the_twenty_fifth(day):
    assert (judged(facts(born=(date(1990, 3, day),)), BOLLNAS).destroy_from is None) is (day in (5, 15, 25))


def test_any_of_several_days_of_birth_counts():
    """A coordination number first and a personal number later need not agree."""
    assert judged(facts(born=(date(1990, 3, 4), date(1990, 3, 5))), BOLLNAS).destroy_from is None


def test_an_unknown_day_of_birth_keeps():
    verdict = judged(facts(born=()), BOLLNAS)
    assert verdict.destroy_from is None and "Födelsedagen är okänd" in verdict.why


def child(**more):
    return facts(programme="child", born=(date(2012, 3, 4),), **more)


def test_a_child_waits_for_somebody_to_answer():
    verdict = judged(child(), BOLLNAS)
    assert verdict.destroy_from is None and "Ingen har svarat" in verdict.why
    assert judged(child(marks=frozenset({"placed"})), BOLLNAS).why.startswith("Barnet har varit placerat")


def test_a_childs_investigation_waits_for_the_thirtieth_birthday():
    never = frozenset({"not_placed"})
    closed = {"marks": never, "last_on": date(2026, 2, 1)}
    assert judged(child(closed_on=date(2026, 1, 15), **closed), BOLLNAS).destroy_from == date(2042, 3, 4)
    assert judged(child(closed_on=date(2026, 1, 14), **closed), BOLLNAS).destroy_from == date(2031, 2, 1)


def test_a_patient_record_is_kept_for_ten_years():
    assert judged(facts(from_health_care=True), BOLLNAS).destroy_from == date(2035, 9, 10)
    assert judged(facts(marks=frozenset({"patient_record"})), BOLLNAS).destroy_from == date(2035, 9, 10)
    assert judged(facts(), PLACES["a region"]).destroy_from == date(2035, 9, 10)


def test_a_hold_goes_before_everything():
    verdict = judged(facts(marks=frozenset({"hold", "placed"}), born=()), PLACES["Göteborg"])
    assert verdict.destroy_from is None and verdict.why.startswith("Rättslig spärr")


def test_the_twenty_ninth_of_february():
    assert years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_the_last_of_a_persons_cases_decides_for_all():
    who = uuid4()
    first = facts(individual_id=who, number="1", last_on=date(2025, 8, 1))
    last = facts(individual_id=who, number="2", last_on=date(2027, 8, 1))
    other = facts(number="3", last_on=date(2025, 8, 2))
    days = {v.facts.number: (v.destroy_from, v.why) for v in judged_together([first, last, other], BOLLNAS)}
    assert days["1"] == (date(2032, 8, 1), "Andra uppgifter om samma person finns kvar.")
    assert days["2"][0] == date(2032, 8, 1) and days["3"][0] == date(2030, 8, 2)
    kept = facts(individual_id=who, number="2", marks=frozenset({"hold"}))
    days = {v.facts.number: v.destroy_from for v in judged_together([first, kept], BOLLNAS)}
    assert days == {"1": None, "2": None}
    open_too = facts(individual_id=who, number="1", other_open=True)
    assert judged_together([open_too], BOLLNAS)[0].destroy_from is None


# The same once more, told by itself: no code and no table of the product.

MARKS = ["hold", "placed", "not_placed", "patient_record"]
DAYS = st.dates(date(2002, 1, 1), date(2035, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 14), date(2026, 1, 15), date(2030, 12, 31)]
)
BIRTHS = st.dates(date(1950, 1, 1), date(2020, 12, 31)) | st.sampled_from([date(2008, 2, 29), date(1990, 1, 5)])
CASES = st.builds(
    facts, programme=st.sampled_from(["adult", "child"]), closed_on=DAYS, last_on=DAYS,
    born=st.lists(BIRTHS, max_size=2).map(tuple), marks=st.sets(st.sampled_from(MARKS)).map(frozenset),
    from_health_care=st.booleans(),
)  # fmt: skip


def told(case, place):
    """None for keep, or the day; as one would say it to a colleague."""
    if "hold" in case.marks or place in ("Linköping", "Gotland", "Sundsvall", "Göteborg", "a joint board"):
        return None
    if "placed" in case.marks or (case.programme == "child" and "not_placed" not in case.marks):
        return None
    if not case.born or {birth.day for birth in case.born} & {5, 15, 25}:
        return None
    journal = place == "a region" or case.from_health_care or "patient_record" in case.marks
    if journal and case.last_on < date(2008, 7, 1):
        return None
    day = _plus(case.last_on, 10 if journal else 5)
    if case.programme == "child" and case.closed_on >= date(2026, 1, 15):
        day = max([day] + [_plus(max(case.born), 30)])
    return day


def _plus(day, years):
    year = day.year + years
    if day.day > monthrange(year, day.month)[1]:
        return date(year, day.month, 28) + timedelta(days=1)
    return date(year, day.month, day.day)


@settings(max_examples=600, deadline=None)
@given(CASES, st.sampled_from(sorted(PLACES)))
def test_the_rules_are_what_one_would_say(case, place):
    verdict = judged(case, PLACES[place])
    assert verdict.destroy_from == told(case, place)
    assert verdict.why.endswith(".") and "None" not in verdict.why
    if verdict.destroy_from:
        assert verdict.destroy_from >= case.last_on + timedelta(days=5 * 365)
        assert verdict.latest_on == date(verdict.destroy_from.year + 1, 12, 31)


@settings(max_examples=300, deadline=None)
@given(st.lists(CASES, min_size=1, max_size=4), st.data())
def test_nothing_goes_while_something_of_the_person_stays(of_all, data):
    people = [uuid4(), uuid4()]
    of_all = [
        Facts(
            **{
                **vars(case),
                "individual_id": data.draw(st.sampled_from(people)),
                "other_open": data.draw(st.booleans()),
            }
        )
        for case in of_all
    ]
    verdicts = judged_together(of_all, BOLLNAS)
    assert {v.facts.case_id for v in verdicts} == {case.case_id for case in of_all}
    for who in people:
        own = [case for case in of_all if case.individual_id == who]
        days = [told(case, "Bollnäs") for case in own]
        kept = None in days or any(case.other_open for case in own)
        for verdict in (v for v in verdicts if v.facts.individual_id == who):
            assert verdict.destroy_from == (None if kept else max(days))


# From the database


def verdicts(world, who=None):
    who = who or world.maud
    with acting(who):
        return {v.facts.number: v for v in retention.verdicts(who)}


def test_facts_come_from_the_rows(world):
    case = old_case(world)
    assert world.case.closed_on is None
    (verdict,) = verdicts(world).values()
    assert (verdict.facts.number, verdict.facts.born) == (case.number, (date(1966, 1, 2),))
    assert verdict.facts.last_on == case.closed_on and verdict.is_due(today())


def test_the_database_tells_nobody_else(world):
    old_case(world)
    assert verdicts(world, world.adam)
    for who in (world.anna, world.leo, world.cilla, world.sara, world.mika, world.siv):
        assert verdicts(world, who) == {}


def test_a_coordination_number_is_born_sixty_days_less(world):
    """The 63rd is the third."""
    person = world.person(name="Ny Person", number="197010632391")
    with acting(world.anna):
        assert person.birth_date == date(1970, 10, 3)


def test_what_is_added_to_a_closed_case_moves_the_day(world):
    case = old_case(world)
    with acting(world.anna):
        cases.add_document(**paper(case, world.anna))
    assert verdicts(world)[case.number].destroy_from == years_after(today(), 5)


def test_who_may_read_the_file_does_not_move_the_day(world):
    case = old_case(world)
    with acting(world.maud):
        cases.grant_access(by=world.maud, case=case, membership=world.maud, kind="named", reason="granskar")
    with acting(world.anna):
        cases.mark_retention(by=world.anna, case=case, kind="patient_record", reason="finns")
    assert verdicts(world)[case.number].facts.last_on == case.closed_on


def test_an_open_case_keeps_the_closed_one(world):
    case = old_case(world)
    with acting(world.anna):
        person = case.individual
    world.open_case(individual=person)
    assert verdicts(world)[case.number].why == "Andra uppgifter om samma person finns kvar."


def test_an_answer_ends_the_one_it_contradicts(world):
    child_worker_since_long(world)
    case = old_case(world, born="2012-03-04", programme="child", target_group="images")
    number = case.number
    assert "Ingen har svarat" in verdicts(world)[number].why
    with acting(world.anna):
        cases.mark_retention(by=world.anna, case=case, kind="not_placed", reason="Aldrig.")
    assert verdicts(world)[number].destroy_from
    with acting(world.anna):
        cases.mark_retention(by=world.anna, case=case, kind="placed", reason="Jo, 2019.")
    assert "placerat" in verdicts(world)[number].why
    with acting(world.anna):
        assert case.retention_marks.count() == 2 and case.retention_marks.in_force().get().kind == "placed"


def test_a_hold_by_somebody_who_cannot_read_the_file(world):
    case = old_case(world)
    with acting(world.adam):
        cases.mark_retention(by=world.adam, case=Case(pk=case.pk, authority_id=case.authority_id), kind="hold",
                             reason="Skadeståndstalan.")  # fmt: skip
    assert verdicts(world)[case.number].why.startswith("Rättslig spärr")
