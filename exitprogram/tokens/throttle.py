"""How often a token or an address may call: counted per minute in the broker, over all processes."""

import functools
import logging
import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

LOG = logging.getLogger(__name__)
PER_MINUTE = 120


@functools.cache
def _broker():
    import redis

    return redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1)


def _second():
    return int(time.time())


def too_often(who, per_minute):
    """Without the broker nobody is counted: key, scope, role and both walls stand without it."""
    import redis

    name = f"{who}:{_second() // 60}"
    try:
        with _broker().pipeline() as both:
            count, _set = both.incr(name).expire(name, 120).execute()
    except redis.RedisError:
        LOG.warning("calls are not counted: no broker")
        return False
    return count > per_minute


class PerToken(BaseThrottle):
    def allow_request(self, request, view):
        return not too_often(f"api:{request.token.pk}", PER_MINUTE)

    def wait(self):
        return 60 - _second() % 60
