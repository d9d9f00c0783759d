"""How what worries about a child came in and was answered, told from ``children.toml``."""

import functools
import tomllib
from datetime import datetime, time, timedelta
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import AccessGrant
from children import operations as children
from children.models import Investigation
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from teams import operations as teams


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "children.toml").read_text(encoding="utf-8"))


def acts(story):
    """Each with its hour: a report of the evening is written in the next morning."""
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(_happen, story, event)


def _happen(story, event):
    given = {name: value for name, value in event.items() if name not in ("do", "days_ago")}
    with acting(story.worker):
        DOES[event["do"]](story, given)


def _report(story, given):
    """``evening``: it came at this hour the day before."""
    evening = given.pop("evening", None)
    at = timezone.now() - timedelta(minutes=40)
    if evening:
        day = timezone.localdate() - timedelta(days=1)
        at = timezone.make_aware(datetime.combine(day, time(evening, 40)))
    children.receive_report(by=story.worker, case=story.case, received_at=at, **given)


def _newest(story):
    return story.case.concern_reports.order_by("-created_at").first()


def _assess(story, given):
    children.assess_protection(by=story.worker, case=story.case, report=_newest(story), **given)


def _decide(story, given):
    """Proposed by who handles the case; decided by her, or by her manager when the scheme says so."""
    boss = story.cast.manager(given["by"]) if "by" in given else None
    if boss and not AccessGrant.objects.filter(content_object=story.case, membership=boss).exists():
        cases.grant_access(by=story.worker, case=story.case, membership=boss, kind="named", reason="Leder arbetet.")
    what = {"by": story.worker, "case": story.case, "kind": given["kind"], "what": given["what"]}
    proposal = teams.propose_decision(**what, sent_to=boss, days=given.get("days"))
    _weigh(story, proposal, given["reasons"])
    with acting(boss or story.worker):
        teams.decide(
            by=boss or story.worker, decision=proposal, outcome="granted", reasons=given["reasons"], no_conflict=True
        )
    with acting(story.worker):
        teams.tell_party(by=story.worker, case=story.case, decision=proposal, day=story.day_now(), way="meeting")


def _weigh(story, proposal, reasons):
    """With what the child has said matters."""
    given = {"by": story.worker, "case": story.case}
    voice = children.hear_child(
        **given, about="Utredningen", way="talk", own_words=story.person["what_matters"],
        asked_by=story.worker.user.name, guardian_consent="yes",
    )  # fmt: skip
    children.weigh_best_interest(
        **given, about="decision", decision=proposal, voice=voice, weight="partly",
        weight_why="Barnets ord styr hur arbetet görs.", best=reasons,
    )  # fmt: skip


def _running(story):
    return Investigation.objects.running().get(case=story.case)


def _tell(story, given):
    children.tell_concerned(by=story.worker, case=story.case, investigation=_running(story), **given)


def _finish(story, given):
    row = _running(story)
    ending = story.case.decisions.filter(kind=given.pop("ending")).latest("created_at")
    children.finish_investigation(by=story.worker, case=story.case, investigation=row, ending=ending, **given)


def _feedback(story, given):
    children.give_feedback(by=story.worker, case=story.case, report=_newest(story), **given)


def _exploiter(story, given):
    children.add_exploiter(by=story.worker, case=story.case, **given)


def _spread(story, given):
    """``seen``, ``asked`` and ``police`` are days ago, counted from when it is told."""
    today = timezone.localdate()
    days = {f"{name}_on": today - timedelta(days=given.pop(name)) for name in ("seen", "asked", "police")
            if name in given}  # fmt: skip
    children.save_spread(by=story.worker, case=story.case, **given, **days)


DOES = {
    "report": _report, "assess": _assess, "decide": _decide, "tell": _tell, "finish": _finish, "feedback": _feedback,
    "exploiter": _exploiter, "spread": _spread,
}  # fmt: skip
