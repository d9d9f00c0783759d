"""The one place where a session begins, whatever way somebody proved who she is; and the half-way state before it."""

import time

from django.conf import settings
from django.contrib.auth import login

from exitprogram.tenancy.fresh import confirm
from exitprogram.tenancy.models import User
from exitprogram.tenancy.throttle import forgive

WAY, BEGAN, STRONG, HALF = "way", "began_at", "strong", "half_way"
BACKEND = "exitprogram.tenancy.herself.Herself"
STRONG_WAYS = {"passkey", "code", "recovery", "oidc"}  # a password by itself is none
HALF_STANDS = 5 * 60  # seconds between the password and what comes after it
TRIES = 5


def let_in(request, user, *, way):
    """Begins the session of ``user``. ``way`` is a code word of how she proved who she is; it goes to the log."""
    request.session.pop(HALF, None)
    login(request, user, backend=BACKEND)
    request.session[WAY] = way
    request.session[BEGAN] = int(time.time())  # seconds since 1970
    request.session[STRONG] = way in STRONG_WAYS
    confirm(request)
    forgive(user.email, request)


def become_strong(request):
    """She has just shown the first thing that she will sign in by from now on."""
    request.session[STRONG] = True
    confirm(request)


def is_strong_enough(request):
    return not settings.STRONG_SIGN_IN or request.session.get(STRONG) is True


def let_half_way(request, user, *, onward):
    """The password was right. Nobody is signed in: an anonymous session remembers whose turn it is."""
    request.session.cycle_key()
    request.session[HALF] = {"user": str(user.pk), "at": int(time.time()), "left": TRIES, "onward": onward}


def half_way(request):
    """(the user, where she wanted to go), or (None, "/") when the time or the tries are out."""
    state = request.session.get(HALF)
    if state is None or state["left"] <= 0 or not 0 <= time.time() - state["at"] <= HALF_STANDS:
        request.session.pop(HALF, None)
        return None, "/"
    user = User.objects.filter(pk=state["user"], is_active=True).first()
    return user, state["onward"]


def forget_half_way(request):
    if HALF in request.session:
        del request.session[HALF]


def one_try_less(request):
    state = request.session[HALF]
    request.session[HALF] = {**state, "left": state["left"] - 1}
