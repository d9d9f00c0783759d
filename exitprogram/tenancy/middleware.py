"""One request acts for one membership, inside one transaction that also covers the rendering of the answer."""

import uuid

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record, request_id
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import Membership

CHOSEN = "membership"


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
        request.acting, request.memberships = None, []
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
        response = self.get_response(request)
        if hasattr(response, "render") and not response.is_rendered:
            response = response.render()
        if response.status_code >= 500:
            transaction.set_rollback(True)
        return response


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
