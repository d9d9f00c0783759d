"""Units: who works where and who leads. What is late is told to the right managers, and never to nobody."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cases import operations as cases
from cases.models import Clock
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.forms import least_role
from exitprogram.tenancy.models import Membership, Unit, UnitManager
from exitprogram.tenancy.operations import ROLES_OF
from exitprogram.tenancy.roles import GIVES, Role
from tests import houses
from tests.connections import connected
from tests.visits import Visit, sees
from tests.world import today


@pytest.fixture
def late(world):
    """Anna's clock, so late that the managers are told; Maud and Mona lead."""
    world.mona = world._member(world.adam, "Mona Chef", Role.UNIT_MANAGER)
    with acting(world.anna):
        cases.start_clock(
            by=world.anna, case=world.case, kind="follow_up", rule_id="plan.follow_up", subject_id=world.case.pk,
            owner=world.anna, due_on=today() - timedelta(days=30),
        )  # fmt: skip
    return world


def told(world):
    """Names of those whom the worker tells."""
    with acting(world.anna):
        late = Clock.objects.get(kind="follow_up").pk
    asked = "SELECT membership_id FROM wall.told_when_late(%s, %s) WHERE step = 'lead'"
    with connected("owner") as owner:
        ids = [row[0] for row in owner.execute(asked, [late, today()]).fetchall()]
    with acting(world.adam):
        return sorted(Membership.objects.filter(pk__in=ids).values_list("user__name", flat=True))


@pytest.mark.django_db(transaction=True)
class TestEscalation:
    @pytest.fixture
    def world(self):
        from tests.world import World

        return World()

    def test_the_units_own_managers_and_else_all_of_the_boards(self, late):
        everybody = ["Maud Chef", "Mona Chef"]
        assert told(late) == everybody, "no units"
        adults = houses.unit(late.adam)
        houses.place(late.adam, late.anna, adults)
        assert told(late) == everybody, "a unit that nobody leads"
        self.lead(late, adults, late.mona)
        assert told(late) == ["Mona Chef"]
        self.lead(late, adults, late.mona, late.maud)
        assert told(late) == everybody

    def test_a_manager_who_has_left_or_a_unit_that_has_ended_silences_nothing(self, late):
        adults = houses.unit(late.adam, managers=[late.mona])
        houses.place(late.adam, late.anna, adults)
        yesterday = today() - timedelta(days=1)
        with acting(late.adam):
            Membership.objects.filter(pk=late.mona.pk).update(starts_on=yesterday, ends_on=yesterday)
        assert told(late) == ["Maud Chef"]
        with acting(late.adam):
            Membership.objects.filter(pk=late.mona.pk).update(ends_on=None)
        assert told(late) == ["Mona Chef"]
        with acting(late.adam), connection.cursor() as cursor:  # its first day is fixed: another unit, ended yesterday
            cursor.execute(
                "INSERT INTO tenancy_unit (id, authority_id, created_at, name, starts_on, ends_on, version)"
                " VALUES (gen_random_uuid(), %s, now(), 'Förr', %s, %s, 1) RETURNING id",
                [late.bollnas.pk, yesterday, yesterday],
            )
            gone = Unit.objects.get(pk=cursor.fetchone()[0])
            UnitManager.objects.create(authority_id=late.bollnas.pk, unit=gone, manager=late.mona)
            Membership.objects.filter(pk=late.anna.pk).update(unit=gone)
        assert told(late) == ["Maud Chef", "Mona Chef"]

    def test_a_blocked_manager_hands_it_on_to_the_others(self, late):
        houses.place(late.adam, late.anna, houses.unit(late.adam, managers=[late.mona]))
        with acting(late.anna):
            cases.block_access(by=late.anna, case=late.case, user=late.mona.user, kind="kin", reason="syster")
        assert told(late) == ["Maud Chef"]

    @staticmethod
    def lead(world, unit, *managers):
        with acting(world.adam):
            tenancy.save_unit(by=world.adam, unit=unit, name=unit.name, managers=list(managers))


def test_the_managers_page_shows_her_own_unit_first_and_what_nobody_leads(late):
    other = late.open_case(late.leo, late.person(late.leo, "Lina Leosson"))
    adults = houses.unit(late.adam, managers=[late.mona])
    young = houses.unit(late.adam, "Ungdomsenheten", managers=[late.maud])
    houses.place(late.adam, late.anna, adults)
    maud, mona = Visit(late.maud), Visit(late.mona)
    assert sees(maud.get("teams:unit"), other.number), "Leo belongs to no unit: shown to everybody"
    houses.place(late.adam, late.leo, young)
    page = maud.get("teams:unit")
    assert sees(page, other.number, "Hela nämnden", "Vuxenenheten") and not sees(page, late.case.number)
    page = mona.get("teams:unit")
    assert sees(page, late.case.number, "Eskalerat") and not sees(page, other.number)
    for asked in ("alla", str(adults.pk)):
        assert sees(maud.get("teams:unit", query_params={"enhet": asked}), late.case.number, "Eskalerat")
    assert maud.get("teams:unit", query_params={"enhet": "nej"}).status_code == 200
    for unit in (adults, young):
        with acting(late.adam):
            tenancy.save_unit(by=late.adam, unit=unit, name=unit.name, ends_on=today())
    assert sees(maud.get("teams:unit"), late.case.number, other.number), "nobody leads: everything"


def test_least_is_chosen_beforehand(world):
    for kind, roles in ROLES_OF.items():
        assert all(len(GIVES[least_role(kind)]) <= len(GIVES[role]) for role in roles)
    page = Visit(world.adam).get("tenancy:member_add")
    assert sees(page, '<option value="regional_coordinator" selected>', "Tills vidare")


def test_a_person_is_added_to_a_unit_and_moved(world):
    adam, adults = Visit(world.adam), houses.unit(world.adam)
    asked = {"name": "Ny Kollega", "email": "ny@exempel.invalid", "role": "social_worker", "starts_on": today()}
    assert adam.post("tenancy:member_add", unit=adults, ends_on="2099-01-01", **asked).status_code == 302
    with acting(world.adam):
        assert Membership.objects.get(user__email="ny@exempel.invalid").unit_id == adults.pk
    assert adam.post("tenancy:member_place", world.leo, unit=adults).status_code == 302
    assert adam.logged()[-1] == "membership.placed" and sees(adam.get("tenancy:units"), "Vuxenenheten", ">2<")
    elsewhere = houses.unit(world.siv, "Norrenheten")
    assert sees(adam.post("tenancy:member_place", world.leo, unit=elsewhere), "Välj ett giltigt alternativ")
    assert sees(adam.post("tenancy:member_place", world.adam, unit=adults), "Du kan inte flytta dig själv")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": " "}, "Skriv vad enheten heter"),
        ({"name": "vuxenenheten"}, "finns redan en enhet"),
        ({"ends_on": today() - timedelta(days=1)}, "före första dagen"),
        ({"managers": "leo"}, "enhetschef hos er"),
        ({"managers": "rut"}, "enhetschef hos er"),
    ],
)
def test_a_wrong_unit_is_refused(world, more, sentence):
    houses.unit(world.adam)
    more = {"name": "Ny enhet", **more}
    more["managers"] = [getattr(world, more["managers"])] if "managers" in more else []
    with acting(world.adam), pytest.raises(Refused, match=sentence):
        tenancy.add_unit(by=world.adam, **more)


def test_two_at_the_same_time_and_one_that_has_ended(world):
    adults = houses.unit(world.adam)
    adam = Visit(world.adam)
    asked = {"name": "Vuxna", "version": 1}
    assert adam.post("tenancy:unit_edit", adults, ends_on=today(), **asked).status_code == 302
    again = adam.post("tenancy:unit_edit", adults, **{**asked, "name": "Annat namn"})
    assert sees(again, "Någon annan har ändrat enheten", 'value="Annat namn"')
    with acting(world.adam), pytest.raises(Stale):
        tenancy.save_unit(by=world.adam, unit=adults, name="X", version=1)
    with acting(world.adam), connection.cursor() as cursor:
        cursor.execute("UPDATE tenancy_unit SET ends_on = starts_on")
    assert sees(adam.post("tenancy:unit_edit", adults, name="Vuxna", version=2, ends_on="2020-01-01"), "före första")


def test_nobody_ends_her_own_role(world):
    answer = Visit(world.adam).post("tenancy:member_end", world.adam, ends_on=today())
    assert sees(answer, "Du kan inte avsluta din egen roll")


def test_the_database_alone(world):
    adults = houses.unit(world.adam, managers=[world.maud])
    for who in (world.anna, world.maud, world.siv):
        with acting(who), connection.cursor() as cursor:
            cursor.execute("UPDATE tenancy_unit SET name = 'Kapad'")
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM tenancy_unitmanager")
            assert cursor.rowcount == 0
    for unit, manager in ((adults.pk, world.rut.pk), (adults.pk, world.cilla.pk)):
        with acting(world.adam), pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            UnitManager.objects.create(authority_id=world.bollnas.pk, unit_id=unit, manager_id=manager)
