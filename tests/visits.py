"""A visit to the product: one of the world's people at Django's own client, and what the visit left in the log."""

import time
import uuid

from django.test import Client
from django.urls import reverse

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.entrance import STRONG
from exitprogram.tenancy.fresh import CONFIRMED

AUTOSAVE = {"X-Autosave": "1"}


def strong_session(client, user):
    """As if ``user`` had signed in with a passkey or a code, some time ago."""
    client.force_login(user)
    session = client.session
    session[STRONG] = True
    session.save()
    return client


class Visit:
    """``visit.get("plans:person", case)`` and ``visit.post("cases:note", case, note, fact="…")``. Every POST has a
    fresh ``form_key``, as every form has; ``form_key=None`` leaves it out. ``weak=True``: a password and no more."""

    def __init__(self, membership=None, *, weak=False, **more):
        self.by, self.client = membership, Client(raise_request_exception=False, **more)
        if membership is not None:
            (Client.force_login if weak else strong_session)(self.client, membership.user)
            self.confirm()

    def confirm(self, ago=0):
        """As if the password had been given this many seconds ago; every visit begins with one just given."""
        session = self.client.session
        session[CONFIRMED] = int(time.time()) - ago
        session.save()

    def get(self, name, /, *ids, **more):
        return self.client.get(reverse(name, args=[_id(row) for row in ids]), **more)

    def post(self, name, /, *ids, headers=None, follow=False, **data):
        data.setdefault("form_key", str(uuid.uuid4()))
        data = {key: _text(value) for key, value in data.items() if value is not None}
        url = reverse(name, args=[_id(row) for row in ids])
        return self.client.post(url, data, headers=headers, follow=follow)

    def autosave(self, name, /, *ids, **data):
        return self.post(name, *ids, headers=AUTOSAVE, **data)

    def search(self, query, **more):
        """The page that a search ends in: the hits, or the person's own page when there is only one."""
        answer = self.post("cases:search", q=query, **more)
        return self.client.get(answer.url) if "/sok/" in getattr(answer, "url", "") else answer

    def logged(self, seen_by=None):
        """The actions that this person's requests have written down, oldest first. What a guest has done lies in the
        log of the board that owns the case: ``seen_by`` is somebody there."""
        with acting(seen_by or self.by):
            mine = AuditEvent.objects.filter(membership_id=self.by.pk).exclude(request_id="")
            return list(mine.order_by("created_at").values_list("action", flat=True))


def _id(row):
    return getattr(row, "pk", row)


def _text(value):
    if isinstance(value, list | tuple):
        return [_text(one) for one in value]
    return str(_id(value))


def text_of(response):
    return response.content.decode(errors="replace")


def sees(response, *texts):
    page = text_of(response)
    return all(text in page for text in texts)
