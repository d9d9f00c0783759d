"""Papers that wait for the malware scanner, asked about again by whichever worker comes first.

Run as ``exit_worker``, which has no right to the table: two functions give it one waiting file's name and the key that
lives only as long as it waits, and take the answer. The title, the case and the person's key are closed to it.
"""

import logging

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from cases import vault
from exitprogram.scan import clamd

LOG = logging.getLogger(__name__)
CLAIM = "SELECT * FROM wall.worker_waiting(%s::uuid[])"
DONE = "SELECT wall.worker_scanned(%s, %s)"


def scan_waiting():
    """How many got an answer. Stops at once when the scanner gives none: the next sweep asks again."""
    done, seen = 0, []
    while clamd.is_configured():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLAIM, [seen])
            row = cursor.fetchone()
            if row is None:
                break
            seen.append(row[0])
            try:
                done += _answered(cursor, *row)
            except clamd.ScannerDown:
                LOG.warning("scanner down", extra={"count": len(seen)})
                break
    return done


def _answered(cursor, document_id, authority_id, name, key):
    try:
        data = vault.quarantined(document_id, authority_id, name, key)
    except (vault.FileGone, InvalidTag, KeyError):
        LOG.error("quarantined file cannot be read", extra={"notice": str(document_id)})
        return 0
    found = clamd.found_in(data)
    cursor.execute(DONE, [document_id, not found])
    if found:
        transaction.on_commit(lambda: vault.remove(authority_id, [name]))
        LOG.error("malware found", extra={"notice": str(document_id)})
    return 1
