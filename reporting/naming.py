"""What is written to a regional coordinator names nobody. One sentence when it does, else an empty one."""

from cases.models import Case
from cases.names import folded
from cases.outreach import clue_in
from children.nameless import tells_of

OF_THE_PERSON = "Texten nämner personen. Regionkoordinatorn får inte veta vem det gäller: ta bort namnet."
OF_SOMEBODY = "Texten nämner någon som du har ett ärende med. Skriv den utan namn."


def why_named(text, case, by):
    """About one person: any of her names is too much, of what she was called before, or of somebody beside a child."""
    return clue_in(text) or (OF_THE_PERSON if tells_of(case, by, text) else "")


def why_somebody(text, by):
    """About nobody in particular: first and last name of somebody in one's own cases. One alone may be another's."""
    return clue_in(text) or names_somebody(text, by)


def names_somebody(text, by):
    """Numbers and addresses may stand in it: a source with its year and its page."""
    said = _words(text)
    people = [case.individual for case in Case.objects.visible_to(by).select_related("individual")]
    return OF_SOMEBODY if any(len(said & _names(person)) > 1 for person in people) else ""


def _words(text):
    words = set(folded(text).split())
    return words | {word.removesuffix("s") for word in words}


def _names(person):
    return {word for name in person.called if name for word in folded(name).split() if len(word) > 1}
