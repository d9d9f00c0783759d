"""First contacts, assessments and contacts in open access, told from ``intake.toml``."""

import functools
import tomllib
from decimal import Decimal
from functools import partial

from django.utils import timezone

from cases import instruments
from cases import operations as cases
from cases.models import UrgentStep
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting

MEETS = "b01"  # whose worker also met those in open access: somebody has to have
INSTRUMENTS = {"measure": "wellbeing", "safety": "safety", "external": "external"}


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "intake.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(_happen, story, event)
    if story.person["key"] == MEETS:
        for contact in told()["open"]:
            yield contact["days_ago"], partial(_meet, story.worker, contact)


def _happen(story, event):
    given = {name: value for name, value in event.items() if name not in ("days_ago", "do")}
    with acting(story.worker):
        if event["do"] == "intake":
            cases.save_intake(by=story.worker, case=story.case, version=0, **_filled(given))
        elif event["do"] == "handle":
            for step in UrgentStep.objects.open().filter(case=story.case):
                cases.handle_urgent(by=story.worker, case=story.case, step=step, how=given["how"])
        else:
            _assess(story, INSTRUMENTS[event["do"]], given)


def _filled(given):
    triage = {key: {"answer": one["answer"], "words": one.get("words", "")} for key, one in given["triage"].items()}
    return {**given, "triage": triage, "screening": given.get("screening", {})}


def _assess(story, name, given):
    used = instruments.newest(name, on=timezone.localdate())
    row = cases.save_assessment(
        by=story.worker, case=story.case, instrument=used.id, instrument_version=used.version,
        day=timezone.localdate(), **given,
    )  # fmt: skip
    cases.sign_assessment(by=story.worker, case=story.case, assessment=row)


def _meet(worker, told_of):
    given = {name: value for name, value in told_of.items() if name not in ("days_ago", "became_case", "hours")}
    with acting(worker):
        contact = cases.record_open_contact(
            by=worker, day=timezone.localdate(), hours=Decimal(told_of["hours"]), **given
        )
        if told_of.get("became_case"):
            cases.convert_open_contact(by=worker, contact=contact)
