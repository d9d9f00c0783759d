"""The exact set of headers of every kind of answer, asked of the product as it runs: a header missing, changed or extra
fails. Through gunicorn alone and through TLS."""

import re
import socket
from http.cookies import SimpleCookie

import pytest
from django.test import override_settings
from django.urls import reverse

from cases import operations as cases
from exitprogram.sheets.book import XLSX
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.middleware import HEADERS
from tests import papers
from tests.connections import connected
from tests.keys import keys_of
from tests.test_views_doors import FILE_POLICY, POLICY
from tests.visits import Visit

HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": HEADERS["Permissions-Policy"],
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
}
LINE = {"Server": "gunicorn", "Date": ..., "Connection": "keep-alive", "Content-Length": ...}  # gunicorn's own
HTML = {"Content-Type": "text/html; charset=utf-8"}
# What one's cookies say must not be told to the next one: Django says so wherever it looked at them.
BY_COOKIE = {"Vary": "Cookie"}
SIGNED_IN = {**HTML, **BY_COOKIE, "Set-Cookie": ...}
DOOR = {**SIGNED_IN, "Expires": ...}
CHUNKED = {"Content-Length": None, "Transfer-Encoding": "chunked"}  # gunicorn's, where nobody said how long it is
STATIC = {
    "Last-Modified": ...,
    "ETag": ...,
    "Cache-Control": "max-age=315360000, public, immutable",
    "Vary": "Accept-Encoding",
}


def told(answer):
    """{name: value} of what came, a policy as a set; a name that comes twice is told as a list."""
    _status, headers, _body = answer
    found = {}
    for name, value in headers:
        value = set(value.split("; ")) if name == "Content-Security-Policy" else value
        found[name] = [*found[name], value] if name in found else [value]
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def expect(answer, status, *wanted):
    """These headers, with these values, and no other. ``...`` is any value, None is no such header."""
    wanted = {name: value for part in (LINE, ALWAYS, *wanted) for name, value in part.items()}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    found = told(answer)
    assert answer[0] == status
    assert found == {name: found.get(name, "(missing)") if value is ... else value for name, value in wanted.items()}
    assert "(missing)" not in found.values()


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.sara)


@pytest.fixture(scope="module", params=["in_the_open", "behind_tls"])
def house(request):
    made = request.getfixturevalue(request.param)
    behind = made.url.startswith("https")
    made.more = (HSTS, {"Connection": None}) if behind else ({},)
    made.chunked = {} if behind else CHUNKED
    return made


def test_pages(house, standing, keys):
    expect(house.ask("/logga-in/"), 200, *house.more, DOOR)
    expect(house.ask("/personer/", by=standing.anna), 200, *house.more, SIGNED_IN)
    expect(house.ask("/"), 302, *house.more, HTML, BY_COOKIE, {"Location": "/logga-in/?next=/"})
    expect(house.ask("/", by=standing.anna), 302, *house.more, SIGNED_IN, {"Location": "/min-dag/"})
    expect(house.ask("/personer", by=standing.anna), 301, *house.more, HTML, house.chunked, {"Location": "/personer/"})
    expect(house.ask("/halsa/"), 200, *house.more, BY_COOKIE, {"Content-Type": "text/plain"})


def test_refusals(house, standing, keys):
    anna = standing.anna
    expect(house.ask("/finns-inte/"), 404, *house.more, HTML, BY_COOKIE)
    expect(house.ask("/finns-inte/", by=anna), 404, *house.more, SIGNED_IN)
    expect(house.ask("/personal/", by=anna), 403, *house.more, SIGNED_IN)
    expect(house.ask("/logga-ut/", "POST", by=anna), 403, *house.more, SIGNED_IN)
    expect(house.ask("/personer/", "DELETE", by=anna), 403, *house.more, SIGNED_IN)
    wrong = house.ask("/logga-ut/", "GET", by=anna)
    expect(wrong, 405, *house.more, SIGNED_IN, {"Allow": "POST"})
    expect(house.ask("/logga-in/", host="elak.example"), 400, *house.more, HTML, house.chunked)


def test_what_is_too_large(house, standing):
    huge = {"Content-Length": "900000000", "Content-Type": "application/x-www-form-urlencoded"}
    line = socket.create_connection(("127.0.0.1", house.port))
    secure = "X-Forwarded-Proto: https\r\n" if house.url.startswith("https") else ""
    sent = "".join(f"{name}: {value}\r\n" for name, value in huge.items())
    line.sendall(f"POST /logga-in/ HTTP/1.1\r\nHost: localhost\r\n{secure}{sent}Connection: close\r\n\r\n".encode())
    with line:
        answer = line.makefile("rb").read().decode()
    head, page = answer.split("\r\n\r\n", 1)
    assert head.startswith("HTTP/1.1 413 ") and "Det som skickades är för stort" in page
    names = [part.partition(": ")[::2] for part in head.splitlines()[1:]]
    more = HSTS if secure else {}
    expect((413, names, b""), 413, HTML, more, CHUNKED, {"Connection": "close"})


def test_a_form_that_is_too_large(house):
    token = "a" * 32
    name = "__Host-csrf" if house.url.startswith("https") else "csrf"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"{name}={token}", "X-CSRFToken": token}
    answer = house.ask("/logga-in/", "POST", body=b"a=" + b"x" * 2_100_000, headers={**headers, "Referer": house.url})
    expect(answer, 400, *house.more, HTML, BY_COOKIE)
    assert "Det gick inte att läsa" in answer[2].decode()


def test_a_fault(house, standing):
    """The database says no in the middle of a page."""
    with connected("owner", autocommit=True) as owner:
        owner.execute("REVOKE SELECT ON cases_individual FROM exit_app")
        try:
            answer = house.ask("/personer/", by=standing.anna)
        finally:
            owner.execute("GRANT SELECT ON cases_individual TO exit_app")
    expect(
        answer, 500, *house.more, HTML, {"Set-Cookie": ..., **BY_COOKIE} if "Set-Cookie" in told(answer) else BY_COOKIE
    )
    assert "Något gick fel hos oss" in answer[2].decode()
    assert not re.search("Traceback|individual|permission denied|psycopg", answer[2].decode())


def static(house, name):
    page = house.ask("/logga-in/")[2].decode()
    return re.search(rf'/static/[^"]*{name}\.[0-9a-f]{{12}}\.[a-z0-9]+', page).group()


@pytest.mark.parametrize("name, content_type", [
    ("base", 'text/css; charset="utf-8"'), ("page", 'text/javascript; charset="utf-8"'), ("tab", "image/svg+xml"),
    ("source-sans-3-latin-400-normal", "font/woff2"),
])  # fmt: skip
def test_static_files(house, name, content_type):
    path = static(house, name)
    plain = STATIC if name != "source-sans-3-latin-400-normal" else {**STATIC, "Vary": None}
    expect(house.ask(path), 200, *house.more, plain, {"Content-Type": content_type})
    if plain["Vary"]:
        packed = house.ask(path, headers={"Accept-Encoding": "gzip"})
        expect(packed, 200, *house.more, plain, {"Content-Type": content_type, "Content-Encoding": "gzip"})
    since = {"If-Modified-Since": told(house.ask(path))["Last-Modified"]}
    expect(house.ask(path, headers=since), 304, *house.more, plain, {"Content-Length": None, "Last-Modified": None})


def test_static_files_that_are_not_there(house):
    for path in ("/static/finns-inte.js", "/static/../manage.py", "/static/%2e%2e/manage.py", "/static/"):
        expect(house.ask(path), 404, *house.more, HTML, BY_COOKIE)
    wrong = house.ask(static(house, "base"), "POST")
    expect(wrong, 405, *house.more, house.chunked, {"Allow": "GET, HEAD", "Cache-Control": None})


@pytest.fixture(scope="module")
def paper(standing, house_folder):
    """A paper in the folder that the product reads."""
    with override_settings(FILES_DIR=house_folder / "files"), acting(standing.anna):
        return cases.add_document(**papers.paper(standing.case, standing.anna))


def test_files(house, standing, paper):
    path = reverse("cases:document_file", args=[standing.case.pk, paper.pk])
    document = {
        "Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="dokument.pdf"',
        "Content-Security-Policy": FILE_POLICY, "Set-Cookie": ..., **BY_COOKIE,
    }  # fmt: skip
    expect(house.ask(path, by=standing.anna), 200, *house.more, document)


PAPERS = [
    ("tenancy:letterhead_sample", "", "adam", "application/pdf", 'inline; filename="brevhuvud.pdf"'),
    ("tenancy:units_template", "", "adam", XLSX, 'attachment; filename="enheter.xlsx"'),
    ("plans:meeting_calendar", "meeting", "anna", "text/calendar; charset=utf-8", 'attachment; filename="mote.ics"'),
]


@pytest.mark.parametrize("name, ids, who, content_type, disposition", PAPERS)
def test_our_own_papers(house, standing, keys, name, ids, who, content_type, disposition):
    answer = house.ask(reverse(name, args=[keys[kind] for kind in ids.split()]), by=getattr(standing, who))
    own = {"Content-Type": content_type, "Content-Disposition": disposition, "Set-Cookie": ..., **BY_COOKIE}
    expect(answer, 200, *house.more, own)


def test_the_api(house):
    schema = {"Content-Type": "application/json", "Allow": "GET, HEAD", **BY_COOKIE}
    expect(house.ask("/api/schema/"), 200, *house.more, schema)
    problem = {"Content-Type": "application/problem+json", "Content-Language": "sv", "Vary": "Accept-Language, Cookie"}
    expect(house.ask("/api/cases/"), 401, *house.more, problem, {"WWW-Authenticate": "Bearer"})
    expect(house.ask("/api/finns-inte/"), 404, *house.more, problem, {"Allow": ""})


def test_what_never_becomes_a_request(in_the_open):
    """Gunicorn's own answer to what is no HTTP: it tells neither version nor anything of us."""
    for broken in (b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                   b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 10_000 + b"\r\n\r\n"):  # fmt: skip
        with socket.create_connection(("127.0.0.1", in_the_open.port)) as line:
            line.sendall(broken)
            head, _space, page = line.makefile("rb").read().decode().partition("\r\n\r\n")
        names = {part.split(":")[0] for part in head.splitlines()[1:]}
        assert re.match(r"HTTP/1.1 4\d\d ", head) and names <= {"Connection", "Content-Type", "Content-Length"}
        assert not re.search(r"gunicorn|Python|Traceback|/[a-z]+/", page)


def test_plain_http_leads_to_tls(behind_tls):
    def asked(lines):
        with socket.create_connection(("127.0.0.1", behind_tls.port)) as line:
            line.sendall(("GET /logga-in/ HTTP/1.1\r\nConnection: close\r\n" + lines + "\r\n").encode())
            head = line.makefile("rb").read().decode().partition("\r\n\r\n")[0].splitlines()
        return int(head[0].split()[1]), [part.partition(": ")[::2] for part in head[1:]], b""

    closing = {"Connection": "close", **CHUNKED}
    expect(asked("Host: localhost\r\n"), 301, HTML, closing, {"Location": "https://localhost/logga-in/"})
    expect(asked("Host: elak.example\r\n"), 400, HTML, closing)  # no redirect to wherever the asker wants


def test_cookies(house):
    secure = house.url.startswith("https")
    kept = {}
    for name, value in house.ask("/logga-in/")[1]:
        if name == "Set-Cookie":
            kept.update(SimpleCookie(value))
    prefix = "__Host-" if secure else ""
    csrf = kept[f"{prefix}csrf"]
    assert (csrf["httponly"], csrf["path"], csrf["samesite"], csrf["domain"]) == (True, "/", "Lax", "")
    assert bool(csrf["secure"]) == secure


def test_an_extra_header_is_found(house):
    status, headers, body = house.ask("/logga-in/")
    with pytest.raises(AssertionError):
        expect((status, [*headers, ("X-Powered-By", "x")], body), 200, *house.more, DOOR)
    with pytest.raises(AssertionError):
        expect((status, headers[1:], body), 200, *house.more, DOOR)


def test_another_hosts_name_is_refused_before_the_database_is_asked(standing, django_assert_num_queries):
    visit = Visit(standing.anna)
    with django_assert_num_queries(0):
        assert visit.client.get("/personer/", headers={"host": "elak.example"}).status_code == 400
