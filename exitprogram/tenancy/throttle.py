"""Wrong passwords and codes, in one tally: a pause that grows for one account from one place, and a ceiling for the
place. Nobody elsewhere is paused by it, and no other way in is. Nothing that was typed lies anywhere: some write their
password where the name should be."""

import ipaddress
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from exitprogram.tenancy.access import client_address
from exitprogram.tenancy.models import LinkRequest, WrongGuess

FREE = 5  # wrong ones before the first pause
FIRST, LONGEST = timedelta(minutes=15), timedelta(hours=4)
REMEMBERED = timedelta(hours=24)
FROM_ONE_PLACE = 100  # in an hour, whoever they are for


class Paused(Exception):
    """Answered by ``PauseMiddleware`` with the page that says to wait."""


def account_of(email):
    return salted_hmac("exitprogram.account", email.strip().lower(), algorithm="sha256").hexdigest()[:40]


def place_of(request):
    """One address; of IPv6 the network that one household or office is given."""
    given = client_address(request)
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return salted_hmac("exitprogram.place", given, algorithm="sha256").hexdigest()[:40]
    if address.version == 6:
        address = ipaddress.ip_network((int(address) >> 64 << 64, 64)).network_address
    return salted_hmac("exitprogram.place", str(address), algorithm="sha256").hexdigest()[:40]


def pause_after(wrong):
    """How long, after this many: a quarter, and twice as long for each one more."""
    if wrong < FREE:
        return timedelta(0)
    return min(FIRST * 2 ** min(wrong - FREE, 10), LONGEST)


def may_guess(email, request):
    """Asked before a password or code is looked at. Raises Paused."""
    lately = WrongGuess.objects.filter(place=place_of(request))
    if lately.filter(at__gt=Now() - timedelta(hours=1)).count() >= FROM_ONE_PLACE or _is_paused(email, lately):
        raise Paused


def _is_paused(email, lately):
    mine = lately.filter(account=account_of(email))
    pause = pause_after(mine.filter(at__gt=Now() - REMEMBERED).count())
    return bool(pause) and mine.filter(at__gt=Now() - pause).exists()


def guessed_wrong(email, request):
    """Raises Paused when a pause begins with this one."""
    place = place_of(request)
    WrongGuess.objects.create(account=account_of(email), place=place)
    if _is_paused(email, WrongGuess.objects.filter(place=place)):
        raise Paused


def forgive(email, request):
    """She has come all the way in: what she mistyped before counts no more. A right password alone forgives nothing,
    or each of them would be good for some more guesses at the code."""
    WrongGuess.objects.filter(account=account_of(email), place=place_of(request)).delete()


def forget_old():
    for model in (WrongGuess, LinkRequest):
        model.objects.filter(at__lt=Now() - REMEMBERED).delete()


class Pause:
    """The first backend: asked before any password is."""

    def authenticate(self, request, username=None, password=None, **more):
        if request is not None and username:
            may_guess(username, request)


class Wrong:
    """The last backend: reached when no other has known the password."""

    def authenticate(self, request, username=None, password=None, **more):
        if request is not None and username:
            guessed_wrong(username, request)
