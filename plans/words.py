"""Two texts beside each other, word by word: what went away in the one, what came in the other."""

import re
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")
MOST = 4000  # words: a longer text is shown whole, as it was and as it is


def beside(old, new):
    """([(words, marked)], [(words, marked)]): the old text and the new one, each whole, with what differs marked."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    if max(len(before), len(after)) > MOST:
        return [(old, True)], [(new, True)]
    left, right = [], []
    for what, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        _add(left, before[i:j], what != "equal")
        _add(right, after[k:m], what != "equal")
    return left, right


def _add(parts, words, marked):
    text = "".join(words)
    if not text:
        return
    if marked and not text.strip():
        marked = False  # a line break more or less is nothing to read out
    if parts and parts[-1][1] == marked:
        parts[-1] = (parts[-1][0] + text, marked)
    else:
        parts.append((text, marked))
