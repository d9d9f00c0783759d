"""Does she know the person? Asked of each colleague, before anything of the case is shown to her."""

import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import AccessBlock, AccessGrant, Case, ConflictAnswer, Notice
from cases.operations import grant_access, open_in_emergency
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.conflicts import questions
from teams.models import CoordinatorAppointment, TeamMember
from tests.handovers import age
from tests.visits import Visit
from tests.world import today

pytestmark = pytest.mark.django_db(transaction=True)


def add(world, how, membership=None):
    """Leo, or another, is added to Maria's case by Anna, and has answered nothing."""
    given = {"by": world.anna, "case": world.case, "membership": membership or world.leo}
    with acting(world.anna):
        if how == "team":
            return teams.invite_member(**given, function="stöd", reason="behövs")
        return teams.appoint_coordinator(**given, kind=how)


def answer(by, case, **given):
    with acting(by):
        return teams.answer_conflict(by=by, case_id=case.pk, **given)


def sees(by, case):
    with acting(by):
        with connection.cursor() as cursor:  # the database's own wall, whatever Python says
            cursor.execute("SELECT count(*) FROM cases_case WHERE id = %s", [case.pk])
            row = cursor.fetchone()[0]
        assert row == Case.objects.visible_to(by).filter(pk=case.pk).count()
        return bool(row)


def of_coordinator(world):
    with acting(world.anna):
        rows = CoordinatorAppointment.objects.visible_to(world.anna).coordinators().filter(case=world.case)
        return [(row.membership_id, row.starts_on, row.ends_on) for row in rows.order_by("starts_on")]


@pytest.mark.parametrize("how", ["team", "coordinator", "deputy"])
def test_nothing_is_open_before_the_answer(world, how):
    add(world, how)
    assert not sees(world.leo, world.case)
    with acting(world.leo):
        assert [one.case_id for one in questions(world.leo)] == [world.case.pk]
        assert not CoordinatorAppointment.objects.visible_to(world.leo).filter(case=world.case).exists()
    with acting(world.anna):
        assert questions(world.anna) == []  # she opened the case herself
    answer(world.leo, world.case, knows=False)
    assert sees(world.leo, world.case)
    with acting(world.leo), pytest.raises(NotAllowed):
        teams.answer_conflict(by=world.leo, case_id=world.case.pk, knows=True)


def test_a_cover_and_a_successor_are_asked(world):
    world.coordinator()
    age(world.case)
    with acting(world.anna):
        teams.cover_absence(by=world.anna, membership=world.leo, starts_on=today(), ends_on=today())
    assert not sees(world.leo, world.case)
    lena = world._member(world.adam, "Lena Ny", "social_worker")
    with acting(world.maud):
        teams.hand_over(by=world.maud, from_member=world.anna, to_member=lena, reason="Slutar")
    assert not sees(lena, world.case)
    answer(lena, world.case, knows=False)
    assert sees(lena, world.case)


def test_yes_closes_everything_at_once(world):
    member = add(world, "team")
    answer(world.leo, world.case, knows=True)
    assert not sees(world.leo, world.case)
    with acting(world.leo):
        assert questions(world.leo) == []
        for model in (ConflictAnswer, TeamMember):  # nothing about the person, not even that she answered
            assert not model.objects.visible_to(world.leo).filter(case_id=world.case.pk).exists()
        with pytest.raises(Refused):  # not even in an emergency
            open_in_emergency(by=world.leo, number=world.case.number, reason="danger", reason_text="")
    with acting(world.anna):
        block = AccessBlock.objects.visible_to(world.anna).standing().get(case=world.case)
        assert (block.user_id, block.kind) == (world.leo.user_id, AccessBlock.Kind.ACQUAINTED)
        member.refresh_from_db()
        assert member.state == TeamMember.State.ENDED and member.end_reason
        assert not AccessGrant.objects.filter(membership=world.leo, ended_at=None).exists()
        with pytest.raises(Refused):
            teams.invite_member(by=world.anna, case=world.case, membership=world.leo, function="x", reason="y")


def test_those_who_lead_and_coordinate_are_told(world):
    world.coordinator()
    add(world, "deputy")
    given = answer(world.leo, world.case, knows=True)
    told = {}
    for name in ("anna", "maud", "leo", "cilla"):
        by = getattr(world, name)
        with acting(by):
            told[name] = Notice.objects.visible_to(by).filter(about="conflict", subject_id=given.pk).count()
    assert told == {"anna": 1, "maud": 1, "leo": 0, "cilla": 0}
    assert "är spärrad där" in Visit(world.maud).get("teams:unit").text
    assert "är spärrad där" in Visit(world.anna).get("plans:my_day").text


def test_a_coordinator_who_knows_the_person_names_who_takes_over(world):
    add(world, "coordinator")
    lena = world._member(world.adam, "Lena Ny", "social_worker")
    for successor in (None, world.leo, world.maud):
        with pytest.raises(Refused):
            answer(world.leo, world.case, knows=True, successor=successor)
    assert not sees(world.leo, world.case)
    with acting(world.leo):  # refused: nothing is written, the question stands
        assert len(questions(world.leo)) == 1
    answer(world.leo, world.case, knows=True, successor=lena)
    first, then = of_coordinator(world)
    assert first == (world.leo.pk, today(), today()) and then[0] == lena.pk
    assert (then[1] - today()).days == 1 and then[2] is None
    assert not sees(world.leo, world.case) and not sees(lena, world.case)
    answer(lena, world.case, knows=False)
    assert sees(lena, world.case)
    with acting(world.anna), pytest.raises(Refused, match="redan utsedd från"):
        teams.appoint_coordinator(by=world.anna, case=world.case, membership=world.anna)


def test_one_who_was_appointed_earlier_is_not_on_paper_one_day_more(world):
    add(world, "coordinator")
    age(world.case)
    answer(world.leo, world.case, knows=True, successor=world.anna)
    first, then = of_coordinator(world)
    assert (today() - first[2]).days == 1 and then[:2] == (world.anna.pk, today())


def test_the_database_keeps_the_order_by_itself(world):
    """Past every operation: no answer for another, none unasked, none without who takes over."""
    add(world, "coordinator")
    insert = (
        "INSERT INTO cases_conflictanswer (id, authority_id, created_at, case_id, membership_id, knows, day)"
        " VALUES (gen_random_uuid(), %s, now(), %s, %s, %s, wall.today())"
    )
    for by, about, knows in (
        (world.anna, world.leo, False), (world.anna, world.anna, False), (world.cilla, world.leo, False),
        (world.leo, world.leo, True),
    ):  # fmt: skip
        with acting(by), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [world.bollnas.pk, world.case.pk, about.pk, knows])
    assert not sees(world.leo, world.case)
    with acting(world.leo), connection.cursor() as cursor:
        cursor.execute(insert, [world.bollnas.pk, world.case.pk, world.leo.pk, False])
    assert sees(world.leo, world.case)


def test_what_is_given_by_name_asks_nothing(world):
    with acting(world.anna):
        grant_access(by=world.anna, case=world.case, membership=world.leo, kind="named", reason="granskar")
    assert sees(world.leo, world.case)


def test_the_page_asks_once_and_lets_in(world):
    add(world, "team")
    leo = Visit(world.leo)
    page = leo.get("plans:person", world.case)
    assert page.status_code == 302 and page.url == f"/fraga/{world.case.pk}/"
    page = leo.get("teams:question", world.case).text
    assert "Känner du personen eller någon nära?" in page and "Maria Karlsson" in page and world.case.number not in page
    assert leo.post("teams:question", world.case, no="1").url.endswith(f"{world.case.pk}/")
    assert leo.get("plans:person", world.case).status_code == 200
    assert leo.get("teams:question", world.case).status_code == 404
    assert "conflict.asked" in leo.logged() and "conflict.none" in leo.logged()


def test_the_page_of_a_coordinator_who_says_yes(world):
    add(world, "coordinator")
    leo = Visit(world.leo)
    page = leo.post("teams:question", world.case, yes="1")
    assert page.status_code == 200 and "Vem tar över" in page.text and "Lämna över" in page.text
    page = leo.post("teams:question", world.case, yes="1", successor="")
    assert page.status_code == 200 and "Vem tar över" in page.text
    assert leo.post("teams:question", world.case, yes="1", successor=world.anna.pk).status_code == 302
    assert leo.get("plans:person", world.case).status_code == 404


def test_a_protected_person_is_not_named(world):
    case = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    with acting(world.anna):
        teams.invite_member(by=world.anna, case=case, membership=world.leo, function="stöd", reason="behövs")
    page = Visit(world.leo).get("teams:question", case).text
    assert "Stina" not in page and "skyddade uppgifter" in page and "Anna Berg" in page
