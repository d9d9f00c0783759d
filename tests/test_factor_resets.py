"""A lost factor: two of the staff, what it leaves behind, and that nobody does it alone, in the database either."""

import pytest
from django.core import mail
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from cases import operations as cases
from cases.models import PlaceText
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy import codes
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.factors import factors_of, rests_until
from exitprogram.tenancy.models import FactorReset
from exitprogram.tenancy.operations.resets import WAITS
from exitprogram.tenancy.passwords import set_password
from exitprogram.tenancy.roles import Role
from tests import signins
from tests.signins import PASSWORD, SECRET, half, is_in, is_in_by, now
from tests.visits import Visit, sees
from tests.world import email_of


@pytest.fixture
def anna(world):
    set_password(world.anna.user, PASSWORD)
    signins.set_app(world.anna.user, SECRET)
    return world.anna


def asked(world, by=None, about=None, how="card"):
    by = by or world.adam
    with acting(by):
        return tenancy.ask_factor_reset(by=by, membership=about or world.anna, how=how)


def approved(world, reset, by=None):
    by = by or world.maud
    with acting(by):
        return tenancy.approve_factor_reset(by=by, reset=reset)


def test_from_asking_to_signing_in_anew(world, anna, django_capture_on_commit_callbacks):
    spare = signins.new_recovery_codes(anna.user)
    adam, maud = Visit(world.adam), Visit(world.maud)
    assert adam.post("tenancy:reset_ask", anna, how="card").url == reverse("tenancy:resets")
    assert factors_of(anna.user).strong == 1, "to ask changes nothing"
    page = maud.get("tenancy:resets")
    assert sees(page, "Anna Berg", "giltig legitimation", "Godkänn")
    with acting(world.maud):
        reset = FactorReset.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        maud.post("tenancy:reset_settle", reset, answer="approve")
    assert [letter.subject for letter in mail.outbox] == ["Något har ändrats i din inloggning"]
    assert mail.outbox[0].to == [anna.user.email]
    assert factors_of(anna.user).strong == 0 and factors_of(anna.user).codes_left == 0
    assert rests_until(anna.user) is not None
    client = half(anna.user)
    assert not is_in(client) and client.get("/").url == "/inloggning/"
    assert not codes.take_recovery_code(anna.user, spare[0]) and not codes.take_code(anna.user, now())
    signins.set_app(anna.user, SECRET)
    assert is_in_by(half(anna.user), now()), "what she chooses now counts"
    with acting(world.adam):
        found = AuditEvent.objects.filter(action__startswith="sign_in.reset").order_by("created_at")
        assert list(found.values_list("action", "membership_id")) == [
            ("sign_in.reset_asked", world.adam.pk), ("sign_in.reset_approved", world.maud.pk)
        ]  # fmt: skip
        assert found[0].details["how"] == "card"


def test_whoever_is_signed_in_as_her_is_not_any_more(world, anna):
    visit = Visit(world.anna)
    assert visit.get("plans:my_day").status_code == 200
    approved(world, asked(world))
    assert visit.get("plans:my_day").status_code == 302


@pytest.mark.parametrize("who", ["adam", "anna", "leo", "siv", "cilla"])
def test_nobody_else_approves(world, anna, who):
    reset = asked(world)
    with pytest.raises((NotAllowed, FactorReset.DoesNotExist)):
        approved(world, reset, by=getattr(world, who))
    assert factors_of(anna.user).strong == 1


def test_not_by_another_role_of_the_one_who_asked(world, anna):
    """Adam is a manager as well: the second pair of eyes is still his own. The database says so too."""
    with acting(world.adam):
        second = tenancy.add_member(
            by=world.adam, email=email_of("Erik Extra"), name="Erik Extra", role=Role.ADMINISTRATOR
        )
    with acting(second):
        boss = tenancy.add_member(by=second, email=world.adam.user.email, name="Adam Admin", role=Role.UNIT_MANAGER)
    reset = asked(world)
    with pytest.raises(NotAllowed):
        approved(world, reset, by=boss)
    with acting(boss), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenancy_factorreset SET approved_at = now(), approved_by_id = %s WHERE id = %s", [boss.pk, reset.pk]
        )
        assert cursor.rowcount == 0
    with acting(second), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenancy_factorreset SET approved_at = now(), approved_by_id = %s WHERE id = %s",
            [second.pk, reset.pk],
        )
        assert cursor.rowcount == 1, "the positive control"


@pytest.mark.parametrize(
    "who, changed",
    [("adam", "approved_by_id = %(me)s, approved_at = now()"), ("anna", "approved_by_id = %(me)s, approved_at = now()"),
     ("leo", "approved_by_id = %(me)s, approved_at = now()"), ("siv", "approved_by_id = %(me)s, approved_at = now()"),
     ("maud", "approved_by_id = %(adam)s, approved_at = now()"), ("maud", "user_id = %(maud)s"),
     ("maud", "asked_by_id = %(me)s"), ("maud", "approved_at = now()")],
)  # fmt: skip
def test_the_database_lets_nobody_go_round(world, anna, who, changed):
    reset, by = asked(world), getattr(world, who)
    given = {"me": by.pk, "adam": world.adam.pk, "maud": world.maud.user_id, "id": reset.pk}
    try:
        with transaction.atomic(), acting(by), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tenancy_factorreset SET {changed} WHERE id = %(id)s", given)  # noqa: S608
            assert cursor.rowcount == 0
    except (IntegrityError, ProgrammingError):
        pass
    with acting(world.adam):
        assert FactorReset.objects.get().approved_at is None


@pytest.mark.parametrize(
    "who, about", [("maud", "anna"), ("anna", "leo"), ("adam", "adam"), ("adam", "cilla"), ("siv", "anna")]
)
def test_who_may_ask_and_about_whom(world, who, about):
    with pytest.raises(NotAllowed):
        asked(world, by=getattr(world, who), about=getattr(world, about))
    by, about = getattr(world, who), getattr(world, about)
    row = FactorReset(authority_id=by.authority_id, user=about.user, how="met", asked_by=by)
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), acting(by):
        row.save(force_insert=True)


def test_it_is_asked_once_and_declined_by_another(world, anna):
    reset = asked(world)
    with pytest.raises(Refused, match="väntar redan"):
        asked(world)
    with acting(world.maud):
        tenancy.decline_factor_reset(by=world.maud, reset=reset)
    with pytest.raises(Refused, match="redan avgjort"):
        approved(world, reset)
    assert factors_of(anna.user).strong == 1 and rests_until(anna.user) is None
    asked(world)


def test_what_waited_too_long_is_asked_anew(world, anna, monkeypatch):
    reset = asked(world)
    later = reset.created_at + WAITS * 2
    monkeypatch.setattr("exitprogram.tenancy.operations.resets.timezone.now", lambda: later)
    with pytest.raises(Refused, match="för länge sedan"):
        approved(world, reset)


def test_a_way_that_proves_nothing_is_no_way(world):
    with pytest.raises(Refused):
        asked(world, how="phone")
    assert sees(Visit(world.adam).post("tenancy:reset_ask", world.anna, how="phone"), "Förlorad inloggning")


def test_the_person_herself_sees_it(world, anna):
    asked(world)
    with acting_as_user(anna.user):
        assert FactorReset.objects.count() == 1
    with acting_as_user(world.leo.user):
        assert FactorReset.objects.count() == 0


def test_addresses_and_protected_files_rest_a_day(world, anna):
    """In Python and in the database; an ordinary file is open."""
    guarded = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    with acting(anna):
        place = cases.add_place(by=anna, case=guarded, kind="address", text="Kanariegatan 7")
        assert PlaceText.objects.visible_to(anna).count() == 1
    approved(world, asked(world))
    visit = Visit(anna)
    assert visit.get("plans:person", world.case).status_code == 200
    answer = visit.get("plans:person", guarded)
    assert answer.url == reverse("tenancy:resting") and sees(visit.client.get(answer.url), "Stängt i ett dygn")
    with acting(anna):
        with pytest.raises(NotAllowed, match="dygn"):
            cases.reveal_place(by=anna, case=guarded, place=place, reason="visit", words="Hembesök")
        assert PlaceText.objects.visible_to(anna).count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_placetext")
            assert cursor.fetchone()[0] == 0, "the database by itself"
