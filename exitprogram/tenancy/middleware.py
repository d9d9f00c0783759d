"""One request acts for one membership, inside one transaction that also covers the rendering of the answer."""

import uuid

from django.db import InternalError, transaction
from django.http import Http404
from django.shortcuts import render
from django.urls import resolve
from django.utils import timezone

from exitprogram.audit.operations import record, request_id
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting, acting_as_user, seeing_as
from exitprogram.tenancy.demonstration import require_seen
from exitprogram.tenancy.models import Membership

CHOSEN, SEEN = "membership", "seen_as"
STILL_ONESELF = {"tenancy:see_as_end", "tenancy:sign_out", "tenancy:switch", "tenancy:choose"}


class HeadersMiddleware:
    """The headers that Django does not know. Answers about people are never kept by a browser or a proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_id.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


class ActingMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting, request.memberships, request.seen_by = None, [], None
        if not request.user.is_authenticated:
            return self.get_response(request)
        # One transaction for identity, page and audit; a fault anywhere undoes all of it.
        with transaction.atomic():
            request.memberships = memberships_of(request.user)
            request.acting = chosen(request)
            if request.acting is None:
                with acting_as_user(request.user):
                    return self._answer(request)
            with acting(request.acting):
                return self._answer(request)

    def _answer(self, request):
        if request.acting is not None and request.session.get(CHOSEN) != str(request.acting.pk):
            request.session[CHOSEN] = str(request.acting.pk)
            record(by=request.acting, action="session.opened", obj=request.acting)
        seen = seen_as(request)
        if seen is None:
            return self._rendered(request)
        return self._as_seen(request, seen)

    def _rendered(self, request):
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
        mine = Membership.objects.filter(user=user).in_force(on=timezone.localdate())
        return list(mine.select_related("authority", "user").order_by("authority__name", "role", "pk"))


def chosen(request):
    """The membership of this session, or the only one there is. A stored one that has ended opens nothing."""
    wanted = request.session.get(CHOSEN)
    for membership in request.memberships:
        if str(membership.pk) == wanted:
            return membership
    return request.memberships[0] if len(request.memberships) == 1 and wanted is None else None
