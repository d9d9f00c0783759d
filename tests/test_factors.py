"""Signing in by more than a password: the way in, what is refused on it, and what a password by itself reaches."""

import re
import time
from base64 import b32decode
from datetime import timedelta

import pytest
import segno
from cryptography.exceptions import InvalidTag
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from exitprogram.crypto import keys
from exitprogram.tenancy import codes, entrance, throttle
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.factors import factors_of
from exitprogram.tenancy.fresh import MAY_BE_SENT
from exitprogram.tenancy.middleware import WITH_A_PASSWORD
from exitprogram.tenancy.models import CodeApp, Passkey, RecoveryCode, WrongGuess
from exitprogram.tenancy.passwords import set_password
from tests.doors import DOORS
from tests.keys import TEXTS
from tests.visits import Visit, sees, text_of

PASSWORD = "planering-i-lugn-och-ro"
SIGN_IN, SECOND, AGAIN = "/logga-in/", "/logga-in/steg-tva/", "/losenord-igen/"
SECRET = b"tjugo byte hemligt h"
WRONG = "Koden stämmer inte"


@pytest.fixture
def anna(world):
    set_password(world.anna.user, PASSWORD)
    codes.set_app(world.anna.user, SECRET)
    return world.anna


def now(beside=0):
    return codes.code_at(SECRET, codes.step_now() + beside)


def half(user, password=PASSWORD, client=None, **more):
    client = client or Client()
    client.post(SIGN_IN, {"username": user.email, "password": password, **more})
    return client


def is_in(client):
    return client.get(reverse("plans:my_day")).status_code == 200


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
    codes.set_app(anna.user, SECRET)  # as if it were never used: the same code would open


def is_in_by(client, code):
    client.post(SECOND, {"code": code})
    return is_in(client)


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
    [spare, *_] = codes.new_recovery_codes(anna.user)
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
    spare = codes.new_recovery_codes(anna.user)
    assert len(set(spare)) == 10
    assert is_in_by(half(anna.user), spare[0].upper().replace("-", " "))
    assert factors_of(anna.user).codes_left == 9
    for again in (spare[0], spare[0].upper(), f" {spare[0]} "):
        assert not is_in_by(half(anna.user), again)
    assert is_in_by(half(anna.user), spare[9])


def test_new_ones_end_the_old(anna):
    old = codes.new_recovery_codes(anna.user)
    codes.new_recovery_codes(anna.user)
    assert codes.take(anna.user, old[0]) is None


def test_they_are_somebodys_own(anna, world):
    [mine, *_] = codes.new_recovery_codes(anna.user)
    codes.new_recovery_codes(world.leo.user)
    assert codes.take(world.leo.user, mine) is None


def test_what_lies_in_the_tables_opens_nothing(anna):
    spare = codes.new_recovery_codes(anna.user)
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
    codes.new_recovery_codes(anna.user)
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


# What a password by itself reaches


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_password_by_itself_reaches_one_page(world, method):
    """Every URL there is, half-way and weakly signed in: the tiny list is said twice, here and in the product."""
    allowed = {
        "tenancy:factors", "tenancy:passkey_question", "tenancy:passkey_add", "tenancy:app_add", "tenancy:again",
        "tenancy:sign_out",
    }  # fmt: skip
    assert allowed == WITH_A_PASSWORD
    visit, tried = Visit(world.anna, weak=True), 0
    for name, door in DOORS.items():
        if door.public or name in allowed:
            continue
        ids = [_any_id(kind, world) for kind in door.ids.split()]
        answer = visit.get(name, *ids) if method == "GET" else visit.post(name, *ids)
        assert (answer.status_code, answer.url) == (302, "/inloggning/"), name
        tried += 1
    assert tried > 250
    assert visit.logged() == [], "nobody acted for any authority"


def _any_id(kind, world):
    return TEXTS.get(kind) if isinstance(TEXTS, dict) and kind in TEXTS else world.case.pk


def test_the_positive_control(world):
    """The same walk finds open doors when the session is strong."""
    assert Visit(world.anna).get("plans:my_day").status_code == 200
    assert Visit(world.anna, weak=True).get("plans:my_day").url == "/inloggning/"


def test_without_a_factor_one_is_chosen_first(world):
    set_password(world.anna.user, PASSWORD)
    client = half(world.anna.user)
    assert not is_in(client)
    page = client.get("/", follow=True)
    assert page.redirect_chain == [("/inloggning/", 302)] and sees(page, "Välj hur du loggar in", "Logga ut")
    page = client.get(reverse("tenancy:app_add"))
    key = re.search(r'<code class="ref">([A-Z2-7 ]+)</code>', text_of(page)).group(1)
    secret = b32decode(key.replace(" ", ""))
    assert sees(client.post(reverse("tenancy:app_add"), {"code": "000000"}), WRONG) and not is_in(client)
    before = client.session.session_key
    shown = client.post(reverse("tenancy:app_add"), {"code": codes.code_at(secret, codes.step_now())})
    assert client.session.session_key != before, "from weak to strong the key changes"
    assert len(re.findall(r'<code class="ref">[a-z2-9-]{19}</code>', text_of(shown))) == 10
    assert is_in(client)
    assert not is_in_by(half(world.anna.user), codes.code_at(secret, codes.step_now())), "that code has been used"


def test_where_it_is_off_a_password_opens(world, settings):
    settings.STRONG_SIGN_IN = False
    set_password(world.anna.user, PASSWORD)
    assert is_in(half(world.anna.user))


# The page *Inloggning*


def test_each_change_is_told_and_written_down(anna, django_capture_on_commit_callbacks):
    visit = Visit(anna)
    with django_capture_on_commit_callbacks(execute=True):
        assert sees(visit.post("tenancy:recovery_codes"), "Dina reservkoder")
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([anna.user.email], "Något har ändrats i din inloggning")
    assert "reservkod" not in letter.body.lower() and anna.user.name not in letter.body
    with acting(anna):
        assert AuditEvent.objects.filter(action="sign_in.recovery_codes_made", object_id=anna.pk).count() == 1


@pytest.mark.parametrize("name", ["app_add", "app_remove", "recovery_codes", "passkey_add", "passkey_question"])
def test_each_change_asks_who_she_is(anna, name):
    visit = Visit(anna)
    visit.confirm(ago=MAY_BE_SENT + 1)
    assert visit.post(f"tenancy:{name}").url.startswith(AGAIN)


def test_the_last_one_is_not_taken_away(anna):
    visit = Visit(anna)
    visit.post("tenancy:app_remove")
    assert factors_of(anna.user).app is not None
    with acting_as_user(anna.user):
        key = Passkey.objects.create(user=anna.user, name="Jobbdatorn", credential_id=b"a", credential=b"a")
    assert sees(visit.get("tenancy:factors"), "Jobbdatorn", "Ta bort", "Koppla bort")
    visit.post("tenancy:app_remove")
    assert factors_of(anna.user).app is None
    visit.post("tenancy:passkey_remove", key)
    assert len(factors_of(anna.user).passkeys) == 1


def test_somebody_elses_passkey_does_not_exist(anna, world):
    with acting_as_user(anna.user):
        key = Passkey.objects.create(user=anna.user, name="Jobbdatorn", credential_id=b"a", credential=b"a")
    assert Visit(world.leo).post("tenancy:passkey_remove", key).url == "/inloggning/"
    assert len(factors_of(anna.user).passkeys) == 1


# Step-up


def test_the_code_and_not_the_password_is_asked_again(anna):
    visit = Visit(anna)
    visit.confirm(ago=MAY_BE_SENT + 1)
    assert not sees(visit.client.get(AGAIN), "Lösenord")
    assert visit.client.post(AGAIN, {"password": PASSWORD, "next": "/personer/"}).status_code == 200
    assert visit.client.post(AGAIN, {"code": now(), "next": "/personer/"}).url == "/personer/"
    assert visit.client.post(AGAIN, {"code": now(), "next": "/personer/"}).status_code == 200, "good once"


def test_what_was_typed_comes_along(world):
    """A form that was open too long is not lost by the question."""
    set_password(world.anna.user, PASSWORD)
    codes.set_app(world.anna.user, SECRET)
    visit = Visit(world.anna)
    visit.confirm(ago=MAY_BE_SENT + 1)
    text = "Hon ringde.\r\n</textarea><b>“citat”"
    asked = visit.post("cases:residence_edit", world.case, permits="x", text=text)
    assert "Hon ringde" not in str(dict(visit.client.session.items())), "sealed meanwhile"
    page = visit.client.get(asked.url)
    kept = re.search(r'name="kept" value="(\w+)"', text_of(page)).group(1)
    address = reverse("cases:residence_edit", args=[world.case.pk])
    sent_on = visit.client.post(AGAIN, {"code": now(), "next": address, "kept": kept})
    assert sees(sent_on, f'action="{address}"', "Hon ringde.", "&lt;/textarea&gt;&lt;b&gt;“citat”", 'name="form_key"')
    again = visit.client.post(AGAIN, {"code": now(1), "next": address, "kept": kept})
    assert again.url == address, "once"


def test_kept_text_is_for_that_address_and_person_only(world):
    codes.set_app(world.anna.user, SECRET)
    visit = Visit(world.anna)
    visit.confirm(ago=MAY_BE_SENT + 1)
    asked = visit.post("cases:residence_edit", world.case, text="Hon ringde.")
    kept = re.search(r"kept=(\w+)", asked.url).group(1)
    answer = visit.client.post(AGAIN, {"code": now(), "next": "/personer/", "kept": kept})
    assert answer.url == "/personer/" and not sees(answer, "Hon ringde")


def test_the_square_says_what_the_text_says(anna):
    """Read back module by module: what is drawn is the code that was made of the address."""
    page = Visit(anna).get("tenancy:app_add")
    drawn = set(re.findall(r"M(\d+) (\d+)h1v1h-1z", text_of(page)))
    key = re.search(r'<code class="ref">([A-Z2-7 ]+)</code>', text_of(page)).group(1)
    made = segno.make(codes.address(anna.user, b32decode(key.replace(" ", ""))), error="m").matrix_iter(border=4)
    assert drawn == {(str(x), str(y)) for y, row in enumerate(made) for x, cell in enumerate(row) if cell}
    assert "style=" not in text_of(page)
