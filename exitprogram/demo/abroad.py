"""Trafficking and people from other countries, told from ``abroad.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import Permit, ReturnConsent, ReturnPlan, SupportPeriod
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "abroad.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(_happen, story, event)


def _happen(story, event):
    today = timezone.localdate()
    given = {name: value for name, value in event.items() if name not in ("days_ago", "do")}
    given |= {name: today + timedelta(days=value) for name, value in given.items() if name.endswith("_on")}
    with acting(story.worker):
        DOES[event["do"]](by=story.worker, case=story.case, **given)


def _identify(*, by, case, **given):
    row = cases.save_identification(by=by, case=case, **given)
    cases.sign_identification(by=by, case=case, identification=row)


def _wish(*, by, case, **given):
    person = case.individual
    cases.save_interpreter_wishes(
        by=by, case=case, version=0, language=person.language, needs_interpreter=person.needs_interpreter, **given
    )


def _decide(*, by, case, **given):
    cases.decide_permit(by=by, case=case, permit=Permit.objects.waiting().get(case=case), **given)


def _end_period(*, by, case, ended_on):
    """That day, or the period's last: what began on a weekend began on the Friday before."""
    row = SupportPeriod.objects.filter(case=case, ended_on=None).latest("starts_on")
    cases.end_support_period(by=by, case=case, period=row, ended_on=min(ended_on, row.ends_on))


def _of_the_plan(operation):
    def act(*, by, case, **given):
        operation(by=by, case=case, plan=ReturnPlan.objects.get(case=case, stopped_on=None), **given)

    return act


def _withdraw(*, by, case):
    consent = ReturnConsent.objects.get(case=case, withdrawn_at=None)
    cases.withdraw_return_consent(by=by, case=case, consent=consent)


DOES = {
    "identify": _identify, "wish": _wish, "live": cases.record_residence, "apply": cases.record_permit,
    "decide": _decide, "begin_period": cases.add_support_period, "end_period": _end_period,
    "avoid": cases.add_avoid_place, "plan_return": partial(cases.save_return_plan, version=0),
    "agree_to_return": _of_the_plan(cases.record_return_consent), "tell_abroad": _of_the_plan(cases.share_return),
    "travel": _of_the_plan(cases.record_travel), "change_her_mind": _withdraw,
}  # fmt: skip
