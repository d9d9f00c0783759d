"""Those beside each child, and what the child has said, told from ``children_guardians.toml``."""

import functools
import tomllib
from functools import partial

from django.utils import timezone

from children import operations as children
from children.ages import is_party
from children.models import ChildVoice
from exitprogram.demo import texts
from exitprogram.demo.children_consent import people_of
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "children_guardians.toml").read_text(encoding="utf-8"))


def acts(story):
    text = told().get(story.person["key"])
    if text is None:
        return
    yield text["said"]["days"], partial(_begin, story, text)
    if "weigh" in text:
        yield text["weigh"]["days"], partial(_weigh, story, text["weigh"])


def _begin(story, text):
    """The people, what the child said of its own, and what has been answered, released, limited and suspected."""
    given = {"by": story.worker, "case": story.case}
    with acting(story.worker):
        people = people_of(story)
        _said(given, story, **text["said"])
        for about, *answers in text.get("answers", ()):
            for person, answer in zip(people, answers, strict=True):
                words = "Vill vänta och se." if answer == "no" else ""
                children.note_answer(**given, guardian=person, about=about, answer=answer, words=words)
        _sight(given, people, **{name: text[name] for name in ("released", "limit", "mark") if name in text})


def _said(given, story, days, way, words, consent="yes", why=""):
    born = story.case.individual.birth_date
    if consent == "not_needed" and not is_party(born, timezone.localdate()):
        consent = "yes"
    children.hear_child(
        **given, about="Vad som är viktigt, och vad som ska hända nu.", way=way, own_words=words,
        asked_by=story.worker.user.name, guardian_consent=consent, rule_why=why,
    )  # fmt: skip


def _sight(given, people, released=None, limit=None, mark=None):
    if released:
        key = f"{released['piece']}:{given['case'].individual_id}:"
        children.release_to_guardian(
            **given, guardian=people[released["to"]], keys=[key], ground="secrecy.disclosure.guardian",
            reason=released["reason"],
        )  # fmt: skip
    if limit:
        children.limit_party(
            **given, guardian=people[limit["of"]], rule_id=limit["rule"], covers=limit["covers"], reason=limit["reason"]
        )
    if mark:
        children.mark_guardian(**given, guardian=people[mark["of"]], kind=mark["kind"], words=mark["words"])


def _weigh(story, text):
    """Before the decision that waits: by the one who has proposed it."""
    [(decision, _to)] = story.decisions.values()
    with acting(story.worker):
        voice = ChildVoice.objects.filter(case=story.case).first()
        children.weigh_best_interest(
            by=story.worker, case=story.case, about="decision", decision=decision, voice=voice, weight="followed",
            weight_why=text["why"], best=text["best"],
        )  # fmt: skip
