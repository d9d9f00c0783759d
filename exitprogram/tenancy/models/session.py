"""Who is signed in where. What the row says is for the person herself; to anybody else it says nothing."""

import uuid

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class BrowserSession(AbstractBaseSession):
    """``session_key`` is an HMAC of the cookie and ``owner`` of the account (tenancy.sessions). The network is
    kept roughly and only as long as the session: where somebody sits is nobody's history."""

    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.CharField(max_length=40, blank=True, db_index=True)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=40, blank=True)

    @classmethod
    def get_session_store_class(cls):
        from exitprogram.tenancy.sessions import SessionStore

        return SessionStore
