"""Decisions in every state, told from ``moments.toml``: proposed, heard, decided, told, appealed, carried out, changed.

``proposed`` and ``decided`` are days ago; ``steps`` what happens around it, each with ``days`` and ``do``; ``changes``
names the words of an earlier decision that this one meets."""

from datetime import timedelta
from functools import partial

from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import Decision

FIGURES = ("amount", "days")
DO = {
    "hear": teams.hear_party, "answer": teams.record_answer, "tell": teams.tell_party, "receipt": teams.record_receipt,
    "appeal": teams.receive_appeal, "forward": teams.forward_appeal, "court": teams.record_judgment,
    "carry_out": teams.record_carrying_out,
}  # fmt: skip


def acts(story):
    for text in story.more.get("decisions", ()):
        yield text["proposed"], partial(propose, story, text)
        before = [step for step in text.get("steps", ()) if step["do"] in ("hear", "answer")]
        after = [step for step in text.get("steps", ()) if step not in before]
        for step in before:
            yield step["days"], partial(carry, story, text, step)
        if "decided" in text:
            yield text["decided"], partial(decide, story, text)
        if "withdrawn" in text:
            yield text["withdrawn"], partial(withdraw, story, text)
        for step in after:
            yield step["days"], partial(carry, story, text, step)


def propose(story, text):
    sent_to = story.cast.manager(text["sent_to"]) if "sent_to" in text else None
    more = {name: text[name] for name in FIGURES if name in text}
    if "changes" in text:
        more |= {"earlier": story.decisions[text["changes"]][0], "relation": text["relation"]}
    with acting(story.worker):
        decision = teams.propose_decision(
            by=story.worker, case=story.case, kind=text["kind"], what=text["what"], sent_to=sent_to, **more
        )
    story.decisions[text["what"]] = decision, sent_to or story.worker


def decide(story, text):
    decision, by = story.decisions[text["what"]]
    with acting(by):
        teams.decide(
            by=by, decision=decision, outcome=text["outcome"], reasons=text["reasons"], hearing=text["hearing"],
            exception=text.get("exception", ""), no_conflict=True,
        )  # fmt: skip


def withdraw(story, text):
    decision, _by = story.decisions[text["what"]]
    with acting(story.worker):
        teams.withdraw_proposal(by=story.worker, case=story.case, decision=decision)


def carry(story, text, step):
    """One step on its day; ``until`` is days ago too."""
    given = {name: value for name, value in step.items() if name not in ("days", "do", "until")}
    if "until" in step:
        given["until"] = story.day(step["until"])
        if step["until"] > text["decided"]:  # over before the decision, also when a weekend lies between
            given["until"] = min(given["until"], story.day(text["decided"]) - timedelta(days=1))
    with acting(story.worker):
        decision = Decision.objects.get(pk=story.decisions[text["what"]][0].pk)
        DO[step["do"]](
            by=story.worker, case=story.case, decision=decision, day=story.day(step["days"]), **given
        )  # fmt: skip
