"""Step-up: what shows an address, signs, decides, hands out or destroys asks once more for what one signs in by."""

import functools
import time
import uuid
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse

from exitprogram.errors import Refused
from exitprogram.page.saving import is_autosave
from exitprogram.sheets.carried import brought_back, carried

CONFIRMED, KEPT = "confirmed_at", "kept_forms"
STANDS = 5 * 60  # seconds in which a page may be opened after it was asked
MAY_BE_SENT = 15 * 60  # seconds: a form that was begun in time is not thrown away while one writes in it
KEPT_AT_MOST = 3  # forms of one session
NOT_KEPT = ("csrfmiddlewaretoken",)
# How those are asked who have no passkey or app here, by the way they came: way → function(request, onward) → address.
# Whoever lets people in by another way puts itself here.
REAUTHENTICATED_BY = {}


def confirm(request):
    """She has just proved who she is. The session gets a new key, so an older copy of the cookie gains nothing."""
    request.session.cycle_key()
    request.session[CONFIRMED] = int(time.time())


def is_fresh(request, within=STANDS):
    return time.time() - request.session.get(CONFIRMED, 0) < within


def fresh(view):
    """Stands between ``@allow`` and ``@once``. Asks, and goes back to the page that was wanted; what was typed in a
    form goes along."""
    return _asking(view, lambda request: request.method in ("GET", "HEAD", "POST"))


def fresh_to_send(view):
    """The page itself is no secret; what it sends signs or decides."""
    return _asking(view, lambda request: request.method == "POST")


def fresh_to_sign(view):
    """A page that saves as one types, and asks only when the press is *Signera*."""
    return _asking(
        view, lambda request: request.method == "POST" and "sign" in request.POST and not is_autosave(request)
    )


def _asking(view, about):
    @functools.wraps(view)
    def inner(request, *args, **kwargs):
        within = MAY_BE_SENT if request.method == "POST" else STANDS
        if not about(request) or is_fresh(request, within=within):
            return view(request, *args, **kwargs)
        wanted = {"next": request.path}
        if request.method == "POST":
            wanted |= _kept(request)
        return redirect(f"{reverse('tenancy:again')}?{urlencode(wanted)}")

    inner.fresh = True
    return inner


def _kept(request):
    """What was sent is kept in the session, sealed, until she has answered."""
    fields = [pair for pair in request.POST.lists() if pair[0] not in NOT_KEPT]
    by = getattr(request, "acting", None)
    if by is None or not fields:
        return {}
    name, forms = uuid.uuid4().hex, request.session.get(KEPT, {})
    forms = dict(list(forms.items())[-(KEPT_AT_MOST - 1) :])
    request.session[KEPT] = {**forms, name: carried(by, f"form|{request.path}", fields)}
    return {"kept": name}


def given_back(request, name, path):
    """The (name, value) pairs of a form that was sent too late, once; [] when there is none for that address."""
    forms = request.session.get(KEPT, {})
    if name not in forms or request.acting is None:
        return []
    request.session[KEPT] = {key: text for key, text in forms.items() if key != name}
    try:
        fields = brought_back(request.acting, f"form|{path}", forms[name])
    except Refused:
        return []
    return [(field, value) for field, values in fields for value in values]
