"""Claimed, sent, marked. Mail is at least once, with the same Message-ID each time. One that cannot be delivered stays
unsent: a refused address until the next lease, somebody who has left until a manager has taken over.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from exitprogram.mail.post import send_neutral

LOG = logging.getLogger(__name__)
AT_A_TIME = 50
# The lease: a worker that died while sending leaves its rows to another after five minutes.
CLAIM = """
    UPDATE cases_notice SET sending_at = now(), tries = tries + 1
    WHERE id IN (SELECT id FROM cases_notice
                 WHERE sent_at IS NULL AND (sending_at IS NULL OR sending_at < now() - interval '5 minutes')
                 ORDER BY created_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id, recipient_id
"""
ADDRESSES = """
    SELECT m.id, u.email FROM tenancy_membership m JOIN tenancy_user u ON u.id = m.user_id
    WHERE m.id = ANY (%s) AND u.is_active AND m.starts_on <= wall.today()
      AND (m.ends_on IS NULL OR m.ends_on >= wall.today())
"""
SENT = "UPDATE cases_notice SET sent_at = now() WHERE id = ANY (%s)"
# To somebody who is no longer there: the managers of the board that owns the rows are told of the same thing, and only
# then is this one done with. Without a manager it stays.
HAND_ON = """
    WITH heir AS (
        SELECT n.id AS notice, n.authority_id, n.about, n.subject_id, n.about_on, m.id AS manager
        FROM cases_notice n
        JOIN tenancy_membership m ON m.authority_id = n.authority_id AND m.role = 'unit_manager'
        JOIN tenancy_user u ON u.id = m.user_id
        WHERE n.id = ANY (%s) AND u.is_active AND m.starts_on <= wall.today()
          AND (m.ends_on IS NULL OR m.ends_on >= wall.today())),
    told AS (
        INSERT INTO cases_notice
            (id, authority_id, created_at, about, subject_id, recipient_id, recipient_authority_id, about_on, tries)
        SELECT gen_random_uuid(), authority_id, now(), about, subject_id, manager, authority_id, about_on, 0 FROM heir
        ON CONFLICT DO NOTHING)
    UPDATE cases_notice SET sent_at = now() WHERE id IN (SELECT notice FROM heir)
"""


def send_some():
    """Claim up to fifty notices, commit the claim, send one neutral mail per person, mark them. Returns how many were
    claimed: what could not be sent keeps its claim, so that no sweep meets it twice."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [AT_A_TIME])
        claimed = cursor.fetchall()
        cursor.execute(ADDRESSES, [list({recipient for _id, recipient in claimed})])
        addresses = dict(cursor.fetchall())
    for recipient in sorted({recipient for _id, recipient in claimed}, key=str):
        mine = sorted(str(notice) for notice, who in claimed if who == recipient)
        if recipient in addresses:
            _send(addresses[recipient], mine)
        else:
            _hand_on(mine)
    return len(claimed)


def _send(address, notices):
    """One refused address, or a server that is down, stops nobody else's mail. One thing alone is linked to by the
    notice's own id, which says nothing; several are found on the start page."""
    onward = reverse("plans:onward", args=notices) if len(notices) == 1 else ""
    try:
        send_neutral(to=address, key=notices[0], link=settings.BASE_URL + onward)
    except (SMTPException, OSError):
        LOG.exception("notices not sent", extra={"count": len(notices), "notice": notices[0]})
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SENT, [notices])


def _hand_on(notices):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HAND_ON, [notices])
        left = len(notices) - cursor.rowcount
    if left:
        LOG.error("notices without anybody to tell", extra={"count": left, "notice": notices[0]})
