"""One request acts for one membership, inside one transaction that also covers the rendering of the answer."""

import uuid
from contextlib import nullcontext

from django.conf import settings
from django.db import InternalError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import resolve
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseFileResponse

from exitprogram.audit.operations import record, request_id
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting_as_user, going_on_as, seeing_as
from exitprogram.tenancy.demonstration import require_seen
from exitprogram.tenancy.entrance import WAY, is_strong_enough
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.prepared import looking, prepared_rows
from exitprogram.tenancy.resting import rests
from exitprogram.tenancy.throttle import Paused

CHOSEN, SEEN = "membership", "seen_as"
STILL_ONESELF = {"tenancy:see_as_end", "tenancy:sign_out", "tenancy:switch", "tenancy:choose"}


# Besides those of Django and of the content policy. What a browser could do that no page of ours needs is off.
OFF = (
    "accelerometer autoplay browsing-topics camera clipboard-read display-capture encrypted-media fullscreen"
    " geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi payment picture-in-picture"
    " screen-wake-lock serial usb xr-spatial-tracking"
)
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in OFF.split()),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Robots-Tag": "noindex, nofollow",
    # Django's own middleware says these too, but not of what it refuses itself.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
}


class HeadersMiddleware:
    """What every answer says of itself, whoever made it. Answers about people are kept by no browser and no proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_id.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if not isinstance(response, WhiteNoiseFileResponse):  # a file of the product itself, the same for everybody
            response.headers["Cache-Control"] = "no-store"
        return response


class SizeMiddleware:
    """What no page of ours could send is refused before any of it is read. A file that is only somewhat too large goes
    on to its form, which says so at the field. The API says it in its own way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or ""
        most = 2 * settings.LARGEST_FILE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length.isdecimal() and int(length) > most and not request.path_info.startswith("/api/"):
            return render(None, "413.html", {"most": settings.LARGEST_FILE // 1_000_000}, status=413)
        return self.get_response(request)


class PauseMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return render(None, "tenancy/locked_out.html", status=429) if isinstance(exception, Paused) else None


# What somebody with nothing but a password reaches: where she chooses something stronger, and the way out.
WITH_A_PASSWORD = {
    "tenancy:factors", "tenancy:passkey_question", "tenancy:passkey_add", "tenancy:app_add", "tenancy:again",
    "tenancy:sign_out",
}  # fmt: skip


class StrongMiddleware:
    """Whoever has shown a password only gets to choose what more to sign in by, and nowhere else; nor does she act for
    any authority (``chosen``), so the database is closed to her as well."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated or is_strong_enough(request) or _is_open(request):
            return self.get_response(request)
        return redirect("tenancy:factors")


def _is_open(request):
    try:
        found = resolve(request.path_info)
    except Http404:
        return True  # nothing is behind it
    return found.view_name in WITH_A_PASSWORD or getattr(found.func, "access", None) == "public"


class ActingMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting, request.memberships, request.seen_by = None, [], None
        if not request.user.is_authenticated:
            return self.get_response(request)
        # One transaction for identity, page and audit; a fault anywhere undoes all of it.
        with acting_as_user(request.user):
            request.memberships = _own(_Herself(request.user))
            request.acting = chosen(request)
            with going_on_as(request.acting) if request.acting is not None else nullcontext():
                return self._answer(request)

    def _answer(self, request):
        if request.acting is not None and request.session.get(CHOSEN) != str(request.acting.pk):
            if rests(request.acting):
                return self._resting(request)
            request.session[CHOSEN] = str(request.acting.pk)
            way = request.session.get(WAY, "")
            record(by=request.acting, action="session.opened", obj=request.acting, way=way)
        seen = seen_as(request)
        if seen is None:
            return self._rendered(request)
        return self._as_seen(request, seen)

    def _resting(self, request):
        """Nothing opens but the way out, and to another role."""
        if _view_name(request) in STILL_ONESELF:
            return self._rendered(request)
        return render(request, "tenancy/rests.html", status=403)

    def _rendered(self, request):
        with looking() if request.method in ("GET", "HEAD") else nullcontext():
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response = response.render()
        if response.status_code >= 500:
            transaction.set_rollback(True)
        return response

    def _as_seen(self, request, seen):
        """The page as a colleague sees it; that it was opened is written down as one's own act, before."""
        watcher = request.acting
        record(by=watcher, action="session.seen_page", obj=seen, page=_view_name(request))
        request.acting, request.seen_by = seen, watcher
        with seeing_as(watcher, seen):
            if request.method not in ("GET", "HEAD"):
                return render(request, "tenancy/see_as_stopped.html", status=403)
            return self._rendered(request)

    def process_exception(self, request, exception):
        """A page that would write something cannot be looked at."""
        if request.seen_by is not None and isinstance(exception, InternalError):
            transaction.set_rollback(True)
            return render(request, "tenancy/see_as_stopped.html", status=403)
        return None


def seen_as(request):
    """The colleague whom this session looks as; asked for anew at each page, and forgotten when it is not possible."""
    wanted = request.session.get(SEEN)
    if not wanted or _view_name(request) in STILL_ONESELF:
        return None
    try:
        return require_seen(request.acting, wanted) if request.acting is not None else None
    except Refused:
        del request.session[SEEN]
        return None


def _view_name(request):
    try:
        return resolve(request.path_info).view_name
    except Http404:
        return ""


def memberships_of(user):
    """The person's own memberships in force today, with their authorities."""
    with acting_as_user(user):
        return _own(_Herself(user))


class _Herself:
    """The person before she has a role, for the statement below."""

    def __init__(self, user):
        self.pk, self.user_id, self.authority_id, self.role = None, user.pk, None, ""


@prepared_rows
def _own(by):
    mine = Membership.objects.filter(user_id=by.user_id).in_force(on=timezone.localdate())
    return mine.select_related("authority", "user").order_by("authority__name", "role", "pk")


def chosen(request):
    """The membership of this session, or the only one there is. A stored one that has ended opens nothing, and a
    password by itself opens none."""
    if not is_strong_enough(request):
        return None
    wanted = request.session.get(CHOSEN)
    for membership in request.memberships:
        if str(membership.pk) == wanted:
            return membership
    return request.memberships[0] if len(request.memberships) == 1 and wanted is None else None
