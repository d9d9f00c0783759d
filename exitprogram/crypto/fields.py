"""Text that is encrypted in Python before it reaches PostgreSQL.

AES-256-GCM, bound to authority, model, field and row, so that a value moved elsewhere does not open.
Stored bytes: format 1 · key version (2) · nonce (12) · ciphertext and tag. Read lazily, on first use of the attribute.
"""

import json
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from exitprogram.crypto import keys


class Sealed(bytes):
    """Bytes as they lie in the database; printing them shows nothing."""

    def __repr__(self):
        return "<förseglat>"

    @property
    def key_version(self):
        return int.from_bytes(self[1:3], "big")


class _Attribute:
    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.opened(instance, value)
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedText(models.BinaryField):
    """A str to Python ('' when empty), sealed bytes to the database. Cannot be searched or sorted on, by design."""

    description = "encrypted text"
    sealed_column = True  # so that the wall lets ``rotate_keys`` seal a locked row anew

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_default(self):
        return ""

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Attribute(self))

    def _bound_to(self, instance):
        where = instance._meta.label_lower
        return f"{instance.authority_id}|{where}|{self.attname}|{instance.pk}".encode()

    def opened(self, instance, sealed):
        if not sealed:
            return ""
        key = keys.derived(sealed.key_version, "data", instance.authority_id)
        return AESGCM(key).decrypt(sealed[3:15], sealed[15:], self._bound_to(instance)).decode()

    def sealed(self, instance, text):
        if text == "" or text is None:
            return b""
        version, nonce = keys.newest(), os.urandom(12)
        key = keys.derived(version, "data", instance.authority_id)
        body = AESGCM(key).encrypt(nonce, text.encode(), self._bound_to(instance))
        return b"\x01" + version.to_bytes(2, "big") + nonce + body

    def pre_save(self, instance, add):
        """A row read before a rotation and saved after it is sealed anew: an old seal must never come back."""
        value = instance.__dict__.get(self.attname, "")
        if not isinstance(value, Sealed):
            return self.sealed(instance, value)
        if not value or value.key_version == keys.newest() or self._is_fixed_in(instance):
            return value
        return self.sealed(instance, self.opened(instance, value))

    def _is_fixed_in(self, instance):
        """The database takes a new seal here from ``rotate_keys`` only, and an old one from nobody."""
        wall = getattr(instance, "wall", None)
        return wall is not None and self.attname in wall.fixed

    def from_db_value(self, value, expression, connection):
        return Sealed(value) if value is not None else Sealed()

    def get_prep_value(self, value):
        if isinstance(value, str) and value:
            raise TypeError("Krypterad text kan bara sparas genom sin rad, inte genom update() eller filter().")
        return super().get_prep_value(value or b"")

    def value_to_string(self, obj):
        return ""


def sealed_json(column):
    """A property that keeps a small dict as JSON in a sealed column."""

    def read(row):
        return json.loads(getattr(row, column) or "{}")

    def write(row, value):
        setattr(row, column, json.dumps(value, ensure_ascii=False, sort_keys=True) if value else "")

    return property(read, write)
