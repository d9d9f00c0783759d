"""One probe: somebody asks for something with some method. What came of it is compared with ``policy``: the status, the
rows that it wrote, what it tells, and whether a row that is not hers answers as one that does not exist."""

import difflib
import re
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from unittest.mock import patch
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from exitprogram.tenancy.middleware import CHOSEN
from exitprogram.tokens import throttle
from tests.callers import Caller
from tests.door_api import API
from tests.probe import policy
from tests.probe.policy import ACTORS, IN, MAYBE, METHODS, POLICY, RELATIONS, allowed, expected, rows_of
from tests.probe.scene import ids_of
from tests.visits import Visit

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# Written by any request of somebody's: how long she has been away; the key of her form; that the key to the API was
# used today, and for which call.
ALWAYS = {"tenancy_browsersession", "tenancy_submission", "tokens_apitoken", "tokens_apirequest"}
CHANGED = """
    SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""
CHANGING = re.compile(rb'(name="(?:form_key|csrfmiddlewaretoken)" value="|"X-CSRFToken": ")[^"]*')
PASSING = ("Content-Length", "RateLimit", "Retry-After")
BODIES = {
    "api:copies": '{"recipient": "own"}', "api:measure_status": '{"status": "ongoing"}',
    "api:measure_day": '{"moved_to": "2099-01-01", "why": "Semester"}',
}  # fmt: skip


@dataclass
class Tally:
    probes: int = 0
    wrong: list = field(default_factory=list)

    def said(self, probe, what):
        self.wrong.append(f"{' '.join(map(str, probe))}: {what}")


def groups():
    """Every address, method and kind of actor; each is asked for every relation to the object."""
    return [(name, method, who) for name in sorted(POLICY) for method in METHODS for who in ACTORS]


def share(wanted, seed):
    """Some of them, about so many probes. Of the methods that an address does not know twice as large a part as of
    those that it knows, each of which takes five times as long; ``shares`` seeds in a row cover all."""
    spread = sorted(groups(), key=lambda group: uuid.uuid5(uuid.NAMESPACE_OID, " ".join(group)).hex)
    known = [group for group in spread if group[1] in allowed(group[0])]
    unknown = [group for group in spread if group[1] not in allowed(group[0])]
    parts = shares(wanted)
    return sorted(known[seed % parts :: parts] + unknown[seed % (parts // 2) :: parts // 2])


def shares(wanted):
    sizes = {True: 0, False: 0}
    for name, method, _who in groups():
        sizes[method in allowed(name)] += len(relations(name))
    return 2 * max(1, (sizes[True] // 2 + sizes[False]) // wanted)


def relations(name):
    return [one for one in RELATIONS if one != "destroyed"] if rows_of(name) else ["own"]


class Visitors:
    """Everybody, signed in, and those who may have a key to the API with one."""

    def __init__(self, scene):
        self.clients = {who: self._client(scene, who) for who in ACTORS}
        self.keys = {who: Caller(scene.membership(who)).secret for who in policy.WITH_KEY}

    @staticmethod
    def _client(scene, who):
        if who in ("nobody", "token"):
            return Client(raise_request_exception=False)
        visit = Visit(scene.membership(who))
        session = visit.client.session
        if who not in ("ended", "gone"):
            session[CHOSEN] = str(visit.by.pk)
        session.save()
        return visit.client


class Probing:
    """Inside a transaction that is undone. ``only_tells``: with one wall down pages break in their own ways, and only
    what they tell is asked."""

    def __init__(self, scene, only_tells=False, wanted=None, visitors=None):
        self.scene, self.only_tells, self.tally = scene, only_tells, Tally()
        self.wanted = wanted or relations
        visitors = visitors or Visitors(scene)
        self.clients, self.keys = visitors.clients, visitors.keys
        self.before = self._counted()

    def run(self, some):
        with patch.object(throttle, "PER_MINUTE", 10**9), patch.object(throttle, "OF_AUTHORITY", 10**9):
            for name, method, who in some:
                self._group(name, method, who)
        return self.tally

    def _group(self, name, method, who):
        nothing = None
        for relation in sorted(self.wanted(name), key=lambda one: one != "none"):
            ids = ids_of(self.scene, POLICY[name].ids, who, relation)
            if ids is None:
                continue
            probe = (name, method, who, relation)
            answer = self._asked(name, method, who, ids)
            self.tally.probes += 1
            if not self.only_tells:
                self._judged(probe, ids, answer, nothing)
            self._tells(probe, ids, answer)
            if relation == "none":
                nothing = bare(answer, ids)

    def _asked(self, name, method, who, ids, sent=()):
        headers, body = {}, urlencode({"form_key": uuid.uuid4(), **dict(sent)})
        kind = "application/x-www-form-urlencoded"
        if name in API:
            kind, body = "application/json", BODIES.get(name, "{}")
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if who in self.keys and (name in API or who == "token"):
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        client = self.clients[who]
        cookies = {key: one.value for key, one in client.cookies.items()}
        path = reverse(name, args=list(ids.values()))
        with transaction.atomic():
            answer = client.generic(method, path, "" if method in SAFE else body, kind, headers=headers)
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(cookies)  # no message of the one before, and nobody has signed out
        after = self._counted()
        answer.wrote = {table for table, count in after.items() if count != self.before.get(table)} - ALWAYS
        self.before = after
        return answer

    @staticmethod
    def _counted():
        """What this transaction has written, also what has been undone since."""
        with connection.cursor() as cursor:
            cursor.execute(CHANGED)
            return {table: counts for table, *counts in cursor.fetchall()}

    def _judged(self, probe, ids, answer, nothing):
        name, method, who, relation = probe
        rows = [key for kind, key in ids.items() if kind in rows_of(name) and key in self.scene.rows]
        sees = set(rows) <= self.scene.seen.get(who, set())
        wanted, status = expected(name, method, who, relation, sees), answer.status_code
        if not _is(wanted, answer):
            self.tally.said(probe, f"{status} {answer.headers.get('Location', '')}, expected {wanted}")
        if wanted == 405 and set(answer.headers.get("Allow", "").split(", ")) != set(allowed(name)):
            self.tally.said(probe, f"Allow: {answer.headers.get('Allow')}")
        as_nothing = wanted in (403, 404) or (wanted == IN and relation != "own" and policy.AGAIN & set(ids))
        if as_nothing and nothing is not None and bare(answer, ids) != nothing:
            self.tally.said(probe, f"is told from what does not exist: {difference(bare(answer, ids), nothing)}")
        traces = {"audit_auditevent"} | policy.TRIED.get(name, set())
        may_write = traces if wanted in (IN, MAYBE) or name in API else set()
        if (wanted not in (IN, MAYBE) or method in SAFE) and answer.wrote - may_write:
            self.tally.said(probe, f"{status}, wrote {sorted(answer.wrote - may_write)}")

    def _tells(self, probe, ids, answer):
        text = answer.content.decode(errors="replace") + repr(answer.headers)
        told = self.scene.told(probe[2], text, set(ids.values()))
        if told := [one for one in told if one.split()[0] != policy.OFFERED.get(probe[0])]:
            self.tally.said(probe, f"{answer.status_code}, tells of {', '.join(told[:5])}")
        traced = "audit_auditevent" in answer.wrote or probe[0] in policy.UNTRACED
        if not self.only_tells and not traced and self.scene.shows_somebody(text):
            self.tally.said(probe, "shows somebody without a trace")


def _is(wanted, answer):
    status, where = answer.status_code, answer.headers.get("Location", "")
    if wanted == policy.OUT:
        return status == 302 and where.startswith("/logga-in/?next=")
    if wanted == policy.CHOOSE:
        return status == 302 and where == reverse("tenancy:choose")
    several = {IN: policy.COMES_IN, MAYBE: (*policy.COMES_IN, 404)}
    return status in several.get(wanted, (wanted,))


def bare(answer, ids):
    """The answer without what differs from one time to the next, and without what was asked for."""
    body = CHANGING.sub(rb"\1", answer.content)
    for key in ids.values():
        body = body.replace(str(key).encode(), b"ID")
    headers = {name: value for name, value in answer.headers.items() if name not in PASSING}
    return answer.status_code, headers, body


def difference(one, other):
    """For whoever looks into it: the status, the headers and the first lines that are not the same."""
    if one[:2] != other[:2]:
        return f"{one[:2]} {other[:2]}"
    lines = [answer[2].decode(errors="replace").splitlines() for answer in (one, other)]
    return list(difflib.unified_diff(*lines, n=0))[3:7]
