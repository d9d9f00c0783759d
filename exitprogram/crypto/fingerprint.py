"""Keyed fingerprints: the same number in two authorities gives two fingerprints, so nothing can be matched across."""

import hashlib
import hmac

from exitprogram.crypto import keys

FINGERPRINT_KEY = 1  # fingerprints do not rotate with the data keys; a change of this is a migration of its own


def fingerprint(authority_id, value):
    """32 bytes. ``value`` is already normalised (12 digits for a personal number)."""
    key = keys.derived(FINGERPRINT_KEY, "fingerprint", authority_id)
    return hmac.new(key, value.encode(), hashlib.sha256).digest()


def fingerprint_of_bytes(authority_id, data):
    """The same for a file, under a key of its own."""
    key = keys.derived(FINGERPRINT_KEY, "file", authority_id)
    return hmac.new(key, data, hashlib.sha256).digest()
