"""The floor: a bare WSGI function, psycopg, SQL by hand, and the duties that a page of the product has: the session
looked for and renewed, its signature checked, who acts told to the database, and what was read written in the log.

It learns a page by being shown the product's own: where the values stand that it has read from the database itself. A
value that does not stand there is a fault, and so is a row of the page that it has not read (``show`` in measuring)."""

import hmac
import html
import os
import re
import uuid
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

import psycopg
from django.core import signing
from django.utils.crypto import salted_hmac

from bench.floor import sql
from bench.floor.opening import Opening
from exitprogram.tenancy.acting import Acting, signed
from exitprogram.tenancy.sessions import stored

HASHED = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


class Refused(Exception):
    """An answer that is not 200: its status."""


class Me:
    """Who asks: ids, what the frame of the page shows, and what the log is told."""

    def __init__(self, session, row):
        self.session = session
        self.membership, self.user, self.authority, self.role, self.name, self.house, self.password = row
        self.request = uuid.uuid4().hex


class Floor:
    """One connection, and the papers it has learned. As exit_app the walls bind it; as the owner they do not."""

    def __init__(self):
        self.line = psycopg.connect(os.environ["EXIT_DATABASE_URL"], prepare_threshold=0)
        self.pid, self.opening = self.line.info.backend_pid, Opening()
        self.papers, self.taught, self.limits, self.limit = {}, {}, {}, 0

    def ask(self, query, **values):
        return self.line.execute(query, values, binary=True).fetchall()

    def do(self, query, **values):
        return self.line.execute(query, values).rowcount

    def enter(self, environ):
        """The session, and who she is; or nobody comes further."""
        key = SimpleCookie(environ["HTTP_COOKIE"])["__Host-session"].value
        found = self.ask(sql.SESSION, key=stored(key))
        if not found:
            raise Refused(302)
        session = signing.loads(found[0][0], salt=f"exitprogram.session.{key}", serializer=signing.JSONSerializer)
        if session.get("strong") is not True:
            raise Refused(302)
        who = Acting(session["_auth_user_id"], session["membership"])
        self.ask(sql.ACT, context=signed(who, pid=self.pid))
        row = self.ask(sql.WHO, me=session["membership"], user=session["_auth_user_id"])
        me = Me(session, row[0])
        expected = salted_hmac(HASHED, me.password, algorithm="sha256").hexdigest()
        if not hmac.compare_digest(session["_auth_user_hash"], expected):
            raise Refused(302)
        return key, me

    def trace(self, me, action, about, kind="cases.case", ground="", details="{}"):
        """One line of the log for each (object, case)."""
        objects, cases = zip(*about, strict=True)
        self.do(
            sql.TRACE, user=me.user, me=me.membership, authority=me.authority, action=action, kind=kind, ground=ground,
            details=details, request=me.request, objects=list(objects), cases=list(cases),
        )  # fmt: skip

    def learn(self, page, values):
        """Cuts the product's page where these values stand."""
        body = self.taught[page]
        shown = {html.escape(value): place for place, value in reversed(list(enumerate(values))) if value}
        longest = sorted(shown, key=len, reverse=True)
        parts = re.split(f"({'|'.join(map(re.escape, longest))})", body)
        found = set(parts[1::2])
        if missing := [value for value in shown if value not in found and not _inside(value, found)]:
            raise AssertionError(f"{page}: the product's page does not show {missing[:5]}")
        self.papers[page] = parts[0::2], [shown[value] for value in parts[1::2]]

    def write(self, page, values):
        """The page, with what is in the database now."""
        if page not in self.papers:
            self.learn(page, values)
        still, places = self.papers[page]
        escaped = [html.escape(value) for value in values]
        out = [""] * (len(still) + len(places))
        out[0::2] = still
        out[1::2] = [escaped[place] for place in places]
        return "".join(out).encode()


def _inside(value, found):
    return any(value in other for other in found)


def form_of(environ):
    data = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    return {name: values[0] for name, values in parse_qs(data, keep_blank_values=True).items()}


def application(floor, page, paper):
    """A WSGI application of one page. ``page`` gives (status, headers, values); the paper of that name the rest."""

    def answer(environ, start_response):
        floor.limit = floor.limits.get(paper, 0)
        try:
            key, me = floor.enter(environ)
            status, headers, values = page(floor, environ, key, me)
            body = floor.write(paper, values) if values is not None else b""
            floor.line.commit()
        except Refused as why:
            floor.line.rollback()
            status, headers, body = str(why), [], b""
        except BaseException:
            floor.line.rollback()
            raise
        start_response(f"{status} OK", [("Content-Type", "text/html; charset=utf-8"), *headers])
        return [body]

    return answer
