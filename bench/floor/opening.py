"""Sealed columns, opened and sealed by hand. The same bytes as ``EncryptedText`` reads and writes."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exitprogram.crypto import keys


class Opening:
    """Remembers the cipher of each authority."""

    def __init__(self):
        self.ciphers = {}

    def _of(self, version, authority):
        if (version, authority) not in self.ciphers:
            self.ciphers[version, authority] = AESGCM(keys.derived(version, "data", authority))
        return self.ciphers[version, authority]

    def text(self, authority, label, column, row, sealed):
        if not sealed:
            return ""
        cipher = self._of(int.from_bytes(sealed[1:3], "big"), authority)
        return cipher.decrypt(sealed[3:15], sealed[15:], f"{authority}|{label}|{column}|{row}".encode()).decode()

    def sealed(self, authority, label, column, row, text):
        if not text:
            return b""
        version, nonce = keys.newest(), os.urandom(12)
        body = self._of(version, authority).encrypt(
            nonce, text.encode(), f"{authority}|{label}|{column}|{row}".encode()
        )
        return b"\x01" + version.to_bytes(2, "big") + nonce + body
