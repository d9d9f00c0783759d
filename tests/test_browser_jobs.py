"""Long work in real Chromium: asked for in one press, followed without another, stopped in one."""

from unittest.mock import patch

import pytest

from exitprogram.jobs import runner
from plans.operations import release_copy
from tests.browser import Person
from tests.test_jobs import Killed, dies_after, lease_runs_out
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    world.agreed  # noqa: B018  made when asked for
    with patch("plans.operations.release.document", return_value=b"%PDF"):
        anna = Person(chromium, live_server, world.anna)
        yield world, anna
        anna.page.close()  # it would go on asking


def test_the_page_follows_the_work_by_itself(desk):
    world, anna = desk
    anna.count_from(f"/arende/{world.case.pk}/kopior/")
    anna.press("Gör en kopia till var och en")
    assert anna.presses == 1 and anna.sees("Väntar") and anna.sees("0 av 2 kopior")
    with dies_after(1, release_copy), pytest.raises(Killed):
        runner.run_waiting()
    anna.page.get_by_text("1 av 2 kopior").wait_for()
    lease_runs_out()
    runner.run_waiting()
    anna.page.get_by_text("Klart").wait_for()
    anna.check()
    assert anna.presses == 1 and not anna.sees("Avbryt")
    anna.go(anna.page.get_by_role("link", name="En kopia av planen till var och en").click)
    assert anna.sees("Hämta igen")


def test_it_is_stopped_in_one_press(desk):
    world, anna = desk
    anna.page.goto(f"{anna.server}/arende/{world.case.pk}/kopior/")
    anna.press("Gör en kopia till var och en")
    anna.press("Avbryt", exact=False)
    assert anna.sees("Avbrutet") and anna.sees("Ingenting pågår")
