"""Claimed, held, sent, marked. Mail is at least once, with the same Message-ID each time. One that cannot be delivered
stays unsent: a refused address until the next lease, somebody who has left until a manager has taken over.

``tries`` is the fencing token: each claim raises it, and whoever claimed may hold, mark or hand on only under the
number she was given. A worker that was paused and wakes after somebody else has claimed changes nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from cases.notices.ready import READY, digest_key, readiness
from exitprogram.mail.post import send_neutral

LOG = logging.getLogger(__name__)
AT_A_TIME = 50
# The lease: a worker that died while sending leaves its rows to another after five minutes. A claim from the future
# (the server's clock was set back) does not count either.
CLAIM = f"""
    UPDATE cases_notice SET sending_at = now(), tries = tries + 1
    WHERE id IN (SELECT id FROM cases_notice
                 WHERE sent_at IS NULL AND {READY} AND (sending_at IS NULL
                     OR sending_at NOT BETWEEN now() - make_interval(secs => %(lease)s)
                                           AND now() + make_interval(secs => %(lease)s))
                 ORDER BY created_at, id LIMIT %(at_a_time)s FOR UPDATE SKIP LOCKED)
    RETURNING id, recipient_id, tries, created_at, urgency
"""  # noqa: S608  our own words
# Asked right before each mail: those still ours get the whole lease anew, so that a slow server late in the batch does
# not let it run out. What is not given back belongs to somebody else by now.
HOLD = """
    UPDATE cases_notice n SET sending_at = now() FROM unnest(%(ids)s::uuid[], %(tokens)s::int[]) AS mine (id, token)
    WHERE n.id = mine.id AND n.tries = mine.token AND n.sent_at IS NULL
      AND n.sending_at BETWEEN now() - make_interval(secs => %(lease)s) AND now() + make_interval(secs => %(lease)s)
    RETURNING n.id
"""
ADDRESSES = """
    SELECT m.id, u.email, coalesce(c.channel, 'mail') <> 'urgent'
    FROM tenancy_membership m JOIN tenancy_user u ON u.id = m.user_id
    LEFT JOIN cases_deliverychoice c ON c.membership_id = m.id
    WHERE m.id = ANY (%s) AND u.is_active AND m.starts_on <= wall.today()
      AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
"""
SENT = """
    UPDATE cases_notice n SET sent_at = now() FROM unnest(%(ids)s::uuid[], %(tokens)s::int[]) AS mine (id, token)
    WHERE n.id = mine.id AND n.tries = mine.token AND n.sent_at IS NULL
"""
# To somebody who is no longer there: the managers of the board that owns the rows are told of the same thing, and only
# then is this one done with. Without a manager it stays.
HAND_ON = """
    WITH heir AS (
        SELECT n.id AS notice, n.authority_id, n.about, n.subject_id, n.about_on, n.urgency, n.ready_at, m.id AS manager
        FROM cases_notice n
        JOIN unnest(%(ids)s::uuid[], %(tokens)s::int[]) AS mine (id, token) ON n.id = mine.id AND n.tries = mine.token
        JOIN tenancy_membership r ON r.id = n.recipient_id
        JOIN tenancy_membership m ON m.authority_id = n.authority_id
            AND m.role = CASE r.role WHEN 'administrator' THEN r.role ELSE 'unit_manager' END
        JOIN tenancy_user u ON u.id = m.user_id
        WHERE n.sent_at IS NULL AND u.is_active AND m.starts_on <= wall.today()
          AND (m.ends_on IS NULL OR m.ends_on >= wall.today())),
    told AS (
        INSERT INTO cases_notice (id, authority_id, created_at, about, subject_id, recipient_id,
                                  recipient_authority_id, about_on, tries, urgency, ready_at)
        SELECT gen_random_uuid(), authority_id, now(), about, subject_id, manager, authority_id, about_on, 0, urgency,
               ready_at FROM heir
        ON CONFLICT DO NOTHING)
    UPDATE cases_notice SET sent_at = now() WHERE id IN (SELECT notice FROM heir)
"""


@dataclass(frozen=True)
class Claim:
    """One notice, and the number under which it is ours."""

    id: UUID
    recipient_id: UUID
    token: int
    created_at: datetime
    urgency: str = ""

    @property
    def age(self):
        return self.created_at, self.id


def send_some(at=None):
    """Claim up to fifty notices that may be told now (``cases/notices/ready.py``), commit the claim, send one neutral
    mail per person, mark them. Returns how many were claimed: what could not be sent keeps its claim, so that no sweep
    meets it twice. ``at``: another clock than the database's."""
    at = at or _now()
    claimed, addresses = _claim(at)
    for recipient in sorted({claim.recipient_id for claim in claimed}, key=str):
        mine = sorted((claim for claim in claimed if claim.recipient_id == recipient), key=lambda claim: claim.age)
        if recipient not in addresses:
            _hand_on(mine)
            continue
        address, in_the_morning = addresses[recipient]
        urgent, others = [claim for claim in mine if claim.urgency], [claim for claim in mine if not claim.urgency]
        _send(address, urgent)
        _send(address if in_the_morning else "", others, digest_key(recipient, at))
    return len(claimed)


def _now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def _claim(at=None):
    given = {"lease": settings.LEASE_SECONDS, "at_a_time": AT_A_TIME, **readiness(at or _now())}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        claimed = [Claim(*row) for row in cursor.fetchall()]
        cursor.execute(ADDRESSES, [list({claim.recipient_id for claim in claimed})])
        return claimed, {who: (email, in_the_morning) for who, email, in_the_morning in cursor.fetchall()}


def _under(claims):
    return {
        "ids": [claim.id for claim in claims], "tokens": [claim.token for claim in claims],
        "lease": settings.LEASE_SECONDS,
    }  # fmt: skip


def _held(claims):
    """Those that nobody has taken over, each with its lease anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HOLD, _under(claims))
        ours = {pk for (pk,) in cursor.fetchall()}
    return [claim for claim in claims if claim.id in ours]


def _send(address, claims, key=""):
    """One refused address, or a server that is down, stops nobody else's mail. The Message-ID is the morning's, or that
    of the oldest of what is urgent, so that what is sent again is the same mail. Its link says nothing of what or how
    many: it leads to the start page, or past it when there is one thing alone. Without an address she has chosen to see
    it when she signs in."""
    claims = _held(claims)
    if not claims:
        return
    oldest = str(claims[0].id)
    try:
        if address:
            send_neutral(to=address, key=key or oldest, link=settings.BASE_URL + reverse("plans:onward", args=[oldest]))
    except (SMTPException, OSError):
        LOG.exception("notices not sent", extra={"count": len(claims), "notice": oldest})
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SENT, _under(claims))
        lost = len(claims) - cursor.rowcount
    if lost:
        LOG.warning("notices taken over while they were sent", extra={"count": lost, "notice": oldest})


def _hand_on(claims):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HAND_ON, _under(claims))
        left = len(claims) - cursor.rowcount
    if left:
        LOG.error("notices without anybody to tell", extra={"count": left, "notice": str(claims[0].id)})
