"""What a password by itself reaches, the page *Inloggning*, and being asked once more."""

import re
from base64 import b32decode

import pytest
import segno
from django.core import mail
from django.urls import reverse

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy import codes
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.factors import factors_of
from exitprogram.tenancy.fresh import MAY_BE_SENT
from exitprogram.tenancy.middleware import WITH_A_PASSWORD
from exitprogram.tenancy.models import Passkey
from exitprogram.tenancy.passwords import set_password
from tests import signins
from tests.doors import DOORS
from tests.keys import TEXTS
from tests.signins import AGAIN, PASSWORD, SECRET, half, is_in, is_in_by, now
from tests.visits import Visit, sees, text_of

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
    signins.set_app(world.anna.user, SECRET)
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
    signins.set_app(world.anna.user, SECRET)
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
