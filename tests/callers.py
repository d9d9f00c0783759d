"""Another system at the API, with a key of somebody's in the world."""

import uuid
from datetime import timedelta

from django.test import Client

from exitprogram.tenancy.acting import acting
from exitprogram.tokens.models import Scope
from exitprogram.tokens.operations import make_token
from tests.world import today

HERE = "127.0.0.1"


class Caller:
    def __init__(self, membership, *, scopes=tuple(Scope.values), networks=(HERE,), days=30):
        self.by, self.client = membership, Client(raise_request_exception=False)
        with acting(membership):
            self.token, self.secret = make_token(
                by=membership, name="Systemet", scopes=scopes, networks=networks,
                expires_on=today() + timedelta(days=days),
            )  # fmt: skip

    def get(self, path, **headers):
        return self.client.get(f"/api/{path}", headers={"Authorization": f"Bearer {self.secret}", **headers})

    def post(self, path, data, key=None, **headers):
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key or uuid.uuid4().hex, **headers}
        return self.client.post(f"/api/{path}", data, content_type="application/json", headers=headers)
