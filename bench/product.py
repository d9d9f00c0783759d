"""The product as it is shipped, through its own WSGI application and every middleware."""

import os
import uuid

import django

from bench.asking import TOKEN, Browser

SEARCHED = "Dahl"
PASSWORD = "fyra lugna ord i rad"  # noqa: S105


def pages(name, scene):
    """What each page is asked by: page → function that gives (status, body)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.urls import reverse

    application, sessions = get_wsgi_application(), scene["sessions"][name]
    cookies = {who: {"__Host-session": key, "__Host-csrf": TOKEN} for who, key in sessions.items()}
    at = {who: Browser(application, kept) for who, kept in cookies.items()}

    def page(who, view, *ids):
        path = reverse(view, args=ids)
        return lambda: at[who].get(path)[::2]

    return {
        "day": page("worker", "plans:my_day"),
        "list": page("worker", "cases:list"),
        "case": page("worker", "plans:person", scene["case"]),
        "case_led": page("manager", "plans:person", scene["case"]),
        "plan": page("worker", "plans:version", scene["version"]),
        "coordinator": page("coordinator", "cases:list"),
        "search": lambda: searched(at["coordinator"], at["coordinator"]),
        "note": Saving(at["worker"], reverse("cases:note", args=[scene["case"], scene["drafts"][name]])),
        "unit": page("manager", "teams:unit"),
        "sign_in": lambda: Browser(application, {"__Host-csrf": TOKEN}).post(reverse("tenancy:sign_in"), {
            "csrfmiddlewaretoken": TOKEN, "username": scene["signs_in"]["email"], "password": PASSWORD,
        })[::2],
    }, None  # fmt: skip


def searched(browser, then):
    """The search itself, and the page that it leads to."""
    status, headers, body = browser.post("/sok/", {"q": SEARCHED, "csrfmiddlewaretoken": TOKEN})
    return then.get(headers["Location"])[::2] if status == 302 else (status, body)


class Saving:
    """A draft saved on, as often as wanted: each time from the version that the last time left."""

    def __init__(self, browser, path):
        self.browser, self.path, self.version = browser, path, 1

    def __call__(self):
        status, _headers, body = self.browser.post(self.path, {
            "csrfmiddlewaretoken": TOKEN, "form_key": str(uuid.uuid4()), "version": self.version, "kind": "call",
            "event_on": EVENT_ON, "source": "Personen själv", "fact": FACT, "assessment": "Följs upp.",
        })  # fmt: skip
        self.version += 1
        return status, body


EVENT_ON = "2026-01-15"
FACT = "Ringde och berättade om veckan. Boendet fungerar, läkartiden är bokad till torsdag. " * 3
