"""What the manager and the board see of work and of what was granted and not carried out: numbers, no person."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from reporting.load import unit_load
from reporting.unexecuted import Quarter, Unexecuted, document, for_council, unexecuted
from teams import operations as teams
from teams.models import DELEGABLE
from tests.test_decisions import act, decided
from tests.test_queries import assert_constant
from tests.test_region import opened
from tests.visits import Visit, sees, text_of
from tests.world import today


def load(world, by=None):
    with acting(by or world.maud):
        return {row["member"].user.name: row for row in unit_load(by or world.maud)}


def test_each_ones_load_and_what_weighs(world):
    found = opened(world, 3)
    world.coordinator(world.leo, case=found[0])
    rows = load(world)
    anna, leo = rows["Anna Berg"], rows["Leo Ek"]
    assert (anna["cases"], anna["unplanned"], anna["coordinated"], anna["no_coordinator"]) == (3, 3, 0, 2)
    assert (leo["cases"], leo["coordinated"], leo["weight"]) == (0, 1, 1) and anna["weight"] == 6
    world.child_worker("anna")
    world.child_case()
    assert load(world)["Anna Berg"]["children"] == 1


def test_protected_people_weigh_only_where_they_are_known(world):
    opened(world, 1)
    world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    assert load(world)["Anna Berg"]["cases"] == 1


def test_the_load_is_the_managers_own(world):
    opened(world, 2)
    assert load(world, world.anna) == {} and load(world, world.adam) == {} and load(world, world.cilla) == {}
    page = Visit(world.maud).get("reporting:load")
    assert sees(page, "Vem har vad", "Anna Berg") and "Asta" not in text_of(page) and "2026-0" not in text_of(page)
    assert Visit(world.maud).get("teams:unit").status_code == 200


@pytest.fixture
def deciding(world):
    """Case workers decide about journeys."""
    rows = [
        {"number": str(place), "kind": kind, "law": "SoL", "role": Role.SOCIAL_WORKER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today() - timedelta(days=400), rows=rows)
    return world


def in_days(world, days, by=None):
    """The running quarter of that many days from now, as it will be if nothing happens."""
    day = today() + timedelta(days=days)
    with acting(by or world.maud):
        return unexecuted(Quarter.of(day), on=day)


def test_granted_and_not_carried_out_within_three_months(deciding):
    world = deciding
    decision = decided(world)
    assert in_days(world, 60) == []
    [row] = in_days(world, 100)
    assert (row.number, row.days, row.reported) == (decision.number, 100, False)
    assert in_days(world, 100, world.siv) == [] and in_days(world, 100, world.anna) == []
    act(world, teams.record_carrying_out, decision, kind="reported", words="Ingen plats ledig")
    act(world, teams.record_carrying_out, decision, kind="carried_out")
    assert in_days(world, 100) == []
    act(world, teams.record_carrying_out, decision, kind="interrupted", words="Boendet stängde")
    [row] = in_days(world, 100)
    assert row.since == today()


@pytest.mark.parametrize("day, quarter, first, last", [
    (date(2026, 1, 1), (2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 12, 31), (2026, 4), date(2026, 10, 1), date(2026, 12, 31)),
    (date(2024, 2, 29), (2024, 1), date(2024, 1, 1), date(2024, 3, 31)),
])  # fmt: skip
def test_quarters(day, quarter, first, last):
    found = Quarter.of(day)
    assert ((found.year, found.number), found.first, found.last) == (quarter, first, last)
    assert found.before.after == found == found.after.before


def rows_of(kind, number):
    return [Unexecuted(f"B{n}", kind, today(), today(), None, 100 + n, False) for n in range(number)]


def test_the_council_gets_no_small_number_and_no_sum():
    figures = for_council([*rows_of("travel", 5), *rows_of("contact_person", 4)])
    assert figures == [("Kontaktperson", "färre än 5", None), ("Resa", "5", 102)]


def test_the_pages_and_the_files(deciding):
    world = deciding
    decided(world)
    maud, now = Visit(world.maud), Quarter.of(today())
    assert maud.get("reporting:unexecuted_now").url.endswith(f"/{now.year}/{now.number}/")
    assert sees(maud.get("reporting:unexecuted", now.year, now.number), "Ej verkställda beslut")
    assert maud.get("reporting:unexecuted", now.year, 5).status_code == 404
    assert maud.get("reporting:unexecuted", now.year + 1, 1).status_code == 404
    file = maud.get("reporting:unexecuted_sheet", now.year, now.number)
    assert load_workbook(BytesIO(file.content)).active["A1"].value == "Beslut"
    with acting(world.maud):
        data = document(world.maud, now, in_days(world, 100), on=today())
    assert data.startswith(b"%PDF")
    assert maud.logged()[-2:] == ["unexecuted.viewed"] * 2


def test_the_load_asks_as_much_however_many_there_are(world):
    def more():
        for number in range(30):
            member = world._member(world.adam, f"Handläggare {number}", Role.SOCIAL_WORKER)
            world.open_case(member, world.person(member, f"Person {number} Efternamn"))

    opened(world, 1)
    assert_constant(Visit(world.maud), "reporting:load", grow=more)
