"""An identity provider on this machine, and somebody who signs in there: for the tests of identities."""

import re

from django.test import Client
from django.urls import reverse

from tests.connections import connected
from tests.visits import Visit, text_of

SUBJECT = "SE2321000016-1234"


def linked(world, provider, subject=SUBJECT, who="anna"):
    """By the person herself, as on her page."""
    visit = Visit(getattr(world, who))
    page = visit.post("tenancy:identity_link", "siths")
    return come_back(visit.client, provider, href_in(page), subject)


def href_in(page):
    return re.search(r'href="(http[^"]+/authorize[^"]+)"', text_of(page)).group(1).replace("&amp;", "&")


def come_back(client, provider, url, subject=SUBJECT, **brought):
    return client.get(reverse("tenancy:identity_answer", args=["siths"]), provider.code_for(url, subject) | brought)


def signed_in_at(provider, client=None, subject=SUBJECT, **brought):
    client = client or Client()
    return come_back(client, provider, client.get("/logga-in/siths/").url, subject, **brought)


def links():
    """Whose there are, by one who sees past every wall."""
    with connected("backup") as backup:
        return [row[0] for row in backup.execute("SELECT user_id FROM tenancy_identitylink")]


def is_in(client):
    return client.get("/min-dag/").status_code == 200
