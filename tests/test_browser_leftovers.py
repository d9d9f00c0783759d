"""What a browser keeps of a day's work: nothing of anybody. Back and forward after sign-out, a tab taken up again, and
the profile's own files, read byte by byte."""

import re
import sqlite3
from pathlib import Path

import pytest
from django.urls import reverse

from tests.browser import FLAGS
from tests.connections import connected
from tests.furniture import NUMBERS, SECRETS
from tests.hostile.watching import OPENING, Watched
from tests.serving import cookie_of

TYPED = "Kanarieskrivet om Maria"
WORDS = [*NUMBERS.values(), *SECRETS, TYPED, "Maria", "Karlsson", "Stina"]
SIGNED_OUT = "Logga in"


def journey(standing, case):
    """A day's pages about one person, and some about many."""
    ids = [case.pk]
    own = ["plans:person", "plans:plan", "cases:notes", "plans:insight", "plans:readings", "cases:documents"]
    return [*(reverse(name, args=ids) for name in own), reverse("cases:list"), reverse("plans:my_day")]


def told(text, words=tuple(WORDS)):
    return [word for word in words if word in text]


@pytest.fixture
def anna(standing, behind_tls, chromium):
    watched = Watched(chromium, behind_tls, standing.anna)
    yield watched
    watched.close()


def walk(watched, standing):
    seen = []
    for path in journey(standing, standing.case):
        assert watched.look(path) == 200
        seen += told(watched.page.content())
    assert set(seen) >= {"Maria Karlsson", "Kanariefakta"}, "there is something that could show"


def look_around(watched):
    """Back ten times and forward as often: address, markup, words and picture of every page that comes."""
    page, ways = watched.page, []
    for way in [page.go_back] * 10 + [page.go_forward] * 10:
        way(wait_until="load")
        ways.append((page.url, page.content(), page.inner_text("body"), page.screenshot()))
    return ways


def assert_nothing(ways):
    assert [told(f"{content} {text}") for _url, content, text, _picture in ways if told(f"{content} {text}")] == []
    for url, _content, text, _picture in ways:
        assert SIGNED_OUT in text or url == "about:blank", url
    pictures = {picture for url, _content, _text, picture in ways if url != "about:blank"}
    assert len(pictures) <= 4, "the one door each time, with and without the cursor in it and the way in by passkey"


def test_back_and_forward_after_sign_out(anna, standing):
    walk(anna, standing)
    with anna.page.expect_navigation():
        anna.page.get_by_role("button", name="Logga ut").click()
    assert_nothing(look_around(anna))


def test_back_and_forward_when_the_session_has_run_out(anna, standing):
    walk(anna, standing)
    with connected("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM tenancy_browsersession")
    assert_nothing(look_around(anna))


def test_what_shows_is_found():
    door = ("x", SIGNED_OUT, SIGNED_OUT, b"1")
    for shown in (("x", "<p>Kanariefakta", SIGNED_OUT, b"1"), ("x", "", "Min dag", b"1")):
        with pytest.raises(AssertionError):
            assert_nothing([door, shown])
    with pytest.raises(AssertionError):
        assert_nothing([(*door[:3], bytes([number])) for number in range(5)])


# The profile


def profile(chromium, folder, **more):
    kind = chromium.browser_type
    path = more.pop("executable_path", None)
    flags = [*FLAGS, *more.pop("flags", [])]
    given = {"executable_path": path, "args": flags, "ignore_https_errors": True, "locale": "sv-SE", **more}
    return kind.launch_persistent_context(folder, **given)


def files_of(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink()]


def kept_words(folder, words):
    """{word: files} of what lies anywhere in the profile, in either of the ways that Chromium writes text."""
    found = {}
    for path in files_of(folder):
        data = path.read_bytes()
        for word in words:
            if any(word.encode(code) in data for code in ("utf-8", "utf-16-le")):
                found.setdefault(word, []).append(path.name)
    return found


def history(folder):
    """[(address, title)]"""
    (file,) = Path(folder).rglob("History")
    with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as line:
        return line.execute("SELECT url, title FROM urls").fetchall()


@pytest.fixture
def executable():
    import os

    return os.environ["EXIT_CHROMIUM"]


def a_day(context, standing, product, case):
    """Pages, a search, something typed and not saved, a file taken down, and sign-out."""
    page = context.pages[0]
    titles = []
    for path in journey(standing, case):
        page.goto(product.url + path)
        titles.append(page.title())
    page.fill("[data-search]", "Maria Karlsson")
    with page.expect_navigation():
        page.press("[data-search]", "Enter")
    page.goto(product.url + reverse("cases:note_new", args=[case.pk]))
    page.locator("textarea").first.fill(TYPED)
    page.wait_for_timeout(200)
    page.goto(product.url + "/min-dag/")
    page.evaluate(OPENING)
    with page.expect_navigation():
        page.get_by_role("button", name="Logga ut").click()
    return titles


def test_the_profile_keeps_nothing(standing, behind_tls, chromium, executable, tmp_path):
    context = profile(chromium, tmp_path, executable_path=executable)
    context.pages[0].on("dialog", lambda box: box.accept())
    context.add_cookies([behind_tls.cookie(standing.anna)])
    titles = a_day(context, standing, behind_tls, standing.case)
    context.close()
    assert kept_words(tmp_path, WORDS) == {}
    seen = history(tmp_path)
    assert len(seen) >= 5, "there is a history"
    for _url, title in seen:
        assert (title.endswith(" – Planering") or title == "") and not re.search(r"\d", title)
    again = profile(chromium, tmp_path, executable_path=executable, flags=["--restore-last-session"])
    again.pages[0].wait_for_timeout(800)
    for page in again.pages:
        assert told(page.content()) == []
    again.close()
    assert kept_words(tmp_path, WORDS) == {}
    assert {title for title in titles if told(title)} == set()


def test_the_same_titles_for_everybody(standing, behind_tls, chromium):
    """The list of windows says the same whoever the case is about."""
    titles = []
    for who, case in ((standing.anna, standing.case), (standing.cilla, standing.elsewhere)):
        watched = Watched(chromium, behind_tls, who)
        pages = []
        for path in journey(standing, case):
            watched.look(path)
            pages.append(watched.page.title())
        titles.append(pages)
        watched.close()
    assert titles[0] == titles[1]


def test_what_a_profile_keeps_is_found(standing, behind_tls, chromium, executable, tmp_path):
    """A page that forgot everything: title, address, cache."""
    context = profile(chromium, tmp_path, executable_path=executable)
    body = "<!doctype html><title>Maria Karlsson</title><p>Kanariefakta"
    context.route("**/glomsk/**", lambda route: route.fulfill(body=body, content_type="text/html"))
    context.pages[0].goto(f"{behind_tls.url}/glomsk/{cookie_of(standing.anna)[:3]}/")
    context.pages[0].wait_for_timeout(300)
    context.close()
    assert "Maria" in kept_words(tmp_path, WORDS)
    assert "Maria Karlsson" in [title for _url, title in history(tmp_path)]
