"""How one wants to be told: way, quiet hours, calendar. And that one has seen what is late."""

import secrets
from datetime import time

from django.db import connection, transaction
from django.utils import timezone

from cases.models import Acknowledgement, CalendarFeed, Case, Clock, DeliveryChoice, DeliveryDemand
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, may, require_role
from exitprogram.tokens.keys import digest_of

# The employer's: between these nobody's hours are quiet, so that a day which a law gives is not lost.
AT_WORK = time(8, 0), time(17, 0)


@transaction.atomic
def acknowledge_clock(*, by, clock_id):
    """*Jag har sett det*, by somebody who was told or who has the case. It ends the telling of this lateness;
    what a law demands is told anew after the rule's days. Nothing is done by it."""
    if not (may(by, Permission.READ_CASE) or may(by, Permission.ADMINISTER)):
        raise NotAllowed("Din roll ger inte rätt att se bevakningar.")
    seen = Acknowledgement(authority_id=by.authority_id, clock_id=clock_id, seen_by=by)
    _require_late(by, clock_id)
    seen.save(force_insert=True)
    seen = Acknowledgement.objects.visible_to(by).get(pk=seen.pk)  # the database knows its case and its day
    record(by=by, action="clock.seen", obj=seen, case=Case(pk=seen.case_id) if seen.case_id else None,
           clock=str(clock_id))  # fmt: skip
    return seen


def _require_late(by, clock_id):
    """Who leads and has not the case cannot read the clock: the database says what has reached her."""
    clock = Clock.objects.visible_to(by).filter(pk=clock_id).first()
    if clock is None:
        if not _has_reached(clock_id):
            raise NotAllowed("Den bevakningen har du inte fått veta något om.")
    elif clock.done_at:
        raise Refused("Det är redan klart.")
    elif clock.day >= timezone.localdate():
        raise Refused("Det är inte försenat.")


def _has_reached(clock_id):
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM wall.escalated() WHERE id = %s)", [clock_id])
        return cursor.fetchone()[0]


@transaction.atomic
def save_delivery(*, by, channel, quiet_from, quiet_to, danger_any_hour):
    """One's own choice. What is dangerous, or must be done the same day by law, is always mailed; quiet hours lie
    outside the working day."""
    if (quiet_from is None) != (quiet_to is None):
        raise Refused("Skriv både från och till, eller lämna båda tomma.")
    if quiet_from is not None and (quiet_from == quiet_to or _at_work(quiet_from, quiet_to)):
        raise Refused("Tysta timmar ligger utanför 08.00–17.00, till exempel 20.00 till 07.00.")
    choice, new = DeliveryChoice.objects.update_or_create(
        authority_id=by.authority_id, membership=by,
        defaults={"channel": channel, "quiet_from": quiet_from, "quiet_to": quiet_to,
                  "danger_any_hour": danger_any_hour},
        create_defaults={"authority_id": by.authority_id, "membership": by, "channel": channel,
                         "quiet_from": quiet_from, "quiet_to": quiet_to, "danger_any_hour": danger_any_hour},
    )  # fmt: skip
    record(by=by, action="delivery.chosen", obj=choice, channel=channel, quiet=quiet_from is not None)
    return choice


def _at_work(quiet_from, quiet_to):
    begins, ends = AT_WORK
    if quiet_from < quiet_to:
        return quiet_from < ends and quiet_to > begins
    return quiet_from < ends or quiet_to > begins


@transaction.atomic
def save_demand(*, by, danger_any_hour):
    """What the employer demands of everybody, whatever they have chosen."""
    require_role(by, Permission.ADMINISTER)
    demand, _new = DeliveryDemand.objects.update_or_create(
        authority_id=by.authority_id, defaults={"danger_any_hour": danger_any_hour},
        create_defaults={"authority_id": by.authority_id, "danger_any_hour": danger_any_hour},
    )  # fmt: skip
    record(by=by, action="delivery.demanded", obj=demand, danger=danger_any_hour)
    return demand


@transaction.atomic
def make_calendar(*, by):
    """(feed, secret): a new address, and the old one opens nothing. The secret is nowhere afterwards."""
    _end_calendar(by)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(authority_id=by.authority_id, membership=by, digest=digest_of(secret))
    feed.save(force_insert=True)
    record(by=by, action="calendar.made", obj=feed)
    return feed, secret


@transaction.atomic
def revoke_calendar(*, by):
    ended = _end_calendar(by)
    if not ended:
        raise Refused("Du har ingen kalenderadress.")
    record(by=by, action="calendar.revoked", obj=ended[0])


def _end_calendar(by):
    feeds = list(CalendarFeed.objects.visible_to(by).standing().select_for_update(of=("self",)))
    for feed in feeds:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
    return feeds


@transaction.atomic
def use_calendar(*, by, feed):
    """The first reading of a day leaves a trace."""
    today = timezone.localdate()
    unread = CalendarFeed.objects.visible_to(by).standing().filter(pk=feed.pk).exclude(last_read_on=today)
    if unread.update(last_read_on=today):
        record(by=by, action="calendar.read", obj=feed)
