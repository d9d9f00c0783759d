"""Every URL with everybody at it: who comes through, what the answer says of itself, what it gives away."""

import re
import uuid

import pytest

from exitprogram.tenancy import middleware
from tests.door import addresses
from tests.doors import DOORS, PEOPLE, SOMETIMES
from tests.furniture import NUMBERS, SECRETS
from tests.keys import TEXTS, keys_of
from tests.visits import Visit, sees, text_of

ROOMS = [(name, method) for name, door in DOORS.items() for method in door.methods.split()]
CHILDREN = [
    (name, method)
    for name, method in ROOMS
    if len(DOORS[name].ids.split()) == 2 and not set(DOORS[name].ids.split()) & set(TEXTS) and DOORS[name].names("anna")
]
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": middleware.HEADERS["Permissions-Policy"],
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
POLICY = {
    "object-src 'none'", "require-trusted-types-for 'script'", "trusted-types default",
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}  # fmt: skip
FILE_POLICY = {"default-src 'none'", "sandbox"}  # of a paper, which no browser shows by itself
SECRET_WORDS = [*NUMBERS.values(), *SECRETS, "exit", "maria", "karlsson", "stina", "skyddad", "elsa"]


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.sara)


@pytest.fixture(scope="module")
def foreign(standing):
    return keys_of(standing, standing.cilla, standing.rut)


@pytest.fixture
def visits(standing, db):
    return {name: Visit(getattr(standing, name)) for name in [*PEOPLE, *SOMETIMES]}


def knock(visit, name, method, keys):
    ids = [keys[kind] for kind in DOORS[name].ids.split()]
    return visit.get(name, *ids) if method == "GET" else visit.post(name, *ids)


def unknown(keys):
    return {kind: key if kind in TEXTS else uuid.uuid4() for kind, key in keys.items()}


def assert_calm(response):
    """What every answer says of itself, whoever asked and whatever came of it."""
    assert {header: response.headers.get(header) for header in HEADERS} == HEADERS
    policy = FILE_POLICY if response.headers["Content-Type"] == "application/octet-stream" else POLICY
    assert set(response.headers["Content-Security-Policy"].split("; ")) == policy
    for title in re.findall(r"<title>(.*?)</title>", text_of(response), re.S):
        assert title.endswith(" – Planering")
        assert not re.search(r"\d", title)
        assert [word for word in SECRET_WORDS if word.lower() in title.lower()] == []


def test_every_url_is_a_door():
    """Those of the API, which no session opens, have their own in tests/test_api.py."""
    names = [name for name, _pattern in addresses() if not name.startswith("api:")]
    assert sorted(names) == sorted(DOORS)


@pytest.mark.parametrize("name, method", ROOMS)
def test_who_comes_through(visits, keys, name, method):
    for who in [*PEOPLE, *filter(DOORS[name].names, SOMETIMES)]:
        visit = visits[who]
        response, expected = knock(visit, name, method, keys), DOORS[name].status(who)
        assert_calm(response)
        assert response.status_code == expected or expected is None, (who, response.status_code)
        if expected is None:
            assert response.status_code in (200, 302, 409), (who, response.status_code)
        else:
            # Nothing in the answer tells a row that exists from one that doesn't.
            assert response.content == knock(visit, name, method, unknown(keys)).content, who
            assert visit.logged() in ([], ["session.opened"])


HALF_WAY = {"tenancy:second", "tenancy:passkey_sign_in"}  # open to somebody who has answered what came before


@pytest.mark.parametrize("name, method", ROOMS)
def test_without_sign_in_there_is_one_page(standing, db, keys, name, method):
    response = knock(Visit(), name, method, keys)
    assert_calm(response)
    if name in HALF_WAY:
        assert (response.status_code, response.url) == (302, "/logga-in/")
    elif DOORS[name].public:
        assert response.status_code == (200 if DOORS[name].may else 404)
    else:
        assert response.status_code == 302
        assert response.url.startswith("/logga-in/?next=")


# An unknown id begins a draft, with an id that the page has chosen; each has tests of its own.
BEGINS = {"cases:note", "cases:identification", "cases:assessment"}


@pytest.mark.parametrize("name, method", CHILDREN)
def test_a_foreign_row_under_ones_own_case_does_not_exist(visits, keys, foreign, name, method):
    case, child = DOORS[name].ids.split()
    mixed = {**keys, child: foreign[child]}
    response = knock(visits["anna"], name, method, mixed)
    other = knock(visits["anna"], name, method, {**keys, child: uuid.uuid4()})
    assert (response.status_code, text_of(response)) == (other.status_code, text_of(other)) or name in BEGINS
    assert response.status_code == 404 or name in BEGINS


def test_a_fault_answers_with_the_same_headers(standing, db, monkeypatch):
    visit = Visit(standing.anna)
    monkeypatch.setattr("cases.views.people.render", None)
    response = visit.get("cases:list")
    assert response.status_code == 500
    assert_calm(response)
    assert visit.logged() == [], "a fault undoes the whole request"


@pytest.mark.parametrize("name", [name for name, method in ROOMS if method == "POST"])
def test_a_post_needs_the_token(standing, db, keys, name):
    visit = Visit(getattr(standing, DOORS[name].may.split()[0]), enforce_csrf_checks=True)
    response = knock(visit, name, "POST", keys)
    assert response.status_code == 403
    assert sees(response, "Sidan hade stått öppen för länge")
    assert_calm(response)


REPEATABLE = {
    "tenancy:app_add", "tenancy:app_remove", "tenancy:passkey_add", "tenancy:passkey_question",
    "tenancy:passkey_remove", "tenancy:recovery_codes",
    "tenancy:again", "tenancy:sign_out", "tenancy:switch", "cases:search", "plans:copy", "plans:bundle",
    "plans:readings", "cases:disclosure_copy", "teams:cooperation_report", "teams:decision_letter",
    "children:release_hand", "cases:export_fetch",
    "tenancy:session_end", "tenancy:sessions_end", "tenancy:identity_link", "tenancy:identity_unlink",
}  # fmt: skip
ONCE = [name for name, method in ROOMS if method == "POST" and name not in REPEATABLE and not DOORS[name].public]


def taken_without_key(visit, name, keys):
    """The first thing written where a form's key should stand that was taken all the same, or None."""
    ids = [keys[kind] for kind in DOORS[name].ids.split()]
    for key in (None, "", "inte-en-nyckel"):
        response = visit.post(name, *ids, form_key=key)
        if response.status_code != 400 or not sees(response, "Ingenting är sparat."):
            return f"{response.status_code} with {key!r} for a key"
    return None


@pytest.mark.parametrize("name", ONCE)
def test_a_form_without_its_key_is_refused(visits, keys, name):
    assert taken_without_key(visits[DOORS[name].may.split()[0]], name, keys) is None


def test_the_administrators_pages_hold_nothing_of_a_case(standing, db):
    adam = Visit(standing.adam)
    for name in ("tenancy:people", "teams:agreements", "tenancy:choose"):
        page = text_of(adam.get(name))
        assert [secret for secret in SECRETS if secret in page] == []
        assert standing.case.number not in page
        assert "Cilla" not in page


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_has_a_first_screen(standing, db, who):
    assert Visit(getattr(standing, who)).client.get("/", follow=True).status_code == 200
