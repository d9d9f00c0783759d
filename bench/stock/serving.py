"""The stock way as two contenders: ``admin`` answers HTML, ``api`` JSON."""

import json
import os

import django

from bench.asking import TOKEN, Browser
from bench.product import EVENT_ON, FACT, SEARCHED


def pages(name, scene):
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.stock.settings"
    django.setup()
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    at = {who: Browser(application, {"sessionid": _session(ids["user"]), "csrftoken": TOKEN})
          for who, ids in scene["people"].items()}  # fmt: skip
    return (_admin if name == "admin" else _api)(at, scene), None


def _session(user_id):
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    user, session = User.objects.get(username=user_id), SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def _admin(at, scene):
    def page(who, path):
        return lambda: at[who].get(f"/admin/stock/{path}")[::2]

    saved = {"csrfmiddlewaretoken": TOKEN, "kind": "call", "event_on": EVENT_ON, "fact": FACT, "assessment": "Ja"}
    return {
        "list": page("worker", "case/"),
        "coordinator": page("coordinator", "case/"),
        "search": page("coordinator", f"case/?q={SEARCHED}"),
        "case": page("worker", f"case/{scene['case']}/change/"),
        "plan": page("worker", f"planversion/{scene['version']}/change/"),
        "note": lambda: at["worker"].post(f"/admin/stock/note/{scene['drafts']['admin']}/change/", saved)[::2],
    }


def _api(at, scene):
    def page(who, path):
        return lambda: at[who].get(f"/api/{path}")[::2]

    saved = json.dumps({"kind": "call", "event_on": EVENT_ON, "fact": FACT, "assessment": "Ja"}).encode()
    note = f"/api/notes/{scene['drafts']['api']}/"
    return {
        "list": page("worker", "cases/"),
        "coordinator": page("coordinator", "cases/"),
        "search": page("coordinator", f"cases/?search={SEARCHED}"),
        "case": page("worker", f"cases/{scene['case']}/"),
        "plan": page("worker", f"plans/{scene['version']}/"),
        "note": lambda: at["worker"].post(note, saved, "application/json", method="PATCH", HTTP_X_CSRFTOKEN=TOKEN)[::2],
    }
