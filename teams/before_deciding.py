"""What has to be there before a decision is made, beside what every decision asks for. A room above says what it asks
(``ask``): about a child, that the child's best interest has been weighed."""

from dataclasses import dataclass

from exitprogram.errors import Refused

QUESTIONS = []


@dataclass(frozen=True)
class Asked:
    """How it stands with one thing: shown beside the decision. ``refusal``: why nothing is decided yet, or ""."""

    label: str
    text: str
    url: str = ""
    button: str = ""
    refusal: str = ""
    facts: tuple = ()  # (label, words)


def ask(question):
    """``question(by, decision)`` gives an Asked, or None when the decision is not of its kind."""
    QUESTIONS.append(question)


def asked(by, decision):
    found = (question(by, decision) for question in QUESTIONS)
    return [one for one in found if one]


def require(by, decision):
    for one in asked(by, decision):
        if one.refusal:
            raise Refused(one.refusal)
