"""What has been destroyed, in a file kept apart from the backups: opaque ids, each line bound to the one before.

A backup from before a destruction holds what was destroyed; this is what is read to destroy it again.
"""

import hashlib
import json
import os
from pathlib import Path

from django.conf import settings

from exitprogram.backup.dump import connected
from exitprogram.errors import Refused

DISPOSED = """
    SELECT id::text, authority_id::text, case_id::text, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    FROM audit_auditevent WHERE action IN ('case.disposed', 'case.disposed_again') ORDER BY created_at, id
"""  # noqa: E501
NAMES = ("event", "authority", "case", "at")


def read(path):
    """Its lines. Raises Refused when one has been changed, taken away or put between."""
    lines, before = [], ""
    for number, text in enumerate(Path(path).read_text().splitlines(), 1):
        try:
            line = json.loads(text)
            said = line.pop("hash")
        except (ValueError, KeyError, AttributeError):
            raise Refused(f"Rad {number} i liggaren går inte att läsa.") from None
        if said != _hash(before, line):
            raise Refused(f"Rad {number} i liggaren är ändrad, eller så saknas en rad före den.")
        before = said
        lines.append(line)
    return lines, before


def _hash(before, line):
    return hashlib.sha256(f"{before}|{json.dumps(line, sort_keys=True)}".encode()).hexdigest()


def add_to(path):
    """Write down what the log has and the file has not. Gives (lines added, lines in all, the last line's hash)."""
    path = Path(path)
    lines, last = read(path) if path.exists() else ([], "")
    there, added = {line["event"] for line in lines}, 0
    with connected(settings.BACKUP_DATABASE) as line:
        found = line.execute(DISPOSED).fetchall()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        for row in found:
            if row[0] not in there:
                new = dict(zip(NAMES, row, strict=True))
                last, added = _hash(last, new), added + 1
                file.write(json.dumps(new | {"hash": last}, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return added, len(lines) + added, last
