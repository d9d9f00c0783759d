"""What those who may not are told, act by act: that their role or part in the case does not give it (``NotAllowed``),
unless ``answers.txt`` says otherwise. There ``unknown`` is somebody for whom the row does not exist, since it is looked
for first, and ``refused`` one who comes as far as a rule of the act itself. ``alone``: the database's wall is down."""

from collections import Counter
from functools import cache
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist

from exitprogram.errors import NotAllowed, Refused

FILE = Path(__file__).with_name("answers.txt")
KINDS = {"forbidden": NotAllowed, "unknown": ObjectDoesNotExist, "refused": Refused}


def kind_of(error):
    return next(kind for kind, one in KINDS.items() if isinstance(error, one))


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
    return lines().get((name, True), both).get(who, "forbidden") if alone else both.get(who, "forbidden")
