"""Bytes without end, sealed to somebody's public key: X25519, HKDF-SHA-256, AES-256-GCM in pieces.

Sealed: line of format · ephemeral public key (32) · pieces, each length (4) and ciphertext with tag. The nonce of a
piece is its number and whether it is the last one, so that none can be changed, moved, left out or cut off. What the
stream is called is part of the key: one part of a backup does not pass for another.
"""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = b"exitprogram-backup-1\n"
PUBLIC, PRIVATE = "exit-backup-", "EXIT-BACKUP-SECRET-"  # so that neither is pasted where the other belongs
PIECE = 1 << 20
TAG = 16


class Spoilt(Exception):
    """Not sealed to this key, or not as it was when it was sealed."""


def new_pair():
    """(public, private) as text."""
    private = X25519PrivateKey.generate()
    words = (private.public_key().public_bytes_raw(), private.private_bytes_raw())
    return tuple(mark + base64.b64encode(raw).decode() for mark, raw in zip((PUBLIC, PRIVATE), words, strict=True))


def public_key(text):
    return X25519PublicKey.from_public_bytes(_raw(text, PUBLIC))


def private_key(text):
    return X25519PrivateKey.from_private_bytes(_raw(text, PRIVATE))


def _raw(text, mark):
    """Raises ValueError for anything else than 32 bytes under the right mark."""
    text = text.strip()
    if not text.startswith(mark):
        raise ValueError(f"Nyckeln ska börja med {mark}")
    return base64.b64decode(text.removeprefix(mark), validate=True)


def _cipher(shared, ephemeral, recipient, name):
    info = FORMAT + name.encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=ephemeral + recipient, info=info).derive(shared))


def _nonce(number, is_last):
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """A file to write in. Only ``close`` makes it whole: what is left without it does not open."""

    def __init__(self, file, recipient, name):
        ephemeral = X25519PrivateKey.generate()
        mine, theirs = ephemeral.public_key().public_bytes_raw(), recipient.public_bytes_raw()
        self.file, self.waiting, self.number = file, bytearray(), 0
        self.cipher = _cipher(ephemeral.exchange(recipient), mine, theirs, name)
        file.write(FORMAT + mine)

    def write(self, data):
        self.waiting += data
        while len(self.waiting) > PIECE:
            self._piece(bytes(self.waiting[:PIECE]), is_last=False)
            del self.waiting[:PIECE]
        return len(data)

    def _piece(self, data, *, is_last):
        sealed = self.cipher.encrypt(_nonce(self.number, is_last), data, None)
        self.file.write(len(sealed).to_bytes(4, "big") + sealed)
        self.number += 1

    def close(self):
        self._piece(bytes(self.waiting), is_last=True)


def opened(file, private, name):
    """The bytes, piece by piece. Raises Spoilt; whoever has used a piece must throw away what she made of it then."""
    head = file.read(len(FORMAT) + 32)
    if len(head) != len(FORMAT) + 32 or not head.startswith(FORMAT):
        raise Spoilt("Det är ingen säkerhetskopia.")
    ephemeral, recipient = head[len(FORMAT) :], private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    cipher, number, is_last = _cipher(shared, ephemeral, recipient, name), 0, False
    following = file.read(4)
    while following:
        length = int.from_bytes(following, "big")
        sealed = file.read(length) if TAG <= length <= PIECE + TAG else b""
        following = file.read(4)
        is_last = not following
        try:
            yield cipher.decrypt(_nonce(number, is_last), sealed, None)
        except (InvalidTag, ValueError):
            raise Spoilt("Fel nyckel, eller så är kopian ändrad eller avkapad.") from None
        number += 1
    if not is_last:
        raise Spoilt("Kopian är avkapad.")
