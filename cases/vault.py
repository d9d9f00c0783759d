"""Files of the case on disk: sealed, under random names, outside everything that the web serves.

``<state>/files/<authority>/<two letters>/<name>``. The file's key is wrapped by the person's key, which lies sealed in
the database; a file by itself, or a backup of the folder, opens with nothing.
"""

import base64
import os
import re
import secrets
import time

from django.conf import settings

from cases.models import Document, PersonKey
from exitprogram.crypto import keys
from exitprogram.crypto.sealing import new_key, seal, unseal

NAME = re.compile(r"[0-9a-f]{32}")
QUARANTINE = "quarantine"
YOUNG = 24 * 3600  # seconds: a file this new may belong to a transaction that has not been committed


class FileGone(Exception):
    """The row is there, and its file is not."""


def person_key(individual):
    """The key of this person, made when the first paper comes; her row is locked by the caller."""
    row = PersonKey.objects.filter(individual=individual).first()
    if row is None:
        made = base64.b64encode(new_key()).decode()
        row = PersonKey(authority_id=individual.authority_id, individual=individual, sealed_key=made)
        row.save(force_insert=True)
    return row


def _bound(row):
    return f"{row.authority_id}|{row.pk}"


def keep(row, data, *, person_key):
    """Seal, write, and leave on the row (a Document or a KeptCopy) what opens it again. Saves no row."""
    key = new_key()
    row.stored_name = secrets.token_hex(16)
    row.key_id = person_key.pk
    row.wrapped_key = seal(_opened(person_key), key, bound_to=_bound(row))
    if isinstance(row, Document) and row.state == Document.State.QUARANTINED:
        version = keys.newest()
        ours = keys.derived(version, QUARANTINE, row.authority_id)
        row.quarantine_key = version.to_bytes(2, "big") + seal(ours, key, bound_to=_bound(row))
    write(row.authority_id, row.stored_name, seal(key, data, bound_to=_bound(row)))


def _opened(person_key):
    return base64.b64decode(person_key.sealed_key)


def contents(row):
    """The file's bytes, by the person's key. Raises FileGone when the file or the key has been destroyed."""
    person_key = PersonKey.objects.filter(pk=row.key_id).first()
    if person_key is None:
        raise FileGone(str(row.pk))
    key = unseal(_opened(person_key), row.wrapped_key, bound_to=_bound(row))
    return unseal(key, read(row.authority_id, row.stored_name), bound_to=_bound(row))


def quarantined(document_id, authority_id, stored_name, quarantine_key):
    """The bytes of a file that waits for the scanner, by the key that lives only as long as it waits."""
    bound = f"{authority_id}|{document_id}"
    version = int.from_bytes(bytes(quarantine_key)[:2], "big")
    key = unseal(keys.derived(version, QUARANTINE, authority_id), bytes(quarantine_key)[2:], bound_to=bound)
    return unseal(key, read(authority_id, stored_name), bound_to=bound)


# The folder


def _path(authority_id, name):
    if not NAME.fullmatch(name):
        raise ValueError("Inget namn på en fil.")
    return settings.FILES_DIR / str(authority_id) / name[:2] / name


def write(authority_id, name, sealed):
    """All of it or nothing: a machine that dies in the middle leaves no half a file under the name."""
    path = _path(authority_id, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    os.rename(half, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(authority_id, name):
    try:
        return _path(authority_id, name).read_bytes()
    except FileNotFoundError as error:
        raise FileGone(name) from error


def remove(authority_id, names):
    for name in names:
        _path(authority_id, name).unlink(missing_ok=True)


def on_disk(authority_id):
    """{name: is old enough to be rubbish} of every file in the authority's folder, half ones too."""
    folder = settings.FILES_DIR / str(authority_id)
    found = (path for path in folder.glob("*/*") if path.is_file())
    return {path.name: time.time() - path.stat().st_mtime > YOUNG for path in found}


def discard(authority_id, name):
    """A file that no row owns, or half of one."""
    path = settings.FILES_DIR / str(authority_id) / name[:2] / name
    if NAME.fullmatch(path.stem):
        path.unlink(missing_ok=True)
