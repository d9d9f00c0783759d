"""Who works on that Monday. ``python -m bench.colleagues '[[membership, user], …]'`` signs them in and says what each
has; with ``--port`` and ``--ends`` they work until then, without a browser, and say what went wrong."""

import argparse
import http.client
import json
import os
import random
import time
import uuid
from urllib.parse import urlencode

import django

from bench.asking import TOKEN

CASES_EACH = 3
PAUSE = (0.02, 0.3)  # seconds between two pages: far busier than people are
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.colleagues")
    parser.add_argument("cast")
    parser.add_argument("--port", type=int)
    parser.add_argument("--ends", type=float)
    given = parser.parse_args()
    cast = json.loads(given.cast)
    print(json.dumps(worked(cast, given.port, given.ends) if given.port else signed_in(cast)))  # noqa: T201


def signed_in(cast):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
    django.setup()
    return [_colleague(*ids) for ids in cast]


def _colleague(membership_id, user_id):
    from bench.scene import draft, session_of
    from cases.models import Case
    from exitprogram.tenancy.acting import acting, acting_as_user
    from exitprogram.tenancy.models import Membership, User

    with acting_as_user(User.objects.get(pk=user_id)):
        by = Membership.objects.select_related("user", "authority").get(pk=membership_id)
    with acting(by):
        cases = list(Case.objects.visible_to(by).filter(individual__guarded=False).order_by("pk")[:CASES_EACH])
        work = [
            {"case": str(case.pk), "version": str(case.plans.get().versions.get().pk), "draft": draft(by, case),
             "saved": 1, "name": case.individual.shown_name.split()[-1]}
            for case in cases
        ]  # fmt: skip
    return {"session": session_of(by), "work": work}


class Monday:
    """One of them at her desk."""

    def __init__(self, one, port):
        self.work, self.port, self.random = one["work"], port, random.Random(one["session"])  # noqa: S311
        self.headers = {"Cookie": f"session={one['session']}; csrf={TOKEN}"}
        self.requests, self.errors = 0, []

    def ask(self, method, path, data=None, **more):
        """Where it leads on to, or nothing."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = urlencode(data) if data else None
        try:
            line.request(method, path, body, self.headers | (FORM if data else {}) | more)
            answer = line.getresponse()
            answer.read()
        except OSError as why:
            self.errors.append(f"{method} {path}: {why!r}")
            return ""
        finally:
            line.close()
            self.requests += 1
        where = answer.headers.get("Location", "")
        if answer.status not in (200, 302) or where.startswith(("/logga-in", "/inloggning")):
            self.errors.append(f"{method} {path}: {answer.status} {where}")
        return where

    def one_thing(self):
        place = self.random.choice(self.work)
        case, kind = f"/arende/{place['case']}/", self.random.random()
        if kind < 0.5:
            pages = ["/min-dag/", "/personer/", case, f"/plan/{place['version']}/", f"{case}anteckningar/"]
            self.ask("GET", self.random.choice(pages))
        elif kind < 0.6:
            if where := self.ask("POST", "/sok/", {"csrfmiddlewaretoken": TOKEN, "q": place["name"]}):
                self.ask("GET", where)
        else:
            self._save(place, f"{case}anteckning/{place['draft']}/")

    def _save(self, place, path):
        """As a page saves by itself while somebody writes."""
        words = " ".join(self.random.choices(("samtal", "boende", "tid", "läkare", "plan", "ring"), k=20))
        self.ask("POST", path, {
            "csrfmiddlewaretoken": TOKEN, "form_key": str(uuid.uuid4()), "version": place["saved"], "kind": "call",
            "event_on": "2026-01-15", "source": "hon", "fact": words, "assessment": "",
        }, **{"X-Autosave": "1"})  # fmt: skip
        place["saved"] += 1


def worked(cast, port, ends):
    desks = [Monday(one, port) for one in cast if one["work"]]
    while time.time() < ends:
        for desk in desks:
            desk.one_thing()
            time.sleep(desk.random.uniform(*PAUSE))
    return {"requests": sum(d.requests for d in desks), "errors": [line for d in desks for line in d.errors]}


if __name__ == "__main__":
    main()
