"""Those in the team say how their own measures go, told from ``reports.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.contributions import own_measures


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "reports.toml").read_text(encoding="utf-8"))


def acts(story):
    for text in told().get(story.person["key"], []):
        yield text["days"], partial(_report, story, text)


def _report(story, text):
    by = story.cast.guest(text["who"])
    with acting(by):
        mine = own_measures(by).filter(case=story.case.pk)
        measure = next(one for one in mine if one.title.startswith(text["measure"]))
        if "done" in text:
            plans.report_measure(by=by, measure=measure, status="done")
        else:
            until = story.today + timedelta(days=text["until"])
            plans.report_stuck(by=by, measure=measure, until=until, why=text["why"])
