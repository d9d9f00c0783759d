"""Hostile text in every field of every model, and every page visited in real Chromium by who may see it: no box, no
breach of the content policy, no request elsewhere, no planted element. ``make hostile``: 300 texts, each role."""

from functools import partial

import pytest
from django.template import Context, Template
from django.urls import reverse

from tests.doors import DOORS
from tests.hostile.planting import CODES, KEYS, columns, plant
from tests.hostile.texts import some
from tests.hostile.watching import Watched
from tests.keys import keys_of

AT_ONCE = 40
# Empty in the world of the tests, and a constraint says that they are until something has happened.
UNTIL_THEN = {
    "teams.BoardMeeting.minute", "teams.LogQuestion.answer", "teams.LogReport.done", "reporting.FlowQuestion.answer",
    "reporting.SupportRequest.answer",
}  # fmt: skip
# Without a row there: digests, facts of a browser, what a command on the server writes, the name of one's own passkey.
NO_ROW = tuple(
    f"{model}." for model in (
        "tenancy.BrowserSession", "tenancy.CodeApp", "tenancy.IdentityLink", "tenancy.IdentityProvider",
        "tenancy.LinkRequest", "tenancy.Passkey", "tenancy.RecoveryCode", "tenancy.WrongGuess",
        "reporting.KeptCosts",
    )
)  # fmt: skip


def paths(keys, name):
    return reverse(name, args=[getattr(keys[kind], "pk", keys[kind]) for kind in DOORS[name].ids.split()])


def visits(keys, share):
    """(who, path): every page by all who may; or a third of the pages, each by one."""
    pages = [name for name, door in sorted(DOORS.items()) if "GET" in door.methods and door.may]
    for place, name in enumerate(pages):
        may = DOORS[name].may.split()
        if share.every_role or place % 3 == share.seed % 3:
            for who in may if share.every_role else [may[place % len(may)]]:
                yield who, paths(keys, name)


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.sara)


@pytest.fixture(scope="module")
def planted_once(standing, keys, share):
    return plant(some(share.texts)[:AT_ONCE])


def test_no_page_takes_a_text_for_anything_else(standing, keys, planted_once, in_the_open, chromium, share):
    pieces = some(share.texts)
    for start in range(0, len(pieces), AT_ONCE):
        planted = plant(pieces[start : start + AT_ONCE]) if start else planted_once
        watched = {}
        for who, path in visits(keys, share):
            if who not in watched:
                watched[who] = Watched(chromium, in_the_open, getattr(standing, who))
            assert watched[who].look(path) != 500, path
        found = [what for one in watched.values() for what in one.found]
        pages, marked = (sum(getattr(one, what) for one in watched.values()) for what in ("pages", "marked"))
        for one in watched.values():
            one.close()
        share.tell(texts=len(planted.pieces), pages=pages, breaches=len(found))
        assert found == []
        assert marked > pages / 2, "most pages show some of it"


def test_every_column_of_words_is_planted(planted_once):
    own = {
        f"{model._meta.label}.{field.attname}" for model, field, _kind in columns()
        if field.attname not in KEYS and field.attname not in CODES.split()
    }  # fmt: skip
    missing = {name for name in own - set(planted_once.columns) if not name.startswith(NO_ROW)}
    assert missing == UNTIL_THEN and len(own) > 200


def careless(text):
    page = "<!doctype html><title>x</title><body>{% autoescape off %}{{ text }}{% endautoescape %}"
    return Template(page).render(Context({"text": text}))


@pytest.mark.parametrize("text", ["<img data-planted src=x onerror=alert(1)>", "<img src=//elak.invalid/x>",
                                  "<a href='JavaScript:alert(1)'>x</a>"])  # fmt: skip
def test_a_page_that_forgets_is_found(in_the_open, chromium, text):
    """The same headers as any page of ours, and a template that escapes nothing."""
    watched = Watched(chromium, in_the_open)
    headers = dict(in_the_open.ask("/logga-in/")[1])
    watched.page.route("**/glomsk/", partial(_answer, headers, careless(text)))
    watched.look("/glomsk/")
    watched.close()
    assert watched.found


def _answer(headers, body, route):
    route.fulfill(status=200, headers={**headers, "Content-Length": str(len(body.encode()))}, body=body)
