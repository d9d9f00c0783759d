"""Sign-in at a real identity provider in real Chromium: linked by the person herself, then the whole way in."""

import pytest

from exitprogram.tenancy.identities import sealed_secret
from exitprogram.tenancy.models import IdentityProvider
from tests.browser import Person
from tests.provider import CLIENT, LOA2, LOA3, put, real_provider
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
STRONG, WEAK = "SE2321000016-1234", "SE2321000016-9999"


@pytest.fixture
def anna(live_server, chromium, settings):
    settings.BASE_URL = live_server.url
    return Person(chromium, live_server, World().anna)


@pytest.fixture
def provider(transactional_db):
    with real_provider({"sub": STRONG, "acr": LOA3}, {"sub": WEAK, "acr": LOA2}) as issuer:
        row = IdentityProvider(slug="siths", name="SITHS", issuer=issuer, client_id=CLIENT, acr=[LOA3])
        row.algorithms, row.secret = ["RS256"], sealed_secret(row.pk, "hemligt")
        yield put(row)


def at_the_provider(anna, subject):
    """Its own page: not ours to judge."""
    anna.page.wait_for_load_state("networkidle")
    anna.problems.clear()
    with anna.page.expect_navigation(url=lambda url: url.startswith(anna.server)):
        anna.page.get_by_role("button", name=subject, exact=True).first.click()
    anna.check()


def test_linked_and_in(provider, anna):
    page = anna.page
    page.get_by_text("Anna Berg").first.click()
    anna.press("Inloggad här")
    anna.press("Koppla SITHS")
    page.get_by_role("link", name="Fortsätt till SITHS").click()
    at_the_provider(anna, STRONG)
    assert anna.sees("SITHS är kopplad.")
    page.get_by_text("Anna Berg").first.click()
    anna.press("Logga ut")

    page.get_by_role("link", name="Logga in med SITHS").click()
    at_the_provider(anna, WEAK)
    assert anna.sees("Inloggningen hos SITHS var inte stark nog.")
    page.get_by_role("link", name="Logga in med SITHS").click()
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url(f"{anna.server}/**")
    anna.problems.clear()
    assert anna.sees("Det gick inte att logga in med SITHS den här gången.")
    page.get_by_role("link", name="Logga in med SITHS").click()
    at_the_provider(anna, STRONG)
    assert page.url == f"{anna.server}/min-dag/"


def test_a_minute_before_the_end(anna):
    """A calm line, and one press that stays; in a clock of the page's own."""
    page = anna.page
    page.clock.install()
    page.goto(f"{anna.server}/inloggad-har/")
    line = page.locator("#ending")
    page.clock.fast_forward(13 * 60_000)
    assert line.is_hidden()
    page.clock.fast_forward(65_000)
    line.wait_for(state="visible")
    anna.check()
    page.get_by_role("button", name="Stanna kvar").click()
    line.wait_for(state="hidden")
    page.clock.fast_forward(14 * 60_000 + 5_000)
    line.wait_for(state="visible")
    page.context.clear_cookies()
    page.get_by_role("button", name="Stanna kvar").click()
    page.get_by_text("Du är utloggad.").wait_for()
