"""Signing in and out, and for whom one works."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import Membership, User
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.passwords import set_password
from tests.browser import with_app
from tests.visits import Visit, sees, strong_session, text_of
from tests.world import today

PASSWORD = "planering-i-lugn-och-ro"
WRONG = "E-postadressen och lösenordet hör inte ihop."
SIGN_IN = "/logga-in/"


@pytest.fixture
def anna(world):
    set_password(world.anna.user, PASSWORD)
    return world.anna


@pytest.fixture
def two_roles(world):
    """Anna works in Söderhamn as well; both memberships, Bollnäs first."""
    with acting(world.siv):
        other = add_member(by=world.siv, email=world.anna.user.email, name="Anna Berg", role="social_worker")
    return world.anna, other


def sign_in(email, password, *, client=None, address="192.0.2.1", **more):
    client = client or Client()
    return client.post(SIGN_IN, {"username": email, "password": password, **more}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_first_screen(anna):
    client, code = Client(), with_app(anna.user)
    response = sign_in(f" {anna.user.email.upper()} ", PASSWORD, client=client)
    assert response.status_code == 302
    client.post(response.url, {"code": code})
    assert client.get("/", follow=True).redirect_chain == [("/min-dag/", 302)]
    assert client.get(SIGN_IN).status_code == 302, "already in"


def test_known_and_unknown_get_the_same_sentence(anna, world):
    with acting(world.adam):
        User.objects.create(email="slutat@exempel.invalid", name="Har Slutat", is_active=False)
    pages = [sign_in(email, "fel", address=f"192.0.2.{place}") for place, email in enumerate(
        [anna.user.email, "ingen@exempel.invalid", "slutat@exempel.invalid"], 1)]  # fmt: skip
    assert {page.status_code for page in pages} == {200}
    assert all(sees(page, WRONG) for page in pages)
    bodies = {text_of(page).split("csrfmiddlewaretoken")[0] for page in pages}
    assert len(bodies) == 1


def test_a_closed_account_is_closed(anna):
    anna.user.is_active = False
    with acting_as_user(anna.user):
        anna.user.save(update_fields=["is_active"])
    assert sees(sign_in(anna.user.email, PASSWORD), WRONG)


def test_an_account_closed_meanwhile_opens_nothing_more(world):
    visit = Visit(world.anna)
    assert visit.get("plans:my_day").status_code == 200
    with acting_as_user(world.anna.user):
        User.objects.filter(pk=world.anna.user_id).update(is_active=False)
    assert visit.get("plans:my_day").status_code == 302


@pytest.mark.parametrize("spelling", [str, str.upper, str.title, lambda email: f" {email}"])
def test_five_wrong_pause_that_user_at_that_address_only(world, anna, spelling):
    for _ in range(4):
        assert sign_in(spelling(anna.user.email), "fel").status_code == 200
    response = sign_in(anna.user.email, "fel")
    assert response.status_code == 429
    assert sees(response, "För många försök")
    assert response.headers["Cache-Control"] == "no-store"
    assert sign_in(anna.user.email, PASSWORD).status_code == 429, "the right one does not help now"
    assert sign_in(anna.user.email, PASSWORD, address="192.0.2.2").status_code == 302
    assert sign_in(world.leo.user.email, "fel").status_code == 200


def test_nobody_is_sent_off_the_site(anna):
    assert sign_in(anna.user.email, PASSWORD, next="https://annan.invalid/").url == "/"
    assert sign_in(anna.user.email, PASSWORD, next="//annan.invalid/").url == "/"
    assert sign_in(anna.user.email, PASSWORD, next="/personer/").url == "/personer/"


def test_signing_in_changes_the_session(anna):
    client = Client()
    client.get(SIGN_IN)
    before = client.session.session_key
    sign_in(anna.user.email, PASSWORD, client=client)
    assert client.session.session_key != before
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_signing_out_leaves_nothing_in_the_browser(world):
    visit = Visit(world.anna)
    visit.get("plans:my_day")
    assert visit.get("tenancy:sign_out").status_code == 405, "a link cannot sign anybody out"
    response = visit.post("tenancy:sign_out")
    assert response.url == SIGN_IN
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["session"].value == ""
    assert visit.logged()[-1] == "session.closed"
    assert visit.get("plans:my_day").url.startswith(SIGN_IN)


def test_two_memberships_must_choose(two_roles):
    own, other = two_roles
    visit = Visit(own)
    response = visit.client.get("/", follow=True)
    assert response.redirect_chain[-1][0] == reverse("tenancy:choose")
    assert sees(response, "Bollnäs", "Söderhamn")
    assert visit.get("plans:my_day").url == reverse("tenancy:choose")
    assert visit.logged() == []
    assert visit.post("tenancy:switch", membership=other).url == "/"
    assert sees(visit.get("plans:my_day"), "Söderhamn")
    assert "session.opened" in Visit.logged(_as(other)), "each opening is written down where it opened"
    assert visit.logged() == []


def _as(membership):
    visit = Visit()
    visit.by = membership
    return visit


def test_the_switcher_changes_what_is_seen(world, two_roles):
    own, other = two_roles
    visit = Visit(own)
    visit.post("tenancy:switch", membership=own)
    assert visit.get("plans:person", world.case).status_code == 200
    before = visit.client.session.session_key
    visit.post("tenancy:switch", membership=other)
    assert visit.client.session.session_key != before
    assert visit.get("plans:person", world.case).status_code == 404
    assert not sees(visit.get("cases:list"), world.case.number)


@pytest.mark.parametrize("wanted", ["leo", "cilla", "not-an-id", ""])
def test_the_switcher_takes_ones_own_only(world, two_roles, wanted):
    visit = Visit(two_roles[0])
    visit.post("tenancy:switch", membership=two_roles[0])
    member = getattr(world, wanted, None)
    response = visit.post("tenancy:switch", membership=member or wanted)
    assert response.url == reverse("tenancy:choose")
    assert visit.client.session["membership"] == str(two_roles[0].pk)


def test_a_membership_that_has_ended_opens_nothing_though_chosen(world, two_roles):
    own, other = two_roles
    visit = Visit(own)
    visit.post("tenancy:switch", membership=own)
    assert visit.get("plans:person", world.case).status_code == 200
    _end(world.adam, own)
    assert visit.get("plans:person", world.case).url == reverse("tenancy:choose")
    page = visit.get("tenancy:choose")
    assert sees(page, "Söderhamn")
    assert not sees(page, "Bollnäs")
    assert visit.post("tenancy:switch", membership=own).url == reverse("tenancy:choose")
    assert visit.get("plans:my_day").url == reverse("tenancy:choose"), "not silently moved to the other one"


def test_somebody_without_a_membership_is_told_so(world):
    visit = Visit(world.leo)
    visit.get("plans:my_day")
    _end(world.adam, world.leo)
    for name in ("plans:my_day", "tenancy:start", "cases:list"):
        assert visit.get(name).url == reverse("tenancy:choose")
    page = visit.get("tenancy:choose")
    assert page.status_code == 200
    assert sees(page, "Du har inget uppdrag som gäller i dag.", "Logga ut")
    stranger = Visit()
    with acting(world.adam):
        new = User.objects.create(email="ny@exempel.invalid", name="Ny Här")
    strong_session(stranger.client, new)
    assert sees(stranger.client.get("/", follow=True), "Du har inget uppdrag som gäller i dag.")


def test_a_membership_that_begins_tomorrow_opens_nothing(world):
    visit = Visit(world.leo)
    with acting(world.adam):
        Membership.objects.filter(pk=world.leo.pk).update(starts_on=today() + timedelta(days=1))
    assert visit.get("plans:my_day").url == reverse("tenancy:choose")


def _end(admin, member):
    yesterday = today() - timedelta(days=1)
    with acting(admin):
        Membership.objects.filter(pk=member.pk).update(starts_on=yesterday, ends_on=yesterday)


def test_the_opening_of_a_session_is_written_once(world):
    visit = Visit(world.anna)
    for _ in range(3):
        visit.get("cases:list")
    assert visit.logged() == ["session.opened"]
    with acting_as_user(world.anna.user):
        assert Membership.objects.count() == 1
