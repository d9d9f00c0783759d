"""What those who may not are told, act by act: that the role does not give it, and to ``HAVE_THE_ROLE`` that the case
is not open to them, unless ``answers.txt`` says otherwise. There ``unknown`` is somebody for whom the row does not
exist, since it is looked for first; ``forbidden`` meets a question of the act's own, and ``refused`` a rule of it.
``alone``: the database's wall is down."""

from collections import Counter
from functools import cache
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist

from exitprogram.errors import NotAllowed

FILE = Path(__file__).with_name("answers.txt")
HAVE_THE_ROLE = {"leo", "cilla", "tove"}
ROLE = "Din roll ger inte rätt att"
CASE = ("Ärendet är inte öppet för dig.", "Akten är öppen för dig", "Med nödåtkomst går det att läsa")


def kind_of(error):
    """By the sentence where several questions refuse alike, so that none of them can be missing unseen."""
    if isinstance(error, ObjectDoesNotExist):
        return "unknown"
    if not isinstance(error, NotAllowed):
        return "refused"
    said = str(error)
    return "role" if said.startswith(ROLE) else "case" if said.startswith(CASE) else "forbidden"


def numbered(acts):
    """{act: its line's name}: the same operation more than once gets a number."""
    count, names = Counter(), {}
    for act in acts:
        if act.may_not:
            count[act.name] += 1
            names[act] = f"{act.name} {count[act.name]}" if count[act.name] > 1 else act.name
    return names


@cache
def lines():
    """{(act's name, with the wall or alone): {who: kind}}"""
    found = {}
    for line in FILE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, told = line.split(":")
            given = found.setdefault((name.removesuffix(" alone"), name.endswith(" alone")), {})
            for part in filter(None, told.split(",")):
                kind, *people = part.split()
                given.update(dict.fromkeys(people, kind))
    return found


def told(name, who, *, alone=False):
    """The kind of the answer."""
    both = lines().get((name, False), {})
    given = lines().get((name, True), both) if alone else both
    return given.get(who, "case" if who in HAVE_THE_ROLE else "role")
