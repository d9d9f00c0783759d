"""Where somebody is and who may read it, and the looks at what protects a person, told from ``places.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import ProtectionMark
from cases.protection import next_review
from exitprogram.demo import texts
from exitprogram.demo.clock import workday
from exitprogram.demo.team import not_close
from exitprogram.tenancy.acting import acting
from teams import operations as teams

LOOKED_AT = {"local_threat": 80, "secrecy_mark": 350, "protected_registration": 350}  # days between two looks


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "places.toml").read_text(encoding="utf-8"))


def acts(story):
    for text in told().get(story.person["key"], {}).get("places", ()):
        yield text["days_ago"], partial(_write_down, story, text)
    if story.is_protected:
        opened = story.notes[0]["days_ago"]
        yield from ((ago, partial(_look_again, story)) for ago in range(opened - 1, 0, -40))


def _write_down(story, text):
    by, case = story.worker, story.case
    with acting(by):
        place = cases.add_place(
            by=by, case=case, kind=text["kind"], text=text["text"], note=text["note"], starts_on=timezone.localdate()
        )
    if "reader" in text:
        _let_read(story, place, text)
    with acting(by):
        reveal = cases.reveal_place(by=by, case=case, place=place, reason="check", words=text["checked"])
        cases.show_place(by=by, case=case, reveal=reveal)


def _let_read(story, place, text):
    """A colleague in the case, and not by that a reader: she is named besides."""
    by, colleague = story.worker, story.cast.social(text["reader"])
    with acting(by):
        if not story.case.team.filter(membership=colleague).exists():
            teams.invite_member(
                by=by, case=story.case, membership=colleague, function=colleague.title, reason=text["why"]
            )
    not_close(story, colleague)
    with acting(by):
        cases.name_reader(by=by, case=story.case, place=place, membership=colleague, reason=text["why"])


def _look_again(story):
    """Marks that are soon to be looked at: they still stand."""
    by, today = story.worker, timezone.localdate()
    with acting(by):
        for mark in ProtectionMark.objects.open().filter(individual=story.case.individual_id):
            if workday(timezone.localdate(mark.created_at)) <= today - timedelta(days=LOOKED_AT[mark.kind] - 45):
                cases.review_mark(
                    by=by, case=story.case, mark=mark, since_on=mark.since_on,
                    review_on=next_review(mark.kind, on=today),
                )  # fmt: skip
