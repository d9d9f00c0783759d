"""The mails that Django's file backend has written, read back. One file may hold several, each ended by a line."""

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.utils import parsedate_to_datetime
from pathlib import Path

BETWEEN = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    sent_at: datetime
    body: str


def newest(folder, *, limit=50):
    """At most ``limit`` mails, the newest first. No folder is an empty one."""
    paths = Path(folder).glob("*.log") if folder else ()
    found = [_mail(raw) for path in paths for raw in path.read_bytes().split(BETWEEN) if raw.strip()]
    return sorted(found, key=lambda mail: mail.sent_at, reverse=True)[:limit]


def _mail(raw):
    message = email.message_from_bytes(raw.lstrip(), policy=policy.default)
    sent_at = parsedate_to_datetime(message["Date"])
    if sent_at.tzinfo is None:  # «-0000»: UTC, from somebody who does not say where
        sent_at = sent_at.replace(tzinfo=UTC)
    return Mail(message["To"], message["Subject"], sent_at, message.get_content())
