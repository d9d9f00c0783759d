"""Who is signed in where: listed, endable, never longer than a day's work, and never back from the dead."""

import os
import threading
import time
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory

from exitprogram.tenancy import sessions
from exitprogram.tenancy.entrance import BEGAN, STRONG
from exitprogram.tenancy.knocking import browser_of, network_of
from exitprogram.tenancy.models import BrowserSession
from exitprogram.tenancy.passwords import set_password
from exitprogram.tenancy.sessions import SessionStore, end_all, owner_of, sessions_of, stored
from tests.visits import Visit, sees, text_of

PASSWORD = "planering-i-lugn-och-ro"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"
ROUNDS = int(os.environ.get("ROUNDS", "200"))


def opens(visit):
    return visit.get("tenancy:sessions").status_code == 200


def later(by, **gone):
    """As if so much time had passed since that one's latest request: the database's clock is what counts."""
    passed = timedelta(**gone)
    BrowserSession.objects.filter(owner=owner_of(by.user_id)).update(
        expire_date=F("expire_date") - passed, began_at=F("began_at") - passed
    )


@pytest.mark.parametrize(("minutes", "seconds", "open_"), [(14, 56, True), (15, 1, False)])
def test_a_quarter_of_idleness(world, minutes, seconds, open_):
    visit = Visit(world.anna)
    assert opens(visit)
    later(world.anna, minutes=minutes, seconds=seconds)
    assert opens(visit) is open_


@pytest.mark.parametrize(("minutes", "open_"), [(8 * 60 - 1, True), (8 * 60 + 1, False)])
def test_eight_hours_however_busy(world, minutes, open_):
    visit = Visit(world.anna)
    assert opens(visit)
    sessions_of(world.anna.user_id).update(began_at=F("began_at") - timedelta(minutes=minutes))
    assert opens(visit) is open_


def test_eight_hours_from_the_sign_in_and_no_clock_of_the_webs_makes_them_longer(world):
    set_password(world.anna.user, PASSWORD)
    client = Client()
    client.post("/logga-in/", {"username": world.anna.user.email, "password": PASSWORD})
    session = client.session
    session[STRONG] = True
    session.save()
    assert client.get("/min-dag/").status_code == 200
    session = client.session
    session[BEGAN] = int(time.time()) + 86400
    session.save()
    [row] = sessions_of(world.anna.user_id)
    assert row.began_at <= row.used_at
    session[BEGAN] = int(time.time()) - 8 * 3600 - 60
    session.save()
    assert client.get("/min-dag/").status_code == 302


def test_signing_in_again_begins_anew(world):
    """What was opened before anybody had signed in, hours ago, shortens no day."""
    set_password(world.anna.user, PASSWORD)
    client = Client()
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["session"] = session.session_key
    BrowserSession.objects.update(began_at=F("began_at") - timedelta(hours=7, minutes=59))
    client.post("/logga-in/", {"username": world.anna.user.email, "password": PASSWORD})
    [row] = BrowserSession.objects.all()
    assert row.used_at - row.began_at < timedelta(minutes=1)
    assert client.session.session_key != session.session_key


def test_the_page_lists_ones_own(world):
    here, there, other = (
        Visit(world.anna, HTTP_USER_AGENT=FIREFOX),
        Visit(world.anna, HTTP_USER_AGENT=PHONE),
        Visit(world.leo),
    )
    for visit in (here, there, other):
        visit.client.get("/min-dag/", REMOTE_ADDR="192.0.2.7")
    page = here.get("tenancy:sessions")
    assert sees(page, "Firefox på Windows", "Safari på telefon", "– här", "192.0.*.*")
    assert "192.0.2" not in text_of(page)
    assert text_of(page).count("Avsluta<span") == 1, "not the one that one sits at, and nobody else's"


def test_one_is_ended(world):
    here, there = Visit(world.anna), Visit(world.anna)
    assert opens(here) and opens(there)
    row = sessions_of(world.anna.user_id).exclude(session_key=stored(here.client.session.session_key)).get()
    assert here.post("tenancy:session_end", row.id).url == "/inloggad-har/"
    assert opens(here) and not opens(there)
    assert "session.ended" in here.logged()


def test_nobody_ends_anothers(world):
    hers, mine = Visit(world.anna), Visit(world.leo)
    assert opens(hers) and opens(mine)
    [row] = sessions_of(world.anna.user_id)
    mine.post("tenancy:session_end", row.id)
    assert opens(hers)


def test_the_one_at_hand_is_ended_too(world):
    visit = Visit(world.anna)
    assert opens(visit)
    [row] = sessions_of(world.anna.user_id)
    assert visit.post("tenancy:session_end", row.id).url == "/logga-in/"
    assert not opens(visit)


def test_one_press_ends_all(world):
    visits, other = [Visit(world.anna) for _ in range(3)], Visit(world.leo)
    assert all(opens(visit) for visit in [*visits, other])
    cookies = [visit.client.cookies["session"].value for visit in visits]
    assert visits[0].post("tenancy:sessions_end").url == "/logga-in/"
    for cookie in cookies:
        thief = Client()
        thief.cookies["session"] = cookie
        assert thief.get("/min-dag/").status_code == 302
    assert opens(other)


def test_the_administrator_ends_a_colleagues(world):
    hers, admin = Visit(world.anna), Visit(world.adam)
    assert opens(hers) and opens(admin)
    admin.post("tenancy:member_sign_out", world.anna)
    assert not opens(hers) and opens(admin)
    assert admin.logged()[-1] == "session.ended_by_administrator"


@pytest.mark.parametrize(("who", "whom"), [("siv", "anna"), ("adam", "adam"), ("anna", "leo")])
def test_only_ones_own_boards_and_never_oneself(world, who, whom):
    hers, visit = Visit(getattr(world, whom)), Visit(getattr(world, who))
    assert opens(hers) and opens(visit)
    assert visit.post("tenancy:member_sign_out", getattr(world, whom)).status_code in (403, 404)
    assert opens(hers)


# Back from the dead.


class DjangosOwn(SessionStore):
    """With the way of changing keys that Django has: a new row. The control of what follows."""

    cycle_key = db.SessionStore.cycle_key


def begun(user, kind=SessionStore):
    made = kind()
    made[SESSION_KEY] = str(user.pk)
    made.create()
    made[SESSION_KEY] = str(user.pk)
    made.save()
    again = kind(made.session_key)
    assert again[SESSION_KEY] == str(user.pk)
    return again


@pytest.mark.parametrize("act", ["save", "cycle_key"])
def test_what_has_ended_is_not_written_anew(world, act):
    session = begun(world.anna.user)
    end_all(world.anna.user_id)
    with pytest.raises((UpdateError, SessionInterrupted)):
        getattr(session, act)()
    assert not sessions_of(world.anna.user_id).exists()


def test_the_control_comes_back(world):
    session = begun(world.anna.user, DjangosOwn)
    end_all(world.anna.user_id)
    session.cycle_key()
    assert sessions_of(world.anna.user_id).exists()


def test_a_session_past_its_time_is_not_prolonged_by_a_save(world):
    session = begun(world.anna.user)
    later(world.anna, minutes=15, seconds=1)
    with pytest.raises(UpdateError):
        session.save()


def test_an_ended_session_in_mid_request_changes_no_key(world, monkeypatch):
    """Ended while the password is asked for once more: what she gets is no new session."""
    set_password(world.anna.user, PASSWORD)
    visit = Visit()
    visit.client.force_login(world.anna.user)
    cookie = visit.client.cookies["session"].value
    real = sessions.SessionStore.cycle_key

    def ended_just_before(self):
        end_all(world.anna.user_id)
        return real(self)

    monkeypatch.setattr(sessions.SessionStore, "cycle_key", ended_just_before)
    answer = visit.client.post("/losenord-igen/", {"password": PASSWORD, "next": "/"})
    assert answer.status_code == 400
    assert not sessions_of(world.anna.user_id).exists()
    assert visit.client.cookies["session"].value == cookie


@pytest.mark.django_db(transaction=True)
def test_ended_by_somebody_while_it_is_saved(standing_people):
    """Save or new key at one connection, end all at another, at the same moment."""
    user, back = standing_people.anna.user, 0
    for number in range(ROUNDS):
        session, start = begun(user), threading.Barrier(2)
        acts = [session.save, session.cycle_key][number % 2], lambda: end_all(user.pk)
        threads = [threading.Thread(target=_at_once, args=(start, act)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        back += sessions_of(user.pk).count()
    assert back == 0


def _at_once(start, act):
    try:
        connection.ensure_connection()
        start.wait()
        act()
    except (UpdateError, SessionInterrupted):
        pass
    finally:
        connection.close()


@pytest.fixture
def standing_people(transactional_db):
    from tests.world import World

    return World()


def test_what_has_ended_is_forgotten(world):
    begun(world.leo.user)
    begun(world.anna.user)
    later(world.anna, minutes=16)
    sessions.forget_ended()
    assert list(BrowserSession.objects.values_list("owner", flat=True)) == [owner_of(world.leo.user_id)]


@pytest.mark.parametrize(
    ("agent", "said"),
    [(FIREFOX, "Firefox på Windows"), (PHONE, "Safari på telefon"), ("", "Okänd webbläsare"),
     ("<script>alert(1)</script>", "Okänd webbläsare"),
     ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537 Edg/140", "Edge på Linux")],
)  # fmt: skip
def test_the_kind_of_browser(agent, said):
    assert browser_of(RequestFactory().get("/", HTTP_USER_AGENT=agent)) == said


@pytest.mark.parametrize(
    ("address", "said"), [("192.0.2.7", "192.0.*.*"), ("2001:db8:1:2::3", "2001:db8::"), ("", ""), ("x", "")]
)
def test_the_network_roughly(address, said):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == said


def test_a_row_says_nothing_of_whom(world):
    Visit(world.anna, HTTP_USER_AGENT=FIREFOX).client.get("/min-dag/", REMOTE_ADDR="192.0.2.7")
    [row] = BrowserSession.objects.all()
    said = " ".join(str(value) for name, value in vars(row).items() if name != "session_data")
    for secret in (str(world.anna.user_id), world.anna.user_id.hex, world.anna.user.email, "192.0.2"):
        assert secret not in said
