"""What was opened in an emergency and looked at afterwards, and who is blocked, told from ``access.toml``."""

import functools
import tomllib
from functools import partial

from cases import operations as cases
from cases.models import EmergencyAccess
from exitprogram.audit.operations import record
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "access.toml").read_text(encoding="utf-8"))


def acts(story):
    mine = told().get(story.person["key"], {})
    for text in mine.get("emergencies", ()):
        yield text["days_ago"], partial(_break_in, story, text)
        if "reviewed" in text:
            yield text["reviewed"], partial(_review, story, text)
    yield from ((text["days_ago"], partial(_block, story, text)) for text in mine.get("blocks", ()))


def _break_in(story, text):
    by, case = story.cast.social(text["who"]), story.case
    with acting(by):
        cases.open_in_emergency(by=by, number=case.number, reason=text["reason"], reason_text=text["why"])
        # The hour is over by the database's clock, which cannot be moved: what was read is written in the log itself.
        for page in text["pages"]:
            record(by=by, action=f"case.viewed.{page}", obj=case, case=case, ground="emergency")


def _review(story, text):
    by = story.cast.manager(text["reviewer"])
    with acting(by):
        emergency = EmergencyAccess.objects.visible_to(by).waiting().get(case_id=story.case.pk)
        cases.review_emergency(by=by, emergency=emergency, judgement=text["judgement"], review_note=text["review"])


def _block(story, text):
    by, who = story.worker, story.cast.social(text["who"])
    with acting(by):
        cases.block_access(by=by, case=story.case, user=who.user, kind=text["kind"], reason=text["reason"])
