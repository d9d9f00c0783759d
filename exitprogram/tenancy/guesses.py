"""Wrong codes are counted as wrong passwords are: by account and address, and in the same tally."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed


def may_guess(request, user):
    """No turns the answer into the page that says to wait (``AXES_LOCKOUT_TEMPLATE``)."""
    credentials = {"username": user.email}
    if AxesProxyHandler.is_allowed(request, credentials):
        return True
    request.axes_locked_out, request.axes_credentials = True, credentials
    return False


def guessed_wrong(request, user):
    user_login_failed.send(sender=__name__, credentials={"username": user.email}, request=request)
