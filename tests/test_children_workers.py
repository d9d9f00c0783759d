"""A child's case opens only to who has the permission for children: at the grant, at every opening, at each wall."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import operations as cases
from cases.access import is_child_worker
from cases.models import AccessGrant, Case, ChildWorker, EmergencyAccess
from cases.operations.emergency import NOT_FOUND
from children import operations as children
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.caseload import caseload
from tests.visits import Visit, sees
from tests.world import today


@pytest.fixture
def child(world):
    world.child_worker("anna")
    return world.child_case()


def end(world, who):
    with acting(world.adam):
        children.end_child_worker(by=world.adam, worker=ChildWorker.objects.get(membership=who, ended_at=None))


def open_in_sql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.open_cases()")
        return cursor.fetchone()[0]


def test_without_the_permission_no_childs_case_is_opened(world):
    individual = world.person(name="Kim Ung")
    with pytest.raises(NotAllowed, match="inte behörighet till barns ärenden"):
        world.open_case(individual=individual, programme="child")
    world.child_worker("anna")
    assert world.open_case(individual=individual, programme="child").worker == world.anna


@pytest.mark.parametrize("kind", ["worker", "coordinator", "deputy", "team", "named"])
def test_it_is_opened_to_nobody_without_it(world, child, kind):
    given = {"by": world.anna, "case": child, "membership": world.leo, "kind": kind, "reason": "behövs"}
    with acting(world.anna), pytest.raises(NotAllowed, match="Leo Ek har inte behörighet"):
        cases.grant_access(**given)
    world.child_worker("leo", qualified=False)
    with acting(world.anna):
        cases.grant_access(**given)
    world.answers(world.leo, child)
    with acting(world.leo):
        assert list(Case.objects.visible_to(world.leo)) == [child]


def test_a_manager_of_the_unit_is_not_let_in_by_leading_it(world, child):
    with acting(world.maud):
        assert not Case.objects.visible_to(world.maud).exists() and open_in_sql() == []
        with pytest.raises(NotAllowed, match="Du har inte behörighet"):
            cases.grant_access(by=world.maud, case=child, membership=world.maud, kind="named", reason="leder")


def test_it_is_asked_at_every_opening(world, child):
    """Granted while she had the permission; the day it ends everything is closed, in both walls."""
    world.child_worker("leo", qualified=False)
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=child, membership=world.leo, kind="team", reason="behövs")
    end(world, world.leo)
    with acting(world.leo):
        assert not Case.objects.visible_to(world.leo).exists()
        assert open_in_sql() == []
    assert Visit(world.leo).get("plans:person", child).status_code == 404


def test_the_database_grants_it_to_nobody_without_it(world, child):
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        AccessGrant.objects.create(
            authority_id=child.authority_id, content_object=child, membership=world.leo, user_id=world.leo.user_id,
            permission=AccessGrant.objects.get(content_object=child).permission, kind="named", reason="x",
            granted_by=world.anna,
        )  # fmt: skip


def test_the_database_opens_no_childs_case_for_one_without_it(world):
    individual = world.person(name="Kim Ung")
    row = Case(
        authority_id=world.anna.authority_id, number="2099-0001", individual=individual, programme="child",
        contact_way="self", worker=world.anna, created_by=world.anna,
    )  # fmt: skip
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_an_adults_case_of_the_same_person_opens_no_childs(world, child):
    """Leo has the adult's case, and the child's is not there for him."""
    world.child_worker("leo")
    individual = child.individual
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=child, membership=world.leo, kind="named", reason="går över till vuxen")
    with acting(world.leo):
        adult = cases.open_case(
            by=world.leo, individual=individual, programme="adult", contact_way="self", target_group="images"
        )
    end(world, world.leo)
    with acting(world.leo):
        assert list(Case.objects.visible_to(world.leo)) == [adult] and open_in_sql() == [adult.pk]


def test_an_emergency_opens_it_only_to_who_may_have_children(world, child):
    given = {"number": child.number, "reason": "child", "reason_text": "ett barn kan vara i fara"}
    with acting(world.leo):
        attempt = cases.open_in_emergency(by=world.leo, **given)
    assert (attempt.emergency, attempt.why) == (None, NOT_FOUND), "the same as for a number that is nobody's"
    world.child_worker("leo", qualified=False)
    with acting(world.leo):
        assert cases.open_in_emergency(by=world.leo, **given).emergency is not None
        assert list(Case.objects.visible_to(world.leo)) == [child]


def test_the_database_knows_no_emergency_for_others(world, child):
    row = EmergencyAccess(
        authority_id=child.authority_id, case_id=child.pk, membership=world.leo, user_id=world.leo.user_id,
        reason="child", reason_text="x", started_at=timezone.now(), until=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
    with acting(world.leo), pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_a_whole_caseload_leaves_the_children_behind(world, child):
    adult = world.case
    with acting(world.maud):
        hinders = {row["number"]: row["hinder"] for row in caseload(world.anna, world.leo)}
        assert hinders == {child.number: "child", adult.number: ""}
        moved = teams.hand_over(by=world.maud, from_member=world.anna, to_member=world.leo, reason="slutar").moved
    assert moved == [adult.pk]


def test_nobody_gives_it_to_herself(world):
    with acting(world.maud), pytest.raises(NotAllowed, match="till dig själv"):
        children.give_child_worker(by=world.maud, membership=world.maud, qualified=True)
    row = ChildWorker(authority_id=world.maud.authority_id, membership=world.maud, qualified=True, given_by=world.maud)
    with acting(world.maud), pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_it_is_for_the_boards_own_social_services(world):
    with acting(world.adam), pytest.raises(NotAllowed, match="den egna nämndens"):
        children.give_child_worker(by=world.adam, membership=world.sara, qualified=False)
    with acting(world.ragnar), pytest.raises(NotAllowed, match="den egna nämndens"):
        children.give_child_worker(by=world.ragnar, membership=world.sara, qualified=False)


def test_one_at_a_time(world):
    world.child_worker("leo")
    with acting(world.maud), pytest.raises(Refused, match="har redan behörigheten"):
        children.give_child_worker(by=world.maud, membership=world.leo, qualified=True)


def test_it_ends_after_its_last_day(world, monkeypatch):
    with acting(world.adam):
        children.give_child_worker(by=world.adam, membership=world.leo, qualified=True, ends_on=today())
    with acting(world.leo):
        assert is_child_worker(world.leo, qualified=True)
        tomorrow = today() + timedelta(days=1)
        monkeypatch.setattr("cases.access.timezone.localdate", lambda: tomorrow)
        assert not is_child_worker(world.leo)


def test_qualified_is_said_and_never_changed(world):
    world.child_worker("leo", qualified=False)
    with acting(world.leo):
        assert is_child_worker(world.leo) and not is_child_worker(world.leo, qualified=True)
    with acting(world.adam), pytest.raises(DatabaseError), transaction.atomic():
        ChildWorker.objects.filter(membership=world.leo).update(qualified=True)


def test_a_clock_is_handed_only_to_who_may_have_it(world, child):
    world.child_worker("leo")
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=child, membership=world.leo, kind="named", reason="behövs")
        note = cases.save_note(
            by=world.anna, case=child, kind="call", event_on=today(), source="x", fact="y", assessment="",
            follow_up_on=today(),
        )  # fmt: skip
        cases.sign_note(by=world.anna, case=child, note=note)
    end(world, world.leo)
    with acting(world.anna):
        clock = child.clocks.get(kind="note_follow_up")
        with pytest.raises(Refused, match="inte behörighet"):
            cases.hand_clock(by=world.anna, case=child, clock=clock, owner=world.leo)


def test_given_and_ended_in_the_browser(world):
    maud = Visit(world.maud)
    assert sees(maud.get("children:workers"), "Ingen har behörigheten")
    answer = maud.post("children:workers", membership=world.leo, qualified="on", follow=True)
    assert sees(answer, "Leo Ek har fått behörigheten", "får bedöma och signera")
    with acting(world.maud):
        row = ChildWorker.objects.get()
    assert sees(maud.post("children:worker_end", row, follow=True), "Ingen har behörigheten")
    assert maud.logged()[1:] == ["child_worker.given", "child_worker.ended"]
