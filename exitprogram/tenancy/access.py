"""The door of every view: who may knock. A guard test walks all URLs and fails on one without a rule."""

import functools
import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.shortcuts import redirect, render

from exitprogram.errors import GoFirst
from exitprogram.tenancy import roles
from exitprogram.tenancy.models import Submission


def allow(*permissions):
    """The view is for memberships whose role gives one of these. The role is asked before any row is looked for, so
    the answer says nothing about whether an id exists."""

    def wrap(view):
        @functools.wraps(view)
        def inner(request, *args, **kwargs):
            if request.acting is None:
                return redirect("tenancy:choose")
            if not any(roles.may(request.acting, permission) for permission in permissions):
                raise PermissionDenied(f"Din roll ger inte rätt att {roles.Permission(permissions[0]).label}.")
            try:
                return view(request, *args, **kwargs)
            except GoFirst as first:
                return redirect(first.url)

        inner.access = frozenset(permissions)
        return inner

    return wrap


def signed_in(view):
    """For everybody who is signed in, whatever the role."""
    view.access = "signed_in"
    return view


def public(view):
    """For anybody, also without sign-in: sign-in itself, health."""
    view = login_not_required(view)
    view.access = "public"
    return view


def once(view):
    """A POST with the same ``form_key`` is carried out once; later arrivals are sent where the first one went.

    Two at the same time: the second waits on the key's row until the first has committed. A form that came back with
    an error frees its key, so that it can be sent again."""

    @functools.wraps(view)
    def inner(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = _key(request.POST.get("form_key", ""))
        if key is None:
            return render(request, "400.html", status=400)
        if not _first(key, request.acting):
            before = Submission.objects.visible_to(request.acting).filter(pk=key).first()
            return redirect(before.went_to if before and before.went_to else "/")
        response = view(request, *args, **kwargs)
        mine = Submission.objects.visible_to(request.acting).filter(pk=key)
        if 300 <= response.status_code < 400:
            mine.update(went_to=response.url)
        else:
            mine.delete()
        return response

    inner.once = True
    return inner


def client_address(request):
    """Who is knocking, for the pause after wrong passwords: the address our own outermost proxy saw. What stands to the
    left of it in the header was written by the client and is not believed."""
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.PROXY_COUNT
    return seen[-count].strip() if count and len(seen) >= count else request.META.get("REMOTE_ADDR", "")


def _key(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _first(key, by):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_submission (id, authority_id, created_at, membership_id, went_to)"
            " VALUES (%s, %s, now(), %s, '') ON CONFLICT DO NOTHING",
            [key, by.authority_id, by.pk],
        )
        return cursor.rowcount == 1
