"""Keys: a ring of root keys in the environment, one derived key per authority and purpose, never in the database.

``EXIT_DATA_KEYS`` is ``"1:<base64 of 32 bytes> 2:<…>"``; the highest number seals, every number opens.
"""

import functools

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def newest():
    return max(settings.DATA_KEYS)


@functools.lru_cache(maxsize=2048)
def derived(version, purpose, authority_id):
    """32 bytes for one purpose in one authority. Raises KeyError when the ring lacks the version: better a stop than
    an empty text that could be saved back over the truth."""
    root = settings.DATA_KEYS[version]
    info = f"exitprogram|{purpose}|{authority_id}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(root)
