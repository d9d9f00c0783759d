"""A joint board (KL 9:19): registered by a command, and understood where cooperation is agreed."""

import pytest
from django.core.management import CommandError, call_command

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.cooperation import joint_board_of
from exitprogram.tenancy.models import Authority
from tests.agreements import agreed, proposed
from tests.visits import Visit, sees
from tests.world import World

NAME = "Gemensamma socialnämnden Bollnäs och Söderhamn"


@pytest.fixture
def board(transactional_db):
    call_command("add_joint_board", NAME, "2183", "2182", verbosity=0)
    return Authority.objects.get(name=NAME)


def test_registered_with_its_municipalities_and_understood(board):
    assert (board.kind, board.region_id) == ("joint_board", "21")
    assert set(board.municipalities.values_list("code", flat=True)) == {"2183", "2182"}
    world = World()
    agreement = agreed(world.adam, world.siv, ground="kl_9_19")
    with acting(world.adam):
        assert joint_board_of(agreement) == board
    page = Visit(world.adam).get("teams:agreement", agreement)
    assert sees(page, "Gemensam nämnd", NAME, "Bollnäs och Söderhamn")
    boss = world._administrator(board, "Gun Gemensam")
    own = Visit(boss).get("teams:agreements")
    assert sees(own, "gemensam för Bollnäs och Söderhamn")
    with_region = proposed(boss, world.region, ground="hsl_16_3")
    assert with_region.pk and boss.authority.is_social


def test_without_the_board_the_page_says_how_it_comes(world):
    agreement = proposed(world.adam, world.soderhamn, ground="kl_9_19")
    with acting(world.adam):
        assert joint_board_of(agreement) is None
    assert sees(Visit(world.adam).get("teams:agreement", agreement), "läggs upp av driften")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("Nämnden", "2183"), "minst två kommuner"),
        (("Nämnden", "2183", "2183"), "minst två kommuner"),
        (("Nämnden", "2183", "9999"), "ingen kommun med koden 9999"),
        ((" ", "2183", "2182"), "Skriv vad nämnden heter"),
        (("socialnämnden, bollnäs kommun", "2183", "2182"), "Det finns redan"),
    ],
)
def test_a_wrong_one_is_refused(db, said, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("add_joint_board", *said)
    assert not Authority.objects.filter(kind="joint_board").exists()
