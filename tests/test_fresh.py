"""A fresh sign-in: what it lets through, for how long, and that it cannot be talked round."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from exitprogram.tenancy.fresh import CONFIRMED, MAY_BE_SENT, STANDS, fresh
from exitprogram.tenancy.passwords import set_password
from tests.visits import Visit, sees, strong_session

PASSWORD = "planering-i-lugn-och-ro"
AGAIN = "/losenord-igen/"


@fresh
def guarded(request):
    return HttpResponse("öppen")


def knock(visit, method):
    request = getattr(RequestFactory(), method)("/adresser/")
    request.session = visit.client.session
    return guarded(request)


@pytest.mark.parametrize(
    ("method", "ago", "status"),
    [("get", 0, 200), ("get", STANDS + 1, 302), ("post", STANDS + 1, 200), ("post", MAY_BE_SENT + 1, 302)],
)
def test_it_stands_for_a_time(world, method, ago, status):
    visit = Visit(world.anna)
    visit.confirm(ago=ago)
    response = knock(visit, method)
    assert response.status_code == status
    assert status == 200 or response.url == f"{AGAIN}?next=%2Fadresser%2F"


def test_a_session_that_nobody_confirmed_is_not_fresh(world):
    visit = Visit()
    strong_session(visit.client, world.anna.user)
    assert knock(visit, "get").status_code == 302


def test_signing_in_is_fresh(world):
    set_password(world.anna.user, PASSWORD)
    client = Client()
    client.post("/logga-in/", {"username": world.anna.user.email, "password": PASSWORD})
    assert CONFIRMED in client.session


def test_the_password_again_opens_and_goes_back(world):
    set_password(world.anna.user, PASSWORD)
    visit = Visit()
    strong_session(visit.client, world.anna.user)
    before = visit.client.session.session_key
    page = visit.client.post(AGAIN, {"password": "fel", "next": "/personer/"})
    assert sees(page, "Lösenordet stämmer inte", 'value="/personer/"')
    assert CONFIRMED not in visit.client.session
    answer = visit.client.post(AGAIN, {"password": PASSWORD, "next": "/personer/"})
    assert answer.url == "/personer/"
    assert CONFIRMED in visit.client.session
    assert visit.client.session.session_key != before


def test_it_takes_ones_own_password_only(world):
    set_password(world.anna.user, PASSWORD)
    set_password(world.leo.user, PASSWORD + "-leo")
    visit = Visit(world.leo)
    visit.confirm(ago=STANDS + 1)
    assert sees(visit.client.post(AGAIN, {"password": PASSWORD}), "Lösenordet stämmer inte")


def test_five_wrong_pause(world):
    set_password(world.anna.user, PASSWORD)
    visit = Visit(world.anna)
    for _ in range(4):
        assert visit.client.post(AGAIN, {"password": "fel"}).status_code == 200
    assert visit.client.post(AGAIN, {"password": "fel"}).status_code == 429
    assert visit.client.post(AGAIN, {"password": PASSWORD}).status_code == 429, "the right one does not help now"


def test_nobody_is_sent_off_the_site(world):
    set_password(world.anna.user, PASSWORD)
    for wanted in ("https://annan.invalid/", "//annan.invalid/", "javascript:alert(1)"):
        assert Visit(world.anna).client.post(AGAIN, {"password": PASSWORD, "next": wanted}).url == "/"
