"""Ids that are sent in a body or a query: one of another authority's is answered exactly as one that does not exist."""

import uuid
from contextlib import contextmanager
from html.parser import HTMLParser
from unittest.mock import patch

from django import forms

from tests.door_api import API
from tests.probe.policy import ACTORS, POLICY
from tests.probe.probing import Probing, bare, difference
from tests.probe.scene import ID, ids_of

NOT_SENT = {"form_key", "csrfmiddlewaretoken"}


def doors():
    """Every page with a form, and the first one of those who may send it."""
    for name, door in sorted(POLICY.items()):
        who = next((one for one in door.may.split() if one in ACTORS), None)
        if "POST" in door.methods.split() and name not in API and who:
            yield name, who


class Page(HTMLParser):
    """What the forms of a page would send as they stand, and which of their fields hold ids."""

    def __init__(self, text):
        super().__init__()
        self.sent, self.chosen, self.ids, self.area = {}, None, {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "select":
            self.chosen = name
        elif tag == "textarea":
            self.area = name
            self.sent.setdefault(name, "")
        elif tag == "option" and self.chosen:
            self._may_be(self.chosen, value, is_set="selected" in given)
        elif tag in ("input", "button") and name and name not in NOT_SENT:
            ticked = given.get("type") in ("radio", "checkbox")
            self._may_be(name, value, is_set=(not ticked and tag == "input") or "checked" in given)

    def _may_be(self, name, value, is_set):
        if ID.fullmatch(value):
            self.ids.setdefault(name, uuid.UUID(value))
        if is_set or (value and name not in self.sent and self.chosen == name):
            self.sent[name] = value

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag):
        self.chosen = None if tag == "select" else self.chosen
        self.area = None if tag == "textarea" else self.area


@contextmanager
def asked_for():
    """{name: model} of every choice among rows in the forms that a request fills."""
    found, clean = {}, forms.BaseForm.full_clean

    def noted(form):
        for name, one in form.fields.items():
            if isinstance(one, forms.ModelChoiceField) and one.queryset is not None:
                found[form.add_prefix(name)] = one.queryset.model._meta.label
        return clean(form)

    with patch.object(forms.BaseForm, "full_clean", noted):
        yield found


class Fields(Probing):
    """For each field that takes an id: the same form with a foreign one, with an unknown one, and the answers beside
    each other."""

    def probe(self, name, who):
        ids = ids_of(self.scene, POLICY[name].ids, who, "own")
        page = Page("")
        if "GET" in POLICY[name].methods.split():
            page = Page(self._asked(name, "GET", who, ids).content.decode(errors="replace"))
        with asked_for() as models:
            self._asked(name, "POST", who, ids, sent=page.sent)
        labels = models | {field: self.scene.rows[key][0] for field, key in page.ids.items() if key in self.scene.rows}
        for field, label in sorted(labels.items()):
            foreign = self._foreign(label, who)
            if foreign is not None:
                self._compared((name, "POST", who, field, label), ids, page.sent, foreign)
        return self.tally

    def _foreign(self, label, who):
        board = self.scene.membership(who).authority_id
        return next((key for key, (other, row) in self.scene.rows.items() if other == label
                     and row.get("authority_id") != board and key not in self.scene.seen[who]), None)  # fmt: skip

    def _compared(self, probe, ids, sent, foreign):
        name, _method, who, field, _label = probe
        answers = []
        for key in (foreign, uuid.uuid4()):
            answer = self._asked(name, "POST", who, ids, sent=sent | {field: str(key)})
            answers.append((*bare(answer, {**ids, "sent": key}), answer.wrote))
            self.tally.probes += 1
            if told := self.scene.told(who, answer.content.decode(errors="replace"), {*ids.values(), key}):
                self.tally.said(probe, f"tells of {told[:5]}")
        if answers[0] != answers[1]:
            self.tally.said(probe, f"is told from an unknown one: {difference(*answers)}")
