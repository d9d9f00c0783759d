"""Is the web well? Asked by the starter while it waits, and by each web container about itself."""

import http.client
import os

from .values import HOST

PATH = "/halsa/"
CONTAINER_PORT = 8000


def is_well(port, headers=None):
    """http.client and not urllib: a proxy set for the machine is not for us."""
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", PATH, headers=headers or {})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def container_is_well():
    """From inside, in the name of the host outside and as if through its TLS; otherwise the answer is a redirect."""
    host = os.environ.get("EXIT_ALLOWED_HOSTS", HOST).split()[0]
    return is_well(CONTAINER_PORT, {"Host": host, "X-Forwarded-Proto": "https"})
