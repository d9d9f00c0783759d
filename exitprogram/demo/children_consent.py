"""Who stands beside each child from the first day, what they and the child say to the plan, and the ground in law where
consent cannot be had; and the parties without an account. Told from ``children_consent.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from django.utils import timezone

from cases import operations as cases
from children import operations as children
from children.consenting import plan_standing
from children.custody import custody_on
from children.models import Guardian
from exitprogram.demo import texts
from exitprogram.demo.planning import areas_of
from exitprogram.tenancy.acting import acting
from teams import operations as teams

FOR_HALF_A_YEAR = timedelta(days=180)
BORN = {"year": 2016, "month": 3, "day": 1}


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "children_consent.toml").read_text(encoding="utf-8"))


@functools.cache
def beside_each():
    return tomllib.loads((texts.HERE / "children_guardians.toml").read_text(encoding="utf-8"))


def acts(story):
    text = told().get(story.person["key"], {})
    for party in text.get("parties", ()):
        yield text["days"], partial(_party, story, party)
    if "law_days" in text:
        yield text["law_days"], partial(by_law, story)


def people_of(story):
    """Those beside the child, written the first time somebody asks for them."""
    there = list(Guardian.objects.filter(case=story.case).order_by("created_at"))
    return there or [_person(story, *one) for one in beside_each()[story.person["key"]]["people"]]


def _person(story, name, relation, custody):
    given = {"by": story.worker, "case": story.case}
    row = children.add_guardian(**given, name=name, relation=relation)
    if custody:
        since = timezone.localdate().replace(**BORN)
        children.note_custody(**given, guardian=row, kind=custody, starts_on=since, source="Folkbokföringen.")
    return row


def can_consent(story):
    """Somebody has custody, or the person answers alone by now."""
    people_of(story)
    standing = plan_standing(story.case, timezone.localdate())
    return standing.band == "grown" or bool(standing.guardians)


def all_say_yes(story, kind, recipient=None, areas=()):
    """Each with custody, and the child itself; nobody is asked about somebody who is grown up."""
    today = timezone.localdate()
    standing = plan_standing(story.case, today)
    if standing.band == "grown":
        return
    given = {"by": story.worker, "case": story.case, "kind": kind, "recipient": recipient, "areas": areas,
             "answer": "yes"}  # fmt: skip
    for guardian in custody_on(story.case, today).guardians:
        children.note_consent_answer(**given, guardian=guardian)
    weight = "decides" if standing.band == "party" else "considered"
    children.note_consent_answer(**given, weight=weight, weight_why="Har förstått vad det betyder och kan ångra sig.")


def without(story, recipients):
    """Nobody can consent: the ground in law instead, and what it opens to those it reaches."""
    _by_law(story)
    for authority in {one.pk: one for one in recipients}.values():
        open_by_law(story, authority)


def by_law(story):
    with acting(story.worker):
        without(story, story.recipients())


def _by_law(story):
    """In the place of consent: the ground, why, and until when; what the region may read is opened beside it."""
    text = told()[story.person["key"]]
    ends_on = timezone.localdate() + FOR_HALF_A_YEAR
    children.coordinate_by_law(by=story.worker, case=story.case, ends_on=ends_on, **text["law"])


def open_by_law(story, recipient):
    """What a waiver would have opened, towards those whom the law lets social services speak with."""
    if recipient.kind not in ("health_authority", "social_board", "joint_board"):
        return
    cases.record_exception(
        by=story.worker, case=story.case, recipient=recipient, areas=areas_of(story.pattern, recipient.kind),
        rule_id="secrecy.exception.social_young", reason=told()[story.person["key"]]["law"]["reasons"],
        ends_on=timezone.localdate() + FOR_HALF_A_YEAR,
    )  # fmt: skip


def _party(story, party):
    with acting(story.worker):
        teams.add_outside_member(by=story.worker, case=story.case, **party)
