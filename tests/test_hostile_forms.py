"""Hostile text typed into every form that can be sent: posted with whatever else the page itself suggests, and then
every page visited in real Chromium. What the forms refuse is shown again with its faults, and is looked at too."""

import re
import uuid

import pytest
from django.urls import reverse
from lxml import html

from tests.doors import DOORS
from tests.hostile.texts import MARKUP
from tests.hostile.watching import Watched
from tests.kept.submits import FILLED, filled
from tests.keys import keys_of
from tests.test_hostile_text import visits
from tests.visits import Visit

SHORT = "<b data-planted>"
TEXT = "<img data-planted src=x onerror=alert(1)>"
# Sent last: what ends something that another form needs.
ENDS = re.compile(
    r"close|end|remove|hand_over|leave|sign|revoke|cancel|decline|withdraw|drop|forget|destroy|dispose|merge|block|settle"
)
NOT_TYPED = ("hidden", "radio", "checkbox", "date", "time", "number", "email", "submit", "file", "datetime-local")
RAW = re.compile(r"<(?:img|b|svg|script)[^<>&]*\sdata-planted")
REACHED = (75, 12)  # forms that took a hostile text, of all and of a share; the others want more than a page tells


class Typist:
    """Fills in forms. ``sent``: (door, field) of each hostile text that a form took; ``raw``: pages that gave one back
    as markup; ``refused``: doors whose form took none."""

    def __init__(self, world, keys):
        self.world, self.keys, self.sent, self.raw, self.refused, self.failed = world, keys, set(), [], [], []

    def type_in(self, name, who):
        path = reverse(name, args=[getattr(self.keys[kind], "pk", self.keys[kind]) for kind in DOORS[name].ids.split()])
        visit = Visit(getattr(self.world, who))
        forms = self._forms(visit, path)
        took = [self._try(visit, name, path, form) for form in forms]
        if any(form.xpath(TYPED) for form in forms) and not any(took):
            self.refused.append(name)

    def _forms(self, visit, path):
        page = visit.client.get(path)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            return []
        found = html.fromstring(page.content.decode()).xpath("//form[translate(@method,'POST','post')='post']")
        return [form for form in found if (form.get("action") or path).split("?")[0] == path]

    def _try(self, visit, name, path, form):
        """With hostile text in all that is typed, then in what was empty only, then in the large fields alone."""
        before = {field: form.fields.get(field) for field in form.fields}
        typed = {field.get("name"): field for field in form.xpath(TYPED)}
        boxes = first_boxes(form)
        ways = [(list(typed), {}), (list(typed), boxes), ([n for n in typed if not before.get(n)], boxes),
                ([n for n in typed if typed[n].tag == "textarea"], boxes)]  # fmt: skip
        for chosen, ticked in [way for place, way in enumerate(ways) if way[0] and way not in ways[:place]]:
            for button in range(1 + bool(form.xpath(".//button[@name]"))):
                data = ticked | filled(form, button) | FILLED.get(name, {}) | {"form_key": str(uuid.uuid4())}
                data |= {field: hostile(typed[field]) for field in chosen if field not in FILLED.get(name, {})}
                answer = visit.client.post(path, data)
                self._look(path, answer)
                if answer.status_code == 302:
                    self.sent |= {(name, field) for field in chosen}
                    return True
        return False

    def _look(self, path, answer):
        if answer.status_code >= 500:
            self.failed.append(path)
        if "html" in answer.get("Content-Type", "") and RAW.search(answer.content.decode()):
            self.raw.append(path)


TYPED = ".//textarea[@name] | .//input[@name][" + " and ".join(f"not(@type='{kind}')" for kind in NOT_TYPED) + "]"


def first_boxes(form):
    """The first box of each list that has none ticked: some forms want one of several."""
    boxes = {}
    for box in form.xpath(".//input[@type='checkbox'][@name]"):
        boxes.setdefault(box.get("name"), []).append(box)
    return {
        name: [some[0].get("value", "on")]
        for name, some in boxes.items() if len(some) > 1 and not any("checked" in box.attrib for box in some)
    }  # fmt: skip


def hostile(field):
    room = int(field.get("maxlength") or 10_000)
    whole = TEXT + " " + " ".join(MARKUP) if field.tag == "textarea" else TEXT
    return next((text for text in (whole, TEXT, SHORT) if len(text) <= room), SHORT[:room])


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.sara)


@pytest.fixture(scope="module")
def typist(standing, keys, share):
    typist = Typist(standing, keys)
    names = [name for name, door in DOORS.items() if {"GET", "POST"} <= set(door.methods.split()) and door.may]
    names = [name for name in names if not DOORS[name].public]
    if not share.every_role:
        names = [name for place, name in enumerate(sorted(names)) if place % 4 == share.seed % 4]
    for name in sorted(names, key=lambda name: (bool(ENDS.search(name)), name)):
        typist.type_in(name, DOORS[name].may.split()[0])
    return typist


def test_no_form_gives_a_text_back_as_markup(typist):
    assert (typist.raw, typist.failed) == ([], [])


def test_most_forms_are_reached(typist, share):
    reached = {name for name, _field in typist.sent}
    share.tell(texts=len(typist.sent))
    print(f"{len(typist.sent)} fields of {len(reached)} forms; not: {' '.join(sorted(typist.refused))}")  # noqa: T201
    assert len(reached) >= REACHED[not share.every_role], sorted(typist.refused)


def test_where_it_shows_nothing_runs(standing, keys, typist, in_the_open, chromium, share):
    watched = {}
    for who, path in visits(keys, share):
        if who not in watched:
            watched[who] = Watched(chromium, in_the_open, getattr(standing, who))
        assert watched[who].look(path) != 500, path
    found = [what for one in watched.values() for what in one.found]
    marked = sum(one.marked for one in watched.values())
    for one in watched.values():
        one.close()
    share.tell(pages=sum(one.pages for one in watched.values()), breaches=len(found))
    assert found == []
    assert marked > 3, "there are pages that show some of it"


@pytest.mark.parametrize("page", [f"<p>{TEXT}</p>", f"<p>{SHORT}x</b></p>"])
def test_what_is_not_escaped_is_found(page):
    assert RAW.search(page) and not RAW.search(page.replace("<", "&lt;"))
