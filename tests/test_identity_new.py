"""Somebody new at an identity provider, the leaver whose card opens nothing, and the command that adds a provider."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.identities import secret_of
from exitprogram.tenancy.models import IdentityProvider, User
from exitprogram.tenancy.operations import add_member, end_member
from tests.identities import come_back, is_in, linked, links, signed_in_at
from tests.provider import LOA3
from tests.visits import sees, text_of
from tests.world import World, email_of, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(provider):
    return World()


def invited(world, name="Nora Ny"):
    with acting(world.adam):
        new = add_member(by=world.adam, email=email_of(name), name=name, role="social_worker")
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body).group(1)
    return new, link


def opened(link):
    client = Client()
    page = client.get(link, follow=True)
    return client, re.search(r'href="(/logga-in/siths/ny/[^"]+)"', text_of(page))


def test_somebody_new_uses_her_card_instead_of_a_password(world, provider):
    new, link = invited(world)
    client, way = opened(link)
    come_back(client, provider, client.get(way.group(1)).url)
    assert is_in(client)
    assert not User.objects.get(pk=new.user_id).has_usable_password()
    assert sees(Client().get(link, follow=True), "Länken gäller inte längre"), "used up"
    again = Client()
    signed_in_at(provider, again)
    assert is_in(again)


def test_without_the_link_nobody_takes_the_new_account(world, provider):
    _new, link = invited(world)
    _client, way = opened(link)
    assert Client().get(way.group(1)).status_code == 404
    assert links() == []


def test_a_link_ends_with_the_membership(world, provider):
    new, link = invited(world)
    client, way = opened(link)
    url = client.get(way.group(1)).url
    with acting(world.adam), connection.cursor() as cursor:
        cursor.execute("UPDATE tenancy_membership SET starts_on = %s - 1, ends_on = %s - 1 WHERE id = %s",
                       [today(), today(), new.pk])  # fmt: skip
    come_back(client, provider, url)
    assert not is_in(client) and links() == []
    assert sees(Client().get(link, follow=True), "Länken gäller inte längre")


def test_a_leavers_card_opens_no_page(world, provider):
    linked(world, provider)
    with acting(world.adam):
        end_member(by=world.adam, membership=world.anna, ends_on=today())
    with acting(world.adam), connection.cursor() as cursor:
        cursor.execute("UPDATE tenancy_membership SET starts_on = starts_on - 2, ends_on = %s - 1 WHERE id = %s",
                       [today(), world.anna.pk])  # fmt: skip
    client = Client()
    signed_in_at(provider, client)
    assert client.get("/min-dag/").url == "/uppdrag/"


# The command.


def add(*more, secret="", **values):
    given = {"name": "Freja", "issuer": "https://freja.exempel.invalid", "client-id": "planering"} | values
    words = [f"--{name}={value}" for name, value in given.items()]
    call_command("add_identity_provider", "freja", *words, *more, stdout=(out := StringIO()))
    return out.getvalue()


@pytest.fixture
def typed(monkeypatch):
    def type_in(text):
        monkeypatch.setattr("sys.stdin", StringIO(text))

    type_in("")
    return type_in


def test_the_command_makes_and_changes(world, typed):
    typed("hemligt\n")
    assert "/logga-in/freja/svar/" in add("--acr", LOA3)
    freja = IdentityProvider.objects.get(slug="freja")
    assert secret_of(freja) == "hemligt" and b"hemligt" not in bytes(freja.secret)
    assert freja.algorithms == ["RS256", "PS256", "ES256"]
    typed("")
    add("--acr", LOA3, "--only-way-for", "Bollnas.example")
    freja = IdentityProvider.objects.get(slug="freja")
    assert (secret_of(freja), freja.only_way_for) == ("hemligt", ["bollnas.example"])


@pytest.mark.parametrize(
    ("more", "values", "why"),
    [
        ((), {}, "hur stark"), (("--acr", LOA3), {"issuer": "http://freja.exempel.invalid"}, "https"),
        (("--acr", LOA3), {"issuer": "freja"}, "https"), (("--acr", LOA3, "--algorithms", "HS256"), {}, "HS256"),
        (("--acr", LOA3), {"authority": "Ingen"}, "Ingen"), (("--acr", LOA3, "--hosts", "a/b"), {}, "a/b"),
    ],
)  # fmt: skip
def test_what_the_command_refuses(world, typed, more, values, why):
    with pytest.raises(CommandError, match=why):
        add(*more, **values)
    assert not IdentityProvider.objects.filter(slug="freja").exists()


def test_the_issuer_stays(world, typed):
    add("--acr", LOA3)
    with pytest.raises(CommandError, match="kan inte bytas"):
        add("--acr", LOA3, issuer="https://annan.exempel.invalid")
