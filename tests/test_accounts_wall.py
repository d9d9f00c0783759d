"""What somebody with SQL inside another person's request can do to accounts and sessions: nothing that helps."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from exitprogram.errors import NotAllowed
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import BrowserSession as Session
from exitprogram.tenancy.models import Membership, User
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.sessions import stored
from tests.visits import strong_session
from tests.world import today


def sql(by, statement, values):
    with acting(by), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def signed_in(membership):
    client = Client()
    strong_session(client, membership.user)
    client.get(reverse("plans:my_day"))
    return client


def opens(cookie):
    client = Client()
    client.cookies["session"] = cookie
    return client.get(reverse("plans:my_day")).status_code == 200


def test_a_session_row_read_is_no_cookie(world):
    cookie = signed_in(world.anna).cookies["session"].value
    [row] = Session.objects.all()

    assert opens(cookie)
    assert row.session_key == stored(cookie) != cookie
    assert not opens(row.session_key)


def test_a_session_copied_onto_ones_own_does_not_open(world):
    signed_in(world.anna)
    mine = signed_in(world.leo).cookies["session"].value
    assert opens(mine)
    hers = Session.objects.exclude(session_key=stored(mine)).get()

    Session.objects.filter(session_key=stored(mine)).update(session_data=hers.session_data)

    assert not opens(mine)


def test_signing_out_ends_the_row(world):
    client = signed_in(world.anna)
    client.post(reverse("tenancy:sign_out"))

    assert not Session.objects.exists()


@pytest.mark.parametrize("who", ["sara", "leo", "adam"])
def test_nobody_changes_somebody_elses_account(world, who):
    change = "UPDATE tenancy_user SET password = 'x', email = 'min@exempel.invalid' WHERE id = %s"

    assert sql(getattr(world, who), change, [world.anna.user_id]) == 0
    with acting_as_user(world.anna.user):
        assert User.objects.filter(pk=world.anna.user_id).update(name="Anna B") == 1, "she may herself"


def test_only_an_administrator_makes_an_account(world):
    new = "INSERT INTO tenancy_user (id, password, email, name, is_active) VALUES (gen_random_uuid(), '', %s, '', true)"

    assert sql(world.adam, new, ["ny@exempel.invalid"]) == 1
    with pytest.raises(ProgrammingError), transaction.atomic():
        sql(world.leo, new, ["annan@exempel.invalid"])


CLOSE, OPEN = "SELECT wall.close_account(%s)", "SELECT wall.open_account(%s)"


def active(member):
    with acting_as_user(member.user):
        return User.objects.get(pk=member.user_id).is_active


@pytest.mark.parametrize("who", ["adam", "siv", "sara", "leo", "maud"])
def test_no_account_is_closed_that_has_a_role_anywhere(world, who):
    """Not by the administrator, and not while it is another board's: of Siv's alone is the last."""
    sql(getattr(world, who), CLOSE, [world.anna.user_id])
    assert active(world.anna)


def test_an_account_is_closed_and_opened_by_its_own_administrator(world):
    ended = "UPDATE tenancy_membership SET starts_on = starts_on - 9, ends_on = %s WHERE id = %s"
    sql(world.adam, ended, [today() - timedelta(days=1), world.leo.pk])
    for stranger in (world.siv, world.sara, world.anna, world.maud, world.leo):
        sql(stranger, CLOSE, [world.leo.user_id])
        assert active(world.leo)
    sql(world.adam, CLOSE, [world.leo.user_id])
    assert not active(world.leo)
    for by in (world.adam, world.siv, world.anna):
        sql(by, OPEN, [world.leo.user_id])
        assert not active(world.leo), "with no role it stays closed"
    with acting(world.siv):
        Membership.objects.create(authority=world.soderhamn, user=world.leo.user, role=Role.SOCIAL_WORKER)
    sql(world.adam, OPEN, [world.leo.user_id])
    assert not active(world.leo), "a role elsewhere is elsewhere's"
    sql(world.siv, OPEN, [world.leo.user_id])
    assert active(world.leo)


def test_one_closes_not_ones_own(world):
    sql(world.siv, "UPDATE tenancy_membership SET ends_on = %s WHERE id = %s", [today(), world.siv.pk])
    sql(world.siv, CLOSE, [world.siv.user_id])
    assert active(world.siv)


def test_only_a_role_that_has_not_begun_vanishes(world):
    with acting(world.adam):
        later = Membership.objects.create(
            authority=world.bollnas, user=world.leo.user, role=Role.UNIT_MANAGER, starts_on=today() + timedelta(days=2)
        )
    for by in (world.siv, world.maud, world.leo):
        assert sql(by, "DELETE FROM tenancy_membership WHERE id = %s", [later.pk]) == 0
    assert sql(world.adam, "DELETE FROM tenancy_membership WHERE id = %s", [world.leo.pk]) == 0
    assert sql(world.adam, "DELETE FROM tenancy_membership WHERE id = %s", [later.pk]) == 1


def test_a_role_does_not_become_somebody_elses(world):
    take = "UPDATE tenancy_membership SET user_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="låst"), transaction.atomic():
        sql(world.adam, take, [world.adam.user_id, world.anna.pk])
    end = "UPDATE tenancy_membership SET ends_on = %s WHERE id = %s"
    assert sql(world.adam, end, [today(), world.anna.pk]) == 1, "a last day is what an administrator may set"


def test_nobody_gives_herself_a_role(world):
    with acting(world.adam), pytest.raises(NotAllowed, match="dig själv"):
        add_member(by=world.adam, email=world.adam.user.email, name="Adam Admin", role=Role.UNIT_MANAGER)
    own = Membership(authority=world.bollnas, user=world.adam.user, role=Role.UNIT_MANAGER)
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(world.adam):
        own.save(force_insert=True)
