"""The regional coordinator's first screen: counts of boards that agreed to it, and no way from them to a person."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from reporting.region import Figure, boards
from tests.agreements import agreed
from tests.visits import Visit, sees, text_of

NAMES = ["Asta Ek", "Berit Al", "Cajsa Lind", "Doris Holm", "Elin Berg", "Frida Sten", "Greta Dahl", "Hilda Fors"]


@pytest.fixture
def overseen(world):
    """Bollnäs lets Söderhamn's coordinator follow how many; she is employed elsewhere and in no team."""
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    return world


def opened(world, number, start=0):
    return [world.open_case(individual=world.person(name=name)) for name in NAMES[start : start + number]]


def seen(world, by=None):
    with acting(by or world.rut):
        return {board.authority: board for board in boards()}


def test_fewer_than_five_are_never_a_number(overseen):
    opened(overseen, 4)
    board = seen(overseen)[overseen.bollnas]
    assert str(board.plans) == "färre än 5" and board.age is None and board.waited == []
    assert {str(figure) for figure in board.lacks.values()} == {"färre än 5"}
    opened(overseen, 1, start=4)
    board = seen(overseen)[overseen.bollnas]
    assert (str(board.plans), str(board.lacks["no_coordinator"])) == ("5", "minst 5")


def test_a_part_and_its_rest_are_shown_together_or_not_at_all(overseen):
    found = opened(overseen, 6)
    overseen.coordinator(case=found[0])
    board = seen(overseen)[overseen.bollnas]
    assert (str(board.plans), str(board.lacks["no_coordinator"])) == ("6", "minst 5"), "five without, one with"
    assert board.waited == [], "all in one step: the others would be known to be none"


@pytest.mark.parametrize("part, whole, shown", [
    (0, None, "färre än 5"), (4, None, "färre än 5"), (5, None, "5"), (5, 10, "5"), (6, 10, "minst 5"),
    (10, 10, "minst 5"), (4, 100, "färre än 5"), (0, 100, "färre än 5"),
])  # fmt: skip
def test_what_the_database_lets_out(world, part, whole, shown):
    with acting(world.rut), connection.cursor() as cursor:
        cursor.execute("SELECT wall.shown(%s, %s, 5)", [part, whole])
        assert str(Figure(cursor.fetchone()[0])) == shown


def test_protected_people_closed_cases_and_the_other_programme_are_in_no_figure(overseen):
    opened(overseen, 4)
    overseen.open_case(individual=overseen.person(name="Stina Skyddad", protection="secrecy_mark"))
    overseen.child_worker("anna")
    overseen.child_case(name="Kim Ung")
    assert str(seen(overseen)[overseen.bollnas].plans) == "färre än 5", "the agreement is about adults"


def test_the_order_is_by_what_is_shown(world):
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    ljusdal = _another(world, "2161", "Lo Admin", "Lena Chef")
    opened(world, 4)  # Bollnäs: four without a coordinator, which is not shown
    assert [b.authority for b in _in_order(world)] == sorted([world.bollnas, ljusdal], key=lambda a: a.name)
    opened(world, 3, start=4)
    assert _in_order(world)[0].authority == world.bollnas


def _another(world, code, admin, worker):
    from exitprogram.tenancy.models import Authority
    from exitprogram.tenancy.reference import authority_id
    from exitprogram.tenancy.roles import Role

    board = Authority.objects.get(pk=authority_id("social_board", code))
    boss = world._administrator(board, admin)
    world._member(boss, worker, Role.UNIT_MANAGER)
    agreed(boss, world.siv, oversight="figures", overseer=world.soderhamn, ground="kl_9_37")
    return board


def _in_order(world):
    with acting(world.rut):
        return boards()


def test_only_where_it_has_been_agreed_and_only_for_her(overseen):
    opened(overseen, 5)
    assert seen(overseen, overseen.cilla) == {}, "a worker of the same board"
    assert seen(overseen, overseen.maud) == {} and seen(overseen, overseen.sara) == {}
    assert overseen.soderhamn not in seen(overseen), "nobody has agreed to her own board's"


def test_without_oversight_in_the_agreement_there_is_nothing(world):
    agreed(world.adam, world.siv)
    opened(world, 5)
    assert seen(world) == {}
    page = Visit(world.rut).get("reporting:region")
    assert sees(page, "Ingen nämnd har gett dig insyn än")


def test_the_page_is_the_first_one_and_names_nobody(overseen):
    opened(overseen, 6)
    rut = Visit(overseen.rut)
    assert rut.client.get("/", follow=True).redirect_chain[-1][0] == "/regionen/"
    page = rut.get("reporting:region")
    assert sees(page, "Socialnämnden, Bollnäs kommun", "Aktiva planer", "minst 5")
    assert not any(name in text_of(page) for name in NAMES) and "2026-0" not in text_of(page)
    assert rut.logged()[-1] == "region.viewed"
    assert Visit(overseen.anna).get("reporting:region").status_code == 403


def test_the_ids_behind_the_figures_cannot_be_asked_for(overseen):
    opened(overseen, 5)
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with acting(overseen.rut), connection.cursor() as cursor, denied, transaction.atomic():
        cursor.execute("SELECT * FROM wall.flow()")


def test_the_same_number_of_questions_however_many(overseen, django_assert_num_queries):
    opened(overseen, 5)
    with acting(overseen.rut), django_assert_num_queries(2):
        boards()
    opened(overseen, 3, start=5)
    with acting(overseen.rut), django_assert_num_queries(2):
        boards()


def test_a_block_takes_the_case_out(overseen):
    found = opened(overseen, 5)
    assert str(seen(overseen)[overseen.bollnas].plans) == "5"
    with acting(overseen.anna):
        cases.block_access(by=overseen.anna, case=found[0], user=overseen.rut.user, kind="kin", reason="Syster")
    assert str(seen(overseen)[overseen.bollnas].plans) == "färre än 5"
