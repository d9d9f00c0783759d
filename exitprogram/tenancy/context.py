"""What the frame around every page needs."""

from django.conf import settings
from django.utils.module_loading import import_string

from exitprogram.page.links import link
from exitprogram.tenancy.acting import somebody_acts
from exitprogram.tenancy.roles import Permission, may


def around(request):
    by = getattr(request, "acting", None)
    return {
        "acting": by,
        "seen_by": getattr(request, "seen_by", None),
        "my_memberships": getattr(request, "memberships", []),
        "may_search": by is not None and may(by, Permission.SEARCH_PERSON),
        "may_connect": by is not None and (may(by, Permission.SEARCH_PERSON) or may(by, Permission.REGION_OVERVIEW)),
        "may_have_jobs": by is not None and (may(by, Permission.EXPORT_PLAN) or may(by, Permission.DISPOSE)),
        "nav": navigation(by, request.path) if by else [],
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "in_demo": settings.EXIT_ENV == "demo",
        "case_bar": None,
    }


def navigation(by, path):
    found = []
    for label, name, permission, *only in settings.NAVIGATION:
        if may(by, permission) and _all_say_yes(only, by):
            url = link(name)
            found.append({"label": label, "url": url, "current": path == url})
    return found


def _all_say_yes(questions, by):
    """Questions that need rows are answered no where none can be asked for, as on a page that refuses."""
    return not questions or (somebody_acts() and all(import_string(asked)(by) for asked in questions))
