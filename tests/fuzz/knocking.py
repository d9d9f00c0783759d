"""Calls that nobody should make, at every address of the API: made up from its own description, right and wrong, and
by hand: odd methods, headers, encodings, bodies, cursors. Nothing may be a fault, and nothing undocumented.

A share runs in the suite (``tests/test_api_fuzz.py``); ``make fuzz`` is the long run."""

import json
import logging
import random
import sys
import uuid
from contextlib import contextmanager, suppress
from io import BytesIO

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import strategies as st
from schemathesis import checks

from exitprogram.api import described
from tests.callers import Caller

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much,
         HealthCheck.data_too_large, HealthCheck.large_base_example]  # fmt: skip
CHECKS = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
PATHS = json.loads(described())["paths"]
OPERATIONS = [(path, method) for path, methods in PATHS.items() for method in methods]
OTHERWISE = {400, 401, 403, 404, 405}  # where the description has nothing at that address with that method

METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT",
           "PROPFIND", "get", "G\xcbT", "POST\x00")  # fmt: skip
TYPES = (
    "application/json", "application/json", "application/json; charset=utf-16", "application/json;charset=x",
    "text/plain", "multipart/form-data", "multipart/form-data; boundary=\xff", "", "application/JSON",
    "application/x-www-form-urlencoded", "application/json; =", "\x00",
)  # fmt: skip
BODIES = (
    b"", b"{}", b"[]", b"null", b"0", b"NaN", b'{"status": NaN}', b'{"status": 1e999}', b"{", b"\xff\xfe{\x00}\x00",
    b'{"status": "done"}', b'{"status": "stopped", "why_not": "\\u0000"}',
    b'{"status": "stopped", "why_not": "\\ud800"}', b'{"status": "done", "status": "x"}', b'{"recipient": "own"}',
    b'{"recipient": "\\ud800"}', b'{"recipient": ["own"]}', b'{"recipient": "guardian:x"}',
    b'{"moved_to": "2026-02-30", "why": "x"}', b'{"moved_to": "9999-12-31", "why": "x"}',
    b'{"moved_to": "0001-01-01", "why": "x"}', b'{"moved_to": 20261122, "why": {}}',
    b'{"moved_to": "+292278-01-01", "why":"x"}', b'{"__proto__": {}, "status": "done"}',
    b'{"status": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 20_000, b'{"status": "' + b"x" * 300_000 + b'"}',
    b"x" * 3_000_000, '{"status": "å"}'.encode("latin-1"), '{"status": "done"}'.encode("utf-16"), b"\xef\xbb\xbf{}",
    b"\x1f\x8b\x08\x00", b'"' + b"\\u0000" * 999 + b'"',
)  # fmt: skip
CURSORS = (
    "", "x", "cD1hYmM=", "cD0lMDA=", "cj0xJnA9MjAyNi0xMS0yMg==", "bz0tMQ==", "bz05OTk5OTk5OTk5OTk5OTk5", "%00", "%ff",
    "cD0yMDI2LTExLTIyKzk5JTNBOTk=", "cD0wMDAxLTAxLTAxVDAwJTNBMDAlM0EwMCUyQjE0JTNBMDA=",
    "cD05OTk5LTEyLTMxVDIzJTNBNTk=", "A" * 9000, "w6Vzc3M=", "cD0nJTNCLS0=",
)  # fmt: skip
VALUES = (
    "", "0", "-1", "1", "9223372036854775807", "9223372036854775808", "9" * 400, "\u00b2", "%00", "%ff", "x", "open",
    "done", "all", "null", "' OR 1=1 --", "a%0d%0aX-Injected:1", str(uuid.uuid4()), "1e5", "\u0661",
)  # fmt: skip
NAMES = ("cursor", "since", "case", "state", "format", "page_size", "next", "%00", "a%0d%0ab")
ODD = (
    "..", ".", "%2e%2e", "%00", "%ff", "%2F", "x" * 3000, "'", "%0d%0aX-Injected:1", "{case_id}", "00000000", "\u00e5",
)  # fmt: skip
HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": ("en", "sv", "*", "", "x" * 5000, "en;q=x", "\xff", "en\r\nX-Injected: 1", ",;=" * 99),
    "HTTP_ACCEPT": ("text/html", "x", "", "application/xml;q=0", "\xff", ";" * 999),
    "HTTP_IDEMPOTENCY_KEY": ("a", "", "x" * 101, "\xe5", "a\r\nX-Injected: 1", "\x00", "'", "b"),
    "HTTP_AUTHORIZATION": (
        "", "Bearer", "Bearer ", "Bearer \x00", "Bearer plan_x", "Basic eDp4", "Bearer \xff", "x" * 9000,
    ),
    "HTTP_HOST": ("", "evil.example", "a b", "[::1", "x:99999", "testserver:x"),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4", "\xff", ","), "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", "\x00"),
    "HTTP_IF_NONE_MATCH": ("*", "\xff"), "HTTP_IF_MODIFIED_SINCE": ("x", "\xff"), "HTTP_RANGE": ("bytes=0-1", "x"),
    "HTTP_COOKIE": ("sessionid=x", "\xff=\xff", ";" * 999), "HTTP_CONTENT_ENCODING": ("gzip", "x"),
    "HTTP_EXPECT": ("100-continue",), "HTTP_TRANSFER_ENCODING": ("chunked", "x"), "HTTP_ORIGIN": ("null", "\xff"),
    "CONTENT_LENGTH": ("", "-1", "x", "5", "999999999"), "REMOTE_ADDR": ("", "x", "::1", "::ffff:127.0.0.1"),
}  # fmt: skip


@contextmanager
def unhurried():
    """One connection to the database, and nobody counts: the calls go in through WSGI itself, which would hang up
    after each."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with pytest.MonkeyPatch.context() as patched:
        for name in ("PER_MINUTE", "OF_AUTHORITY"):
            patched.setattr(f"exitprogram.tokens.throttle.{name}", 10**9)
        yield
    for signal in signals:
        signal.connect(close_old_connections)


class Knocking:
    """Calls at every address with the keys of ``callers``; the ids of ``known`` lead to something."""

    def __init__(self, callers, known, seed):
        self.callers, self.known, self.seed = callers, known, seed
        self.random, self.calls, self.faults = random.Random(seed), 0, []  # noqa: S311
        self.app = get_wsgi_application()
        logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)  # so many, each with its stack
        self.schema = schemathesis.openapi.from_wsgi("/api/schema/", self.app)

    # From the description.

    def from_schema(self, path, method, mode, examples):
        """``mode``: values as the description has them, or not."""
        operation = self.schema[path][method]
        settings = hypothesis.settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=QUIET, print_blob=False
        )

        @hypothesis.seed(self.seed)
        @settings
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
        def knock(case, is_known):
            self._send(case, method, is_known)

        with suppress(hypothesis.errors.Unsatisfiable):  # nothing in this operation could be wrong
            knock()

    def _send(self, case, method, is_known):
        headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
        headers["Authorization"] = f"Bearer {self.callers[0].secret}"
        if method == "post" and (is_known or "Idempotency-Key" not in headers):
            headers["Idempotency-Key"] = uuid.uuid4().hex
        case.headers = headers
        if is_known and case.path_parameters:
            case.path_parameters = {name: self.known[name] for name in case.path_parameters}
        self.calls += 1
        answer = case.call()
        said = (method, case.formatted_path, case.query, case.body)
        if answer.status_code >= 500:
            self.faults.append((answer.status_code, *said))
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Exception, BaseExceptionGroup) as why:
            self.faults.append((answer.status_code, *said, str(why)[:500]))

    # By hand.

    def by_hand(self, times):
        for _ in range(times):
            self.calls += 1
            asked = self._made_up()
            try:
                answer = self._answer(asked)
            except Exception as why:
                self.faults.append((asked, repr(why)))
                continue
            wrong = self._wrong(asked, *answer)
            if wrong:
                self.faults.append((wrong, {key: str(value)[:200] for key, value in asked.items()}, answer[1][:300]))

    def _made_up(self):
        pick, template = self.random, self.random.choice(list(PATHS))
        right = [name.upper() for name in PATHS[template]]
        method = pick.choice(right if pick.random() < 0.6 else METHODS)
        values = {name: self._id(key) for name, key in self.known.items()}
        path = template.format(**values)
        is_there = all(values[name] == self.known[name] or _is_uuid(values[name])
                       for name in self.known if "{" + name + "}" in template)  # fmt: skip
        if pick.random() < 0.05:
            path, is_there = path.rstrip("/") + pick.choice(("", "//", "/x", "/\x00", ".json")), False
        extra = {name: pick.choice(values) for name, values in HEADERS.items() if pick.random() < 0.06}
        return {
            "template": template if is_there else "", "method": method, "path": path, "query": self._query(),
            "extra": extra,
            "secret": pick.choice([self.callers[0], *self.callers]).secret, "type": pick.choice(TYPES),
            "body": pick.choice(BODIES) if method not in ("GET", "HEAD") or pick.random() < 0.1 else b"",
            "key": uuid.uuid4().hex if pick.random() < 0.8 else "the same",
        }  # fmt: skip

    def _id(self, key):
        chance = self.random.random()
        return key if chance < 0.7 else str(uuid.uuid4()) if chance < 0.85 else self.random.choice(ODD)

    def _query(self):
        pick, parts = self.random, []
        for _ in range(pick.choice((0, 0, 1, 1, 2, 3))):
            name = pick.choice(NAMES)
            parts.append(f"{name}={pick.choice(CURSORS if name == 'cursor' else VALUES)}")
        return "&".join(parts)

    def _answer(self, asked):
        """(status, body, headers) from WSGI itself, with nothing between that would make the call nicer."""
        sent, told = asked["body"], []
        path = asked["path"].replace("%00", "\x00").replace("%0d%0a", "\r\n").replace("%ff", "\xff").replace("%2F", "/")
        environ = {
            "REQUEST_METHOD": asked["method"], "PATH_INFO": path.encode("utf-8", "replace").decode("latin-1"),
            "QUERY_STRING": asked["query"].encode().decode("latin-1"), "CONTENT_TYPE": asked["type"],
            "CONTENT_LENGTH": str(len(sent)), "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SCRIPT_NAME": "",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver",
            "HTTP_AUTHORIZATION": f"Bearer {asked['secret']}", "HTTP_IDEMPOTENCY_KEY": asked["key"],
            "wsgi.input": BytesIO(sent), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, **asked["extra"],
        }  # fmt: skip
        made = self.app(environ, lambda status, headers, *_more: told.append((status, headers)))
        body = b"".join(made)
        made.close()
        [(status, headers)] = told
        return int(status.split()[0]), body, headers

    def _wrong(self, asked, status, body, headers):
        """What is wrong with the answer, or ''."""
        if status >= 500:
            return f"{status}"
        known = PATHS.get(asked["template"], {})
        method = {"head": "get"}.get(asked["method"].lower(), asked["method"].lower())  # Django makes it upper case
        documented = {int(code) for code in known[method]["responses"]} if method in known else OTHERWISE
        at_the_gate = "HTTP_HOST" in asked["extra"] and status == 400  # Django's own no to a wrong host
        if status not in documented | {404 if not asked["template"] else 400} and not at_the_gate:
            return f"{status} is not documented"
        if any("\r" in value or "\n" in value or name.lower() == "x-injected" for name, value in headers):
            return "a header was let in"
        if status >= 400 and not at_the_gate and dict(headers).get("Content-Type") != "application/problem+json":
            return "not problem details"
        return ""


def _is_uuid(text):
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def known_of(world):
    """The ids of everything of Anna's, by the names that addresses have for them."""
    from tests.test_api import keys_of

    keys = keys_of(world, world.anna, world.case)
    return {f"{name}_id": str(key) for name, key in keys.items()} | {"publication_id": str(world.published)}


def knocking(world, seed):
    names = ("anna", "maud", "adam", "cilla", "rut")
    return Knocking([Caller(getattr(world, name)) for name in names], known_of(world), seed)
