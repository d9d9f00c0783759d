"""What the board and the courts have decided about a child, told from ``children_court.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from django.utils import timezone

from children import operations as children
from children.models import CourtMatter
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "children_court.toml").read_text(encoding="utf-8"))


def acts(story):
    """Each matter with its steps at once after another, in the order of the file."""
    matters = []
    for event in told().get(story.person["key"], []):
        if "matter" in event:
            matters.append({})
            yield event["days_ago"], partial(_open, story, event, matters[-1])
        else:
            yield event["days_ago"], partial(_step, story, event, matters[-1])


def _given(story, event):
    names = ("ground", "about", "body", "who", "reference", "words")
    return {
        "by": story.worker, "case": story.case, "happened_at": timezone.now() - timedelta(minutes=1),
        **{name: event[name] for name in names if name in event},
    }  # fmt: skip


def _open(story, event, kept):
    with acting(story.worker):
        kept["pk"] = children.open_court_matter(kind=event["matter"], **_given(story, event)).pk


def _step(story, event, kept):
    with acting(story.worker):
        matter = CourtMatter.objects.get(pk=kept["pk"])
        children.add_court_step(matter=matter, kind=event["step"], **_given(story, event))
