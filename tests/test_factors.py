"""Signing in by more than a password: the way in, what is refused on it, and whose rows they are."""

import re
import time
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from django.test import Client
from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from exitprogram.crypto import keys
from exitprogram.tenancy import codes, entrance, throttle
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.factors import factors_of
from exitprogram.tenancy.models import CodeApp, Passkey, RecoveryCode, WrongGuess
from exitprogram.tenancy.passwords import set_password
from tests import signins
from tests.signins import AGAIN, PASSWORD, SECOND, SECRET, SIGN_IN, half, is_in, is_in_by, now
from tests.visits import sees, text_of

WRONG = "Koden stämmer inte"


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """No half minute ends in the middle of a test, and with it a code."""
    at = codes.step_now()
    monkeypatch.setattr(codes, "step_now", lambda: at)


@pytest.fixture
def anna(world):
    set_password(world.anna.user, PASSWORD)
    signins.set_app(world.anna.user, SECRET)
    return world.anna


def test_a_code_after_the_password(anna):
    client = half(anna.user, next="/personer/")
    assert not is_in(client) and "_auth_user_id" not in client.session, "half-way nobody is signed in"
    assert client.post(SECOND, {"code": now()}).url == "/personer/"
    assert is_in(client)
    with acting(anna):
        assert AuditEvent.objects.get(action="session.opened").details == {"way": "code"}


def test_the_key_of_the_session_changes_at_each_step(anna):
    client = Client()
    client.post("/logga-in/passnyckel/fraga/")  # any anonymous session
    seen = [client.session.session_key]
    half(anna.user, client=client)
    seen.append(client.session.session_key)
    client.post(SECOND, {"code": now()})
    seen.append(client.session.session_key)
    client.post(AGAIN, {"code": now(1)})
    seen.append(client.session.session_key)
    assert len(set(seen)) == 4 and all(seen)
    for old in seen[:3]:
        other = Client()
        other.cookies["session"] = old
        assert not is_in(other)


@pytest.mark.parametrize(
    "dressed", [str, " {} ".format, "{}\n".format, lambda c: f"{c[:3]} {c[3:]}", lambda c: f"{c[:3]}-{c[3:]}"]
)
def test_a_code_is_good_once_however_it_is_written(anna, dressed):
    code = now()
    assert is_in_by(half(anna.user), dressed(code))
    for again in (
        str,
        " {}".format,
        "{} ".format,
        "0{}".format,
        lambda c: f"{c[:3]}\u00a0{c[3:]}",
        lambda c: f"{c[:2]} {c[2:]}",
    ):
        assert not is_in_by(half(anna.user), again(code)), again(code)
    signins.set_app(anna.user, SECRET)  # as if it were never used: the same code would open


def test_nor_after_a_failed_password(anna):
    code = now()
    assert is_in_by(half(anna.user), code)
    client = half(anna.user, password="fel")
    assert client.get(SECOND).url == SIGN_IN, "a wrong password leads nowhere"
    assert not is_in_by(half(anna.user, client=client), code)


def test_an_older_code_than_the_last_is_refused(anna):
    assert is_in_by(half(anna.user), now(1))
    assert not is_in_by(half(anna.user), now()) and not is_in_by(half(anna.user), now(-1))


@pytest.mark.parametrize("beside", [-2, 2, 40])
def test_a_code_of_another_time_is_refused(anna, beside):
    assert not is_in_by(half(anna.user), now(beside))


@pytest.mark.parametrize("text", ["", "abc", "12345", "1234567", "٠١٢٣٤٥", "null", "'; --", "0" * 41])
def test_what_is_no_code_is_refused(anna, text):
    client = half(anna.user)
    assert client.post(SECOND, {"code": text}).status_code == 200
    assert not is_in(client)


def test_five_wrong_lead_back_and_pause(anna):
    client = half(anna.user)
    for _ in range(4):
        assert sees(client.post(SECOND, {"code": "000000"}), WRONG)
    assert client.post(SECOND, {"code": "000000"}).status_code == 429
    assert client.get(SECOND).url == SIGN_IN, "the half-way state is gone"
    assert not is_in_by(half(anna.user), now()), "and the right one does not help now"


def test_a_right_password_gives_no_more_guesses(anna):
    """Two wrong codes at a time, and the password in between: one tally, and it is cleared by coming in alone."""
    for tries in (2, 2):
        client = half(anna.user)
        for _ in range(tries):
            assert sees(client.post(SECOND, {"code": "000000"}), WRONG)
    assert half(anna.user).post(SECOND, {"code": "000000"}).status_code == 429
    assert Client().post(SIGN_IN, {"username": anna.user.email, "password": PASSWORD}).status_code == 429


def test_coming_in_clears_the_tally(anna):
    client = half(anna.user, password="fel")
    for _ in range(3):
        client = half(anna.user)
        client.post(SECOND, {"code": "000000"})
    assert WrongGuess.objects.count() == 4
    assert is_in_by(client, now())
    assert not WrongGuess.objects.exists()


def test_tries_are_few_even_when_nothing_pauses(anna, monkeypatch):
    monkeypatch.setattr(throttle, "FREE", 1000)
    client = half(anna.user)
    answers = [client.post(SECOND, {"code": "000000"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [302]
    assert not is_in_by(client, now())


def test_wrong_codes_are_counted_on_the_account_too(anna):
    """Somebody with the password and many addresses."""
    for _ in range(codes.TOO_MANY):
        assert not codes.take_code(anna.user, "000000")
    assert not codes.take_code(anna.user, now())
    [spare, *_] = signins.new_recovery_codes(anna.user)
    assert codes.take(anna.user, spare) == "recovery", "the rightful one is not locked out"
    with acting_as_user(anna.user):
        CodeApp.objects.update(wrong_since=timezone.now() - codes.WITHIN - timedelta(seconds=1))
    assert codes.take_code(anna.user, now())


def test_the_half_way_state_lasts_five_minutes(anna, monkeypatch):
    client, later = half(anna.user), time.time() + entrance.HALF_STANDS + 1
    assert client.get(SECOND).status_code == 200
    monkeypatch.setattr(entrance.time, "time", lambda: later)
    assert client.get(SECOND).url == SIGN_IN
    assert not is_in_by(client, now())


def test_the_account_looks_the_same_until_then(anna, world):
    wrong = Client().post(SIGN_IN, {"username": anna.user.email, "password": "fel"})
    unknown = Client().post(SIGN_IN, {"username": "ingen@exempel.invalid", "password": "fel"})
    bodies = {re.sub(r'value="[^"]*"', "", text_of(page)) for page in (wrong, unknown)}
    assert len(bodies) == 1


def test_a_closed_account_goes_no_further(anna):
    client = half(anna.user)
    anna.user.is_active = False
    with acting_as_user(anna.user):
        anna.user.save(update_fields=["is_active"])
    assert client.post(SECOND, {"code": now()}).url == SIGN_IN


def test_back_at_the_door_one_begins_anew(anna):
    client = half(anna.user)
    assert client.get(SIGN_IN).status_code == 200
    assert client.post(SECOND, {"code": now()}).url == SIGN_IN and not is_in(client)


def test_which_ways_are_strong(rf, world):
    """``let_in`` alone begins sessions; what it does not know is weak."""
    for way, strong in (
        ("passkey", True),
        ("code", True),
        ("recovery", True),
        ("oidc", True),
        ("password", False),
        ("x", False),
    ):
        client = Client()
        request = rf.get("/")
        request.session = client.session
        entrance.let_in(request, world.anna.user, way=way)
        assert entrance.is_strong_enough(request) is strong, way


# Recovery codes


def test_a_recovery_code_opens_once(anna):
    spare = signins.new_recovery_codes(anna.user)
    assert len(set(spare)) == 10
    assert is_in_by(half(anna.user), spare[0].upper().replace("-", " "))
    assert factors_of(anna.user).codes_left == 9
    for again in (spare[0], spare[0].upper(), f" {spare[0]} "):
        assert not is_in_by(half(anna.user), again)
    assert is_in_by(half(anna.user), spare[9])


def test_new_ones_end_the_old(anna):
    old = signins.new_recovery_codes(anna.user)
    signins.new_recovery_codes(anna.user)
    assert codes.take(anna.user, old[0]) is None


def test_they_are_somebodys_own(anna, world):
    [mine, *_] = signins.new_recovery_codes(anna.user)
    signins.new_recovery_codes(world.leo.user)
    assert codes.take(world.leo.user, mine) is None


def test_what_lies_in_the_tables_opens_nothing(anna):
    spare = signins.new_recovery_codes(anna.user)
    with acting_as_user(anna.user):
        app = CodeApp.objects.get()
        kept = bytes(app.sealed_secret) + b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())
    assert SECRET not in kept and spare[0].replace("-", "").encode() not in kept
    assert keys.derived(1, "totp", anna.user.pk) != keys.derived(1, "data", anna.authority_id)


def test_a_secret_moved_to_another_account_does_not_open(anna, world):
    with acting_as_user(anna.user):
        app = CodeApp.objects.get()
    with pytest.raises(InvalidTag):
        codes.secret_of(world.leo.user, app.sealed_secret, app.key_version)


def test_a_new_key_reseals_the_secret(anna, settings):
    settings.DATA_KEYS = {**settings.DATA_KEYS, 2: b"2" * 31 + b"3"}
    assert codes.seal_anew(anna.user) == 1 and codes.seal_anew(anna.user) == 0
    settings.DATA_KEYS = {2: settings.DATA_KEYS[2]}
    assert codes.take_code(anna.user, now())


# The database's own wall


@pytest.mark.parametrize("who", ["leo", "adam", "maud"])
@pytest.mark.parametrize("table", ["tenancy_codeapp", "tenancy_recoverycode", "tenancy_passkey"])
def test_nobody_elses_rows_are_seen_or_changed(anna, world, who, table):
    signins.new_recovery_codes(anna.user)
    with acting_as_user(anna.user):
        Passkey.objects.create(user=anna.user, name="a", credential_id=b"a", credential=b"a")
    for by, found in ((getattr(world, who), 0), (anna, 1)):
        with acting(by), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) > 0 FROM {table}")  # noqa: S608
            assert cursor.fetchone()[0] == bool(found)
            cursor.execute(f"UPDATE {table} SET created_at = now() WHERE user_id = %s", [anna.user_id])  # noqa: S608
            assert bool(cursor.rowcount) == bool(found)
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", [anna.user_id])  # noqa: S608
            assert bool(cursor.rowcount) == bool(found)


def test_nobody_gives_another_a_factor(anna, world):
    with pytest.raises(Exception, match="row-level security"), acting(world.leo):
        Passkey.objects.create(user=anna.user, name="a", credential_id=b"a", credential=b"a")
