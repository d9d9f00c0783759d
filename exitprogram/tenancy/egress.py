"""The way out to an identity provider: only to its own hosts, nowhere else by redirection, not for long or much."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from requests import RequestException
from requests.adapters import HTTPAdapter

PATIENCE = (3, 5)  # seconds: to connect, and between two bytes
ALTOGETHER = 10  # seconds
MOST = 500_000  # bytes, unpacked
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotOut(RequestException):
    """An address that nobody has allowed, or an answer that will not do."""


def require_allowed(url, hosts):
    """https to one of the hosts; without TLS only to this machine, in tests and demo."""
    try:
        parts = urlsplit(url)
        near = parts.hostname in LOOPBACK and settings.EXIT_ENV in ("test", "demo")
    except (ValueError, TypeError, AttributeError):
        raise NotOut("not an address") from None
    if parts.scheme != "https" and not (near and parts.scheme == "http"):
        raise NotOut("not https")
    if parts.netloc not in hosts or "@" in parts.netloc:
        raise NotOut("another host")


class OnlyTo(HTTPAdapter):
    def __init__(self, hosts):
        super().__init__(max_retries=0)
        self.hosts = hosts

    def send(self, request, **more):
        require_allowed(request.url, self.hosts)
        more |= {"stream": True, "timeout": PATIENCE, "verify": True}
        response = super().send(request, **more)
        try:
            if 300 <= response.status_code < 400:
                raise NotOut("sent elsewhere")
            response._content = _body(response)  # the session would read it whole, however long it is
            response._content_consumed = True
        finally:
            response.close()
        return response


def _body(response):
    read, until = bytearray(), time.monotonic() + ALTOGETHER
    for piece in response.iter_content(8192):
        read += piece
        if len(read) > MOST or time.monotonic() > until:
            raise NotOut("too much or too slow")
    return bytes(read)
