"""Bytes that are sealed with a key of their own: files, and the keys of files.

AES-256-GCM. Sealed: format 1 · nonce (12) · ciphertext and tag. ``bound_to`` says whose it is: moved, it does not open.
"""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"


def new_key():
    return AESGCM.generate_key(bit_length=256)


def seal(key, data, *, bound_to):
    nonce = os.urandom(12)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, data, bound_to.encode())


def unseal(key, sealed, *, bound_to):
    """Raises cryptography's InvalidTag for another key, another place or a changed byte."""
    sealed = bytes(sealed)
    return AESGCM(key).decrypt(sealed[1:13], sealed[13:], bound_to.encode())
