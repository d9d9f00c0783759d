"""A ground in law instead of consent, and a note that was begun and forgotten, told from ``secrecy.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from cases import operations as cases
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "secrecy.toml").read_text(encoding="utf-8"))


def acts(story):
    mine = told().get(story.person["key"], {})
    if ground := mine.get("ground"):
        yield ground["days_ago"], partial(_lean_on, story, ground)
    if draft := mine.get("draft"):
        yield draft["days_ago"], partial(_begin_and_forget, story, draft)


def _lean_on(story, text):
    with acting(story.worker):
        cases.record_exception(
            by=story.worker, case=story.case, recipient=story.cast.guest(text["member"]).authority,
            areas=text["areas"], rule_id=text["rule_id"], reason=text["reason"],
            ends_on=story.today + timedelta(days=text["ends_in"]),
        )  # fmt: skip


def _begin_and_forget(story, text):
    with acting(story.worker):
        cases.save_note(
            by=story.worker, case=story.case, kind=text["kind"], event_on=story.day(text["days_ago"]),
            source=text["source"], fact=text["fact"], assessment=text["assessment"],
        )  # fmt: skip
