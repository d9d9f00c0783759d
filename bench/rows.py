"""Rows of our own models for COPY: every column, its default, sealed where the model seals. No triggers are run."""

import json
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.db.models import NOT_PROVIDED

from exitprogram.crypto import keys
from exitprogram.crypto.fields import EncryptedText


@cache
def _cipher(authority_id):
    return AESGCM(keys.derived(keys.newest(), "data", authority_id))


def sealed(authority_id, bound_to, text):
    """As ``EncryptedText.sealed``, without a model instance for each of a million rows."""
    if not text:
        return b""
    nonce = os.urandom(12)
    body = _cipher(authority_id).encrypt(nonce, text.encode(), bound_to.encode())
    return b"\x01" + keys.newest().to_bytes(2, "big") + nonce + body


class Rows:
    """Collects tuples of one model and copies them. ``add`` takes column names; what is left out gets its default."""

    def __init__(self, model):
        self.model, self.found = model, []
        self.fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.label = model._meta.label_lower

    def add(self, **given):
        row, known = [], set()
        for field in self.fields:
            known.add(field.attname)
            value = given[field.attname] if field.attname in given else _default(field)
            if isinstance(field, EncryptedText):
                bound = f"{given['authority_id']}|{self.label}|{field.attname}|{given['id']}"
                value = sealed(given["authority_id"], bound, value)
            elif isinstance(value, dict):
                value = json.dumps(value)
            row.append(value)
        if unknown := set(given) - known:
            raise TypeError(f"{self.label} has no {unknown}")
        self.found.append(row)

    def copy(self, cursor):
        names = ", ".join(connection.ops.quote_name(field.column) for field in self.fields)
        with cursor.copy(f"COPY {self.model._meta.db_table} ({names}) FROM STDIN") as out:
            for row in self.found:
                out.write_row(row)
        self.found.clear()


@cache
def _plain_default(field):
    return field.default is NOT_PROVIDED or not callable(field.default)


def _default(field):
    if field.default is NOT_PROVIDED:
        return "" if field.empty_strings_allowed and not field.null else None
    return field.default if _plain_default(field) else field.default()
