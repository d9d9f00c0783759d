"""The way to eighteen and past it, a placement with what belongs to it, and who takes over; told from
``children_bridge.toml``. Days of birth count from the day the demonstration is made: ``adult_in`` days ahead."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

from cases import operations as cases
from cases.models import Case
from children import operations as children
from children.custody import custody_on
from children.models import Bridge
from exitprogram.demo import texts
from exitprogram.demo.children_consent import people_of
from exitprogram.demo.team import not_close
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "children_bridge.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(_happen, story, event)


def _happen(story, event):
    given = {name: value for name, value in event.items() if name not in ("do", "days_ago")}
    DOES[event["do"]](story, **given)


def _age(story, adult_in, ground):
    born = story.today + timedelta(days=adult_in) - relativedelta(years=18)
    with acting(story.worker):
        cases.state_age(by=story.worker, case=story.case, known="exact", birth_date=born, ground=ground)


def _ask(story, answer, words):
    with acting(story.worker):
        children.ask_person(by=story.worker, case=story.case, asked_on=story.day_now(), answer=answer, words=words)


def _own_case(story, to):
    receiver = story.cast.social(to)
    with acting(story.worker):
        bridge = children.open_adult_case(by=story.worker, case=story.case, receiver=receiver)
    not_close(story, receiver, bridge.adult_case_id)


def _meet(story, words):
    with acting(story.worker):
        children.hand_over_person(
            by=story.worker, case=story.case, met_on=story.day_now(), person_was_there=True, words=words
        )


def _confirm(story, by, reason=""):
    """And, when there is a reason, reads the child's file for some days."""
    by = story.cast.social(by)
    with acting(by):
        row = Bridge.objects.visible_to(by).get(case_id=story.case.pk)
        children.confirm_hand_over(by=by, bridge=row)
        if reason:
            own = Case.objects.get(pk=row.adult_case_id)
            children.open_childs_file(by=by, adult_case=own, case_id=story.case.pk, reason=reason)


def _do(act):
    def doing(story, **given):
        with acting(story.worker):
            act(by=story.worker, case=story.case, **given)

    return doing


def _place(story, **given):
    with acting(story.worker):
        people_of(story)
        guardians = custody_on(story.case, story.day_now()).guardians
        children.place(by=story.worker, case=story.case, starts_on=story.day_now(), guardians=guardians, **given)


def _visit(story, **given):
    with acting(story.worker):
        children.record_visit(by=story.worker, case=story.case, day=story.day_now(), **given)


def _health(story, **given):
    with acting(story.worker):
        children.record_health_offer(by=story.worker, case=story.case, day=story.day_now(), **given)


def _barnahus(story, next_in, result="", **given):
    """``next_in``: days ahead of the consultation; with ``result`` the step is done."""
    given |= {"day": story.day_now(), "next_on": story.day_now() + timedelta(days=next_in)}
    with acting(story.worker):
        row = children.record_consultation(by=story.worker, case=story.case, **given)
        if result:
            children.finish_consultation_step(by=story.worker, case=story.case, consultation=row, result=result)


DOES = {
    "age": _age, "ask": _ask, "own_case": _own_case, "meet": _meet, "confirm": _confirm, "place": _place,
    "visit": _visit, "region": _do(children.tell_region), "plan": _do(children.sign_placement_plan),
    "health": _health, "barnahus": _barnahus, "consider": _do(children.consider_placement),
    "next": _do(children.name_next),
}  # fmt: skip
