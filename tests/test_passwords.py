"""Somebody new chooses a password; somebody who has forgotten gets a new link; nobody learns who has an account."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from exitprogram.tenancy.access import client_address
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import User
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.passwords import send_links, set_password
from exitprogram.tenancy.roles import Role
from tests.world import email_of

LONG = "tre lugna ord i rad"


def link_of(message):
    return re.search(r"https?://[^/]+(/\S+)", message.body).group(1)


def choose(client, link, password):
    page = client.get(link, follow=True)
    form = page.request["PATH_INFO"]
    return client.post(form, {"new_password1": password, "new_password2": password}, follow=True)


def test_a_new_person_chooses_a_password_once(client, world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), acting(world.adam):
        new = add_member(by=world.adam, email=email_of("Nora Ny"), name="Nora Ny", role=Role.SOCIAL_WORKER)
    [sent] = mail.outbox
    assert sent.to == [new.user.email]
    assert "exit" not in (sent.subject + sent.body).lower()
    link = link_of(sent)

    choose(client, link, LONG)

    assert User.objects.get(pk=new.user_id).check_password(LONG)
    assert "Länken gäller inte längre" in client.get(link, follow=True).content.decode()


def test_a_second_role_sends_no_link(world, django_capture_on_commit_callbacks):
    set_password(world.leo.user, LONG)
    with django_capture_on_commit_callbacks(execute=True), acting(world.adam):
        add_member(by=world.adam, email=world.leo.user.email, name="Leo Ek", role=Role.UNIT_MANAGER)

    assert mail.outbox == []


@pytest.mark.parametrize("password, why", [("kort", "15"), ("yfdbufnjh10305070", "vanligt")])
def test_a_weak_password_is_told_at_the_field(client, world, password, why):
    client.post(reverse("tenancy:forgotten"), {"email": world.anna.user.email})
    send_links()

    page = choose(client, link_of(mail.outbox[0]), password).content.decode()

    assert why in page
    assert not User.objects.get(pk=world.anna.user_id).check_password(password)


def test_forgotten_says_the_same_to_everybody(client, world):
    known = client.post(reverse("tenancy:forgotten"), {"email": world.anna.user.email})
    unknown = client.post(reverse("tenancy:forgotten"), {"email": "ingen@exempel.invalid"})

    assert known.content == unknown.content
    assert mail.outbox == [], "nothing is looked for while somebody waits"
    send_links()
    assert [message.to for message in mail.outbox] == [[world.anna.user.email]]


@pytest.mark.parametrize(
    "count, header, address",
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 192.0.2.2", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
    ],
)
def test_the_pause_counts_the_client_and_not_the_proxy(rf, settings, count, header, address):
    settings.PROXY_COUNT = count

    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=header, REMOTE_ADDR="192.0.2.1")) == address
