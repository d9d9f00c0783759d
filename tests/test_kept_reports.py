"""What a board sends about itself is kept as it was sent."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import KeptReport
from teams.models.report import last_day
from tests.visits import Visit, sees
from tests.world import today


def keep(world, **more):
    given = {"kind": "unexecuted", "year": today().year - 1, "quarter": 2, "paper": b"%PDF-1"} | more
    with acting(world.maud):
        return teams.keep_report(by=world.maud, **given)


def test_the_last_day_of_a_period():
    days = [last_day(2024, quarter) for quarter in range(5)]
    assert days == [date(2024, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]


def test_it_comes_back_byte_for_byte_and_once_more_stands_beside(world):
    first, second = keep(world), keep(world, paper=b"%PDF-2")
    with acting(world.adam):
        assert teams.fetch_report(by=world.adam, report=first) == b"%PDF-1"
        rows = KeptReport.objects.visible_to(world.adam).of("unexecuted", today().year - 1, 2)
        assert [row.pk for row in rows] == [second.pk, first.pk]


@pytest.mark.parametrize("period", [{"year": 2200}, {"kind": "cooperation", "quarter": 0, "year": 2200}])
def test_not_before_the_period_is_over(world, period):
    with pytest.raises(Refused):
        keep(world, **period)


@pytest.mark.parametrize("statement", [
    "UPDATE teams_keptreport SET year = 2020", "DELETE FROM teams_keptreport", "UPDATE teams_keptreport SET paper = ''",
])  # fmt: skip
def test_nobody_changes_it(world, statement):
    row = keep(world)
    with acting(world.adam), connection.cursor() as cursor:
        with suppress(DatabaseError), transaction.atomic():
            cursor.execute(statement)  # an error; or, of the sealed column that new keys need, no row
            assert cursor.rowcount == 0
        assert teams.fetch_report(by=world.adam, report=row) == b"%PDF-1"
        assert KeptReport.objects.get().year == today().year - 1


def test_on_the_pages(world):
    maud, year = Visit(world.maud), today().year - 1
    assert maud.post("reporting:unexecuted_keep", year, 4).status_code == 302
    page = maud.get("reporting:unexecuted", year, 4)
    assert sees(page, "Fastställt", "Hämta som den var", "Maud")
    with acting(world.maud):
        row = KeptReport.objects.get()
    paper = maud.get("teams:report", row)
    assert paper.content.startswith(b"%PDF") and paper["Content-Disposition"].endswith(f'unexecuted-{year}-4.pdf"')
    adam = Visit(world.adam)
    assert adam.post("teams:cooperation_keep", year).status_code == 302
    assert sees(adam.get("teams:cooperation_report", year), "Hämta som den var")
    assert sees(adam.post("teams:cooperation_keep", today().year, follow=True), "Perioden är inte slut än")
    assert not sees(adam.get("teams:cooperation_report", today().year), "Fastställ")
