"""A board may ask that more than five stand behind each number; never fewer."""

import pytest
from django.db import IntegrityError, connection, transaction

from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.acting import acting
from reporting import operations
from reporting.gathering import as_figures, least_shown
from reporting.models import Threshold
from tests.agreements import agreed
from tests.test_region import opened, seen
from tests.visits import Visit, sees


def test_what_was_shown_is_shown_no_more(world):
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    opened(world, 7)
    assert str(seen(world)[world.bollnas].plans) == "7"
    with acting(world.adam):
        operations.set_threshold(by=world.adam, least=8)
    board = seen(world)[world.bollnas]
    assert (str(board.plans), board.age, board.waited) == ("färre än 8", None, [])
    assert {str(figure) for figure in board.lacks.values()} == {"färre än 8"}
    opened(world, 1, start=7)
    board = seen(world)[world.bollnas]
    assert (str(board.plans), str(board.lacks["no_coordinator"])) == ("8", "minst 8")


def test_it_is_asked_when_figures_are_made(standing):
    """The furnished boards have both asked for six."""
    world = standing
    with as_figures() as raw:
        assert least_shown(raw, [str(world.bollnas.pk), str(world.soderhamn.pk)]) == {
            str(world.bollnas.pk): 6, str(world.soderhamn.pk): 6
        }  # fmt: skip


def test_on_the_page(world):
    adam = Visit(world.adam)
    assert sees(adam.get("reporting:figures"), "Gräns för siffror")
    assert sees(adam.post("reporting:threshold", least=4, version=0), "Aldrig färre än 5.", "4")
    assert sees(adam.post("reporting:threshold", least="många", version=0), "Skriv ett helt tal.", "många")
    assert adam.post("reporting:threshold", least=7, version=0).status_code == 302
    assert "figures.threshold_set" in adam.logged()
    stale = adam.post("reporting:threshold", least=9, version=0)
    assert sees(stale, "ändrat gränsen till 7", "9")
    assert adam.post("reporting:threshold", least=9, version=1).status_code == 302
    with acting(world.adam):
        assert Threshold.objects.visible_to(world.adam).get().least == 9


@pytest.mark.parametrize("least", [-1, 0, 4, 51])
def test_never_fewer_than_five_in_either_wall(world, least):
    with acting(world.adam):
        with pytest.raises(Refused):
            operations.set_threshold(by=world.adam, least=least)
        row = operations.set_threshold(by=world.adam, least=5)
        with pytest.raises(Stale):
            operations.set_threshold(by=world.adam, least=6, version=0)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE reporting_threshold SET least = %s WHERE id = %s", [least, row.pk])
