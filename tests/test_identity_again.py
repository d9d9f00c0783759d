"""Whoever came in at an identity provider shows there once more that it is she; what she had typed comes along."""

import pytest
from django.urls import reverse
from lxml import html

from cases.models import Residence
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.fresh import CONFIRMED, KEPT, MAY_BE_SENT
from tests.identities import come_back, is_in, linked, signed_in_at
from tests.visits import Visit, sees, text_of
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = "Hon ringde.\r\n</textarea><b>“citat”"


@pytest.fixture
def world(provider):
    return World()


def form_in(page, path):
    """What a browser would send of the form to this address."""
    forms = html.fromstring(text_of(page)).xpath("//form[@method='post']")
    [form] = [one for one in forms if (one.get("action") or path) == path]
    return {name: value.removeprefix("\n") for name, value in form.form_values()}  # of a textarea, as a browser does


@pytest.fixture
def late(world, provider):
    """Anna, in by her card, with a form that has been open too long: (her browser, its address, where she was sent)."""
    linked(world, provider)
    visit = Visit()
    signed_in_at(provider, visit.client)
    assert is_in(visit.client)
    path = reverse("cases:residence_edit", args=[world.case.pk])
    fields = form_in(visit.client.get(path), path) | {"stay_text": TYPED}
    visit.confirm(ago=MAY_BE_SENT + 1)
    sent = visit.client.post(path, fields)
    assert sent.url.startswith("/losenord-igen/?") and "Hon" not in sent.url
    return visit.client, path, sent.url


def asked_at(client, url):
    """To the provider by way of the page that asks: its address, with the question."""
    for _ in range(3):
        answer = client.get(url)
        url = answer.url
        if url.startswith("http"):
            return url
    raise AssertionError(url)


def test_what_was_typed_survives_the_way_there_and_back(late, provider):
    client, path, again = late
    there = asked_at(client, again)
    assert "Hon" not in there and "kept" not in there, "the provider learns nothing of it"
    assert "Hon ringde" not in str(dict(client.session.items())), "sealed meanwhile"
    back = come_back(client, provider, there)
    shown = client.get(back.url)
    assert sees(shown, f'action="{path}"', "Hon ringde.", "&lt;/textarea&gt;&lt;b&gt;“citat”", 'name="form_key"')
    assert client.session[KEPT] == {}
    assert client.get(back.url).url == path, "once"


def test_sent_on_it_is_saved(late, provider, world):
    client, path, again = late
    shown = client.get(come_back(client, provider, asked_at(client, again)).url)
    answer = client.post(path, form_in(shown, path))
    assert answer.url == reverse("cases:residence", args=[world.case.pk])
    with acting(world.anna):
        assert Residence.objects.get(case=world.case).stay_text.replace("\r", "") == TYPED.replace("\r", "")


def test_somebody_elses_card_gives_nothing_back(late, provider, world):
    client, _path, again = late
    linked(world, provider, subject="leos", who="leo")
    stale = client.session[CONFIRMED]
    refused = come_back(client, provider, asked_at(client, again), "leos")
    assert client.session[CONFIRMED] == stale and refused.url == "/inloggad-har/"
    assert client.get(again).url.startswith("/logga-in/siths/"), "still asked"
    assert client.session[KEPT], "and kept for her"


def test_a_provider_that_fails_loses_nothing(late, provider):
    client, path, again = late
    provider.answers["/token"] = (400, {"error": "x"})
    come_back(client, provider, asked_at(client, again))
    provider.honest()
    shown = client.get(come_back(client, provider, asked_at(client, again)).url)
    assert sees(shown, f'action="{path}"', "Hon ringde.")


def test_an_older_session_that_comes_back_fresh_is_asked_all_the_same(late):
    """The address with what was kept, opened without the way there, gives nothing."""
    client, _path, again = late
    answer = client.get(again)
    assert answer.status_code == 302 and answer.url.startswith("/logga-in/siths/")
