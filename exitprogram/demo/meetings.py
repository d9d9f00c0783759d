"""A meeting held and one prepared, told from ``meetings.toml``. Those only called stand in ``moments.toml``."""

import functools
import tomllib
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Meeting
from plans.operations.minutes import PREPARED
from teams.models import TeamMember

IN_TEAM = (TeamMember.State.INVITED, TeamMember.State.JOINED)


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "meetings.toml").read_text(encoding="utf-8"))


def acts(story):
    mine = told().get(story.person["key"], {})
    if "held" in mine:
        yield mine["held"]["called"], partial(_call, story, mine["held"])
        yield mine["held"]["signed"], partial(_write_up, story, mine["held"])
    if "prepared" in mine:
        yield mine["prepared"]["days"], partial(_prepare, story, mine["prepared"])


def _call(story, text):
    hour = datetime.strptime(text["at"], "%H:%M").time()  # noqa: DTZ007  only the hour
    starts_at = datetime.combine(story.day(text["days"]), hour, ZoneInfo(settings.TIME_ZONE))
    with acting(story.worker):
        plans.call_meeting(
            by=story.worker, case=story.case, starts_at=starts_at, place=text["place"], purpose=text["purpose"],
            members=[member for member in story.members.values() if member.state in IN_TEAM],
        )  # fmt: skip
    _prepare(story, text)


def _meeting(story):
    return Meeting.objects.visible_to(story.worker).filter(case=story.case).get(held=False)


def _prepare(story, text):
    with acting(story.worker):
        plans.save_preparation(by=story.worker, meeting=_meeting(story), **{name: text[name] for name in PREPARED})


def _write_up(story, text):
    """All came, the first one on video."""
    with acting(story.worker):
        meeting = _meeting(story)
        calls = [str(call.pk) for call in meeting.calls.all()]
        came = dict.fromkeys(calls, "present") | dict.fromkeys(calls[:1], "video")
        plans.sign_minutes(
            by=story.worker, meeting=meeting, text=text["minutes"].strip(), person="present", attendance=came
        )
