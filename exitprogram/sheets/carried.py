"""What a file said, carried by the page from what was shown to the press that confirms it: sealed, one owner's, for an
hour. Nothing of it lies on the server meanwhile, so there is nothing to destroy when somebody walks away."""

import base64
import json
import time
import zlib

from cryptography.exceptions import InvalidTag

from exitprogram.crypto import keys
from exitprogram.crypto.sealing import seal, unseal
from exitprogram.errors import Refused

KEPT_SECONDS = 3600
TOO_OLD = "Det är för länge sedan filen lästes in. Läs in den igen."


def _lock(by, what):
    return keys.derived(keys.newest(), "sheet", by.authority_id), f"sheet|{what}|{by.pk}"


def carried(by, what, value):
    """Text for a hidden field."""
    key, whose = _lock(by, what)
    body = zlib.compress(json.dumps([int(time.time()), value]).encode())
    return base64.b64encode(seal(key, body, bound_to=whose)).decode()


def brought_back(by, what, text):
    """The same value. Raises Refused when it is somebody else's, about something else, changed or too old."""
    key, whose = _lock(by, what)
    try:
        at, value = json.loads(zlib.decompress(unseal(key, base64.b64decode(text, validate=True), bound_to=whose)))
    except (InvalidTag, ValueError, zlib.error):
        raise Refused(TOO_OLD)
    if not 0 <= time.time() - at <= KEPT_SECONDS:
        raise Refused(TOO_OLD)
    return value
