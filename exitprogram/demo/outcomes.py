"""How it has become, asked at its times and told from ``outcomes.toml``."""

import functools
import tomllib
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import Case
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting

AFTER = (15, 91, 183, 365)  # days after the plan was begun
COURSES = ("steady", "uneven")


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "outcomes.toml").read_text(encoding="utf-8"))


def acts(story):
    if not story.past("agreed"):
        return
    course = told()[COURSES[int(story.person["key"][1:]) % 2]]
    last = story.more["ended"] if story.person["stage"] == "ended" else 0
    for after, answers in zip(AFTER, course, strict=True):
        if story.drafted - after > last:
            yield story.drafted - after, partial(_asked, story, answers)


def _asked(story, answers):
    by, case = story.worker, story.case
    with acting(by):
        if not Case.objects.held_by(by).active().filter(pk=case.pk).exists():
            return  # closed, or somebody else's by now
        row = cases.save_assessment(
            by=by, case=case, instrument="outcome", instrument_version="1", day=timezone.localdate(), answers=answers
        )
        cases.sign_assessment(by=by, case=case, assessment=row)
