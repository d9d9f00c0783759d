"""Requests that no page of ours sends: methods that a page does not have, other ways of saying which method, the same
name twice, another host, texts that a slow pattern would chew on, JSON a mile deep."""

import json
import time

import pytest
from django.urls import reverse

from tests.callers import Caller
from tests.doors import DOORS
from tests.keys import keys_of
from tests.visits import Visit

METHODS = ("PUT", "NONSENSE", "POST", "PATCH", "DELETE", "TRACE", "PROPFIND")
SOME = METHODS[:3]
SECONDS = 2  # of the processor: the machine may have much else to do


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.sara)


def path_of(keys, name):
    return reverse(name, args=[keys[kind] for kind in DOORS[name].ids.split()])


def allowed(name):
    return set(DOORS[name].methods.split())


@pytest.mark.parametrize("name", sorted(DOORS))
def test_methods(standing, db, keys, name, share):
    """405, and in ``Allow`` just those that there are, before the row is looked for."""
    door = DOORS[name]
    visit = Visit(getattr(standing, (door.may or door.blind).split()[0]))
    asked = [method for method in (METHODS if share.every_role else SOME) if method not in allowed(name)]
    for method in asked:
        answer = visit.client.generic(method, path_of(keys, name))
        assert answer.status_code == 405, method
        told = set(answer.headers["Allow"].split(", "))
        assert allowed(name) <= told <= allowed(name) | {"HEAD", "OPTIONS"}, method
    if "GET" not in allowed(name):
        assert visit.client.get(path_of(keys, name)).status_code == 405
    share.tell(requests=len(asked))


OTHERWISE = [{"headers": {name: "POST"}} for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method")]


@pytest.mark.parametrize("way", [*OTHERWISE, {"query_params": {"_method": "POST", "method": "POST"}}])
def test_a_method_is_what_it_is(standing, db, way):
    visit = Visit(standing.anna)
    assert visit.client.get(reverse("tenancy:sign_out"), **way).status_code == 405
    assert visit.get("plans:my_day").status_code == 200, "still signed in"


CHEWED = [
    "a" * 50_000, "a " * 25_000, "(" * 20_000, "0" * 50_000, "1-" * 20_000, "@" * 50_000, "a@" * 20_000,
    " " * 50_000, "\t\n" * 20_000, "<" * 50_000, "\u0301" * 20_000, "å" * 50_000, "\ufdfa" * 10_000, "20260101" * 5_000,
]  # fmt: skip
WHERE = [
    ("cases:search", "q", ""), ("tenancy:forgotten", "email", ""), ("cases:person_add", "name", "search"),
    ("cases:person_add", "number", "search"), ("plans:meeting_new", "place", "case"),
    ("cases:open_contact_new", "text", ""),
]  # fmt: skip


@pytest.mark.parametrize("name, field, ids", WHERE)
def test_no_text_takes_long(standing, db, keys, name, field, ids, share):
    visit = Visit(standing.anna)
    for words in CHEWED:
        began = time.process_time()
        answer = visit.post(name, *(keys[kind] for kind in ids.split()), **{field: words})
        taken = time.process_time() - began
        assert answer.status_code < 500
        assert taken < SECONDS, (words[:5], taken)
    share.tell(requests=len(CHEWED))


def test_the_same_name_twice(standing, db, keys):
    """The last one counts, everywhere: what is checked is what is done."""
    visit, mine = Visit(standing.anna), str(standing.anna.pk)
    switch = reverse("tenancy:switch")
    answer = visit.client.post(
        f"{switch}?membership={standing.cilla.pk}", {"membership": [mine, str(standing.cilla.pk)]}
    )
    assert answer.status_code == 302 and visit.client.session.get("membership") in (None, mine)
    answer = visit.client.post(f"{switch}?membership={mine}", {})
    assert answer.url == reverse("tenancy:choose"), "an address says nothing for a form"


@pytest.mark.parametrize("body", ["[" * 200_000, '{"a":' * 100_000, "[" * 900_000 + "]" * 900_000, '"' + "\\" * 99_999,
                                  "1" * 100_000, json.dumps({"recipient": ["x"] * 100_000})])  # fmt: skip
def test_json_a_mile_deep(standing, db, keys, body):
    """With a key that holds: the answer is a problem and no fault."""
    caller = Caller(standing.anna)
    began = time.process_time()
    answer = caller.post(f"versions/{keys['version']}/copies/", body)
    assert 400 <= answer.status_code < 500 and time.process_time() - began < SECONDS
