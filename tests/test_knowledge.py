"""Knowledge at hand: nothing named that is not there, nothing there that is not used."""

import re
import tomllib
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.template import engines

from exitprogram.knowledge import at, places
from tests.source import files, templates, text

TOLD = tomllib.loads((settings.BASE_DIR / "exitprogram/knowledge/knowledge.toml").read_text())
PUBLISHERS = {
    "www.socialstyrelsen.se", "nspm.jamstalldhetsmyndigheten.se", "jamstalldhetsmyndigheten.se", "manniskohandel.se",
    "data.riksdagen.se", "www.uu.se", "kunskapsguiden.se",
}  # fmt: skip


def asked_for():
    """Places named in a template, or by a view for the page that is one form."""
    in_pages = {
        name for path in templates().values() for name in re.findall(r'{% knowledge "([^"]+)"', path.read_text())
    }
    in_views = {name for path in files() for name in re.findall(r'\bknowledge="([^"]+)"', text(path))}
    return in_pages | in_views


def test_every_place_is_used_and_every_used_one_is_there():
    assert asked_for() == {place["id"] for place in TOLD["place"]}
    assert len(asked_for()) > 15


def test_no_support_is_dead_and_no_place_is_empty():
    known = {place["id"] for place in TOLD["place"]}
    ids = [support["id"] for support in TOLD["support"]]
    assert len(ids) == len(set(ids)) and len(known) == len(TOLD["place"])
    for support in TOLD["support"]:
        assert support["places"] and set(support["places"]) <= known, support["id"]
    assert {name for name, place in places().items() if not place.supports} == set()


@pytest.mark.parametrize("support", TOLD["support"], ids=lambda support: support["id"])
def test_a_support_is_named_and_not_copied(support):
    assert support["title"] and support["publisher"]
    assert support["helps"].endswith(".") and len(support["helps"]) < 160
    assert date(2026, 1, 1) <= support["checked"]
    url = urlsplit(support.get("url", "https://www.uu.se/"))
    assert url.scheme == "https" and url.netloc in PUBLISHERS and not url.query


def test_a_misspelt_place_fails():
    with pytest.raises(KeyError):
        at("intake.triag")


def test_the_fold_out_says_that_it_leaves_the_system():
    page = engines["django"].from_string('{% load knowledge %}{% knowledge "return.page" %}').render({})
    assert page.count("<details") == 1 and " open" not in page
    links = re.findall(r"<a [^>]*>", page)
    assert links and all('rel="noreferrer noopener"' in link and 'target="_blank"' in link for link in links)
    assert page.count("lämnar systemet") == len(links)


def test_without_an_address_the_title_stands_alone():
    page = engines["django"].from_string('{% load knowledge %}{% knowledge "note.fact" %}').render({})
    assert "Handläggning och dokumentation" in page and "<a " not in page
