"""What tells who somebody is, looked for in a text that is to be told to others without it."""

import re

from cases.models import Individual, PersonIdentifier
from cases.names import folded
from cases.outreach import clue_in
from children.models import Guardian
from exitprogram.errors import Refused

SHORT = 3  # a shorter word of a name is a word in many texts: it is one's name when it has a capital
NAMED = "{label}: texten innehåller {what}. I ett samråd utan identitet får inget säga vem barnet är."


def require_nameless(case, by, **texts):
    """Raises Refused when one of the texts, by label, holds the child's name, what it is called, a number, an address
    on the net, the case's number, or the name of somebody beside the child."""
    words, phrases, numbers = _telling(case, by)
    for label, text in texts.items():
        if _named(text, words, phrases):
            raise Refused(NAMED.format(label=label, what="ett namn på barnet eller på någon nära barnet"))
        if any(number in _plain(text) for number in numbers):
            raise Refused(NAMED.format(label=label, what="barnets eller ärendets nummer"))
        if clue := clue_in(text):
            raise Refused(f"{label}: {clue[0].lower()}{clue[1:]}")


def tells_of(case, by, text):
    """Does it hold a name of whoever the case is about, of somebody beside a child, or a number of theirs?"""
    words, phrases, numbers = _telling(case, by)
    return _named(text, words, phrases) or any(number in _plain(text) for number in numbers)


def names_somebody(case, by, text):
    """Does it hold a name of the child, or of somebody beside it?"""
    words, phrases, _numbers = _telling(case, by)
    return _named(text, words, phrases)


def _named(text, words, phrases):
    said = f" {folded(text)} "
    written = [word for word in re.findall(r"\w+", text) if len(word.removesuffix("s")) >= SHORT or word[0].isupper()]
    heard = {form for word in folded(" ".join(written)).split() for form in (word, word.removesuffix("s"))}
    return bool(heard & words) or any(f" {phrase} " in said or f" {phrase}s " in said for phrase in phrases)


def _telling(case, by):
    """(single words, phrases of several words, numbers without signs)"""
    people = list(Individual.objects.visible_to(by).same_as(case.individual)) or [case.individual]
    names = [person.called[0] for person in people] + [one.name for one in Guardian.objects.filter(case=case)]
    aliases = [folded(person.called[1]) for person in people]
    words = {word for name in names for word in folded(name).split() if len(word) > 1}
    words |= {alias for alias in aliases if alias and " " not in alias}
    phrases = {alias for alias in aliases if " " in alias} | {folded(name) for name in names if name.strip()}
    numbers = {_plain(one.value) for one in PersonIdentifier.objects.filter(individual__in=people)}
    return words, phrases, {number for number in numbers if number} | {_plain(case.number)}


def _plain(text):
    return re.sub(r"[^0-9A-ZÅÄÖ]", "", text.upper())
