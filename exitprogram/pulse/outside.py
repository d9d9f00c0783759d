"""The dead man's switch: an address outside that is called after each good round. When the calls cease, those who watch
there are told; nothing in here could tell them that nothing here works. The call carries nothing."""

import logging
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings

LOG = logging.getLogger(__name__)
PATIENCE = 5  # seconds


def still_alive():
    """True when somebody outside has heard. That nobody did stops nothing in here."""
    if not settings.ALIVE_URL:
        return False
    try:
        with urlopen(Request(settings.ALIVE_URL, method="GET"), timeout=PATIENCE):  # noqa: S310  the operator's own
            return True
    except (URLError, OSError, ValueError):
        LOG.exception("the outside did not answer")
        return False
