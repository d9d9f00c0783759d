"""Plans that have been followed up, told from ``follow_ups.toml``: by the person and by the worker."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.operations.follow_up import ANSWER


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "follow_ups.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        if "days_ago" in event:
            yield event["days_ago"], partial(_follow_up, story, event)


def before_revision(story):
    """What made the next version be written; its draft is begun by it."""
    for event in told().get(story.person["key"], []):
        if event["outcome"] == "revised":
            _follow_up(story, event)


def _follow_up(story, event):
    with acting(story.worker):
        version = story.draft.version
        answers = {
            goal.pk: dict(zip(ANSWER, event["goals"][goal.area], strict=True))
            for goal in version.goals.all() if goal.area in event["goals"]
        }  # fmt: skip
        row = plans.save_follow_up(
            by=story.worker, plan_version=version, answers=answers, own_words=event["own_words"],
            summary=event["summary"], outcome=event["outcome"], held_on=story.day_now(),
            experience=event.get("experience", {}), next_on=story.today + timedelta(days=story.more["follow_up"]),
        )  # fmt: skip
        plans.finish_follow_up(by=story.worker, follow_up=row)
