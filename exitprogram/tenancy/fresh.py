"""A fresh sign-in: what shows an address, opens a case in an emergency or destroys a file takes the password again."""

import functools
import time
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse

CONFIRMED = "confirmed_at"
STANDS = 5 * 60  # seconds in which a page may be opened after the password was given
MAY_BE_SENT = 15 * 60  # seconds: a form that was begun in time is not thrown away while one writes in it


def confirm(request):
    """The password has just been given. The session gets a new key, so an older copy of the cookie gains nothing."""
    request.session.cycle_key()
    request.session[CONFIRMED] = int(time.time())


def is_fresh(request, within=STANDS):
    return time.time() - request.session.get(CONFIRMED, 0) < within


def fresh(view):
    """Stands between ``@allow`` and ``@once``. Sends to the password and back to the page that was wanted."""

    @functools.wraps(view)
    def inner(request, *args, **kwargs):
        if is_fresh(request, within=MAY_BE_SENT if request.method == "POST" else STANDS):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('tenancy:again')}?{urlencode({'next': request.path})}")

    inner.fresh = True
    return inner
