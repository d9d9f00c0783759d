"""One's own days as a calendar to subscribe to. The address is the key: it opens this and nothing else."""

import hmac

from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.models import CalendarFeed
from cases.operations import use_calendar
from exitprogram.tenancy.access import client_address, public
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import Membership, User
from exitprogram.tokens.keys import digest_of
from exitprogram.tokens.throttle import too_often
from plans.calendar import days_file

PER_MINUTE = 20  # from one address; a calendar fetches a few times a day


@require_GET
@public
def calendar_feed(request, secret):
    """One answer for every way in which an address does not hold."""
    if too_often(f"calendar:{client_address(request)}", PER_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    with transaction.atomic():
        by, feed_id = _holder(secret)
        if by is None:
            raise Http404
        with acting(by):
            use_calendar(by=by, feed=CalendarFeed.objects.visible_to(by).get(pk=feed_id))
            content = days_file(by, at=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _holder(secret):
    """The membership whose calendar it is, and the feed; found by the digest and compared in constant time."""
    given = digest_of(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed_id, digest, user_id, membership_id FROM wall.calendar_holder(%s)", [given])
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(bytes(row[1]), given):
        return None, None
    feed_id, _digest, user_id, membership_id = row
    with acting_as_user(User(pk=user_id)):
        mine = Membership.objects.filter(pk=membership_id, user_id=user_id).in_force(on=timezone.localdate())
        return mine.select_related("authority", "user").first(), feed_id
