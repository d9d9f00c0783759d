"""How often a token, the authority it belongs to or an address may call: counted per minute in the broker, over all
processes."""

import functools
import logging
import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

LOG = logging.getLogger(__name__)
PER_MINUTE = 120
OF_AUTHORITY = 600  # by all its tokens together, so that one board's systems leave room for the others'


@functools.cache
def _broker():
    import redis

    return redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1)


def _second():
    return int(time.time())


def counted(who):
    """How many calls this minute, with this one. None without the broker: key, scope, role and both walls stand
    without it."""
    import redis

    name = f"{who}:{_second() // 60}"
    try:
        with _broker().pipeline() as both:
            count, _set = both.incr(name).expire(name, 120).execute()
    except redis.RedisError:
        LOG.warning("calls are not counted: no broker")
        return None
    return count


def too_often(who, per_minute):
    count = counted(who)
    return count is not None and count > per_minute


class Limits(BaseThrottle):
    """The token's first: calls of one that runs wild take nothing from its colleagues'."""

    def allow_request(self, request, view):
        token = request.token
        limits = (("token", f"api:{token.pk}", PER_MINUTE), ("board", f"api-board:{token.authority_id}", OF_AUTHORITY))
        request._request.limits = left = []
        for name, who, most in limits:
            count = counted(who)
            if count is None:
                break
            left.append((name, most, max(0, most - count)))
            if count > most:
                return False
        return True

    def wait(self):
        return 60 - _second() % 60


def limit_headers(left):
    """What is left of the minute, as the draft of httpapi-ratelimit-headers writes it. ``left``: of ``Limits``."""
    if not left:
        return {}
    seconds = 60 - _second() % 60
    return {
        "RateLimit-Policy": ", ".join(f'"{name}";q={most};w=60' for name, most, _rest in left),
        "RateLimit": ", ".join(f'"{name}";r={rest};t={seconds}' for name, _most, rest in left),
    }
