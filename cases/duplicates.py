"""Who may be the same person, among those whom the membership may see anyway."""

from dataclasses import dataclass

from cases.models import Case, Individual, PersonIdentifier
from cases.names import folded, sounds_like


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the same person, and what speaks for it."""

    individual: Individual
    reasons: list
    cases: list


def possible_duplicates(by, case):
    """The same without a trace: how many there are, for a hint that names nobody."""
    group = list(Individual.objects.visible_to(by).same_as(case.individual))
    others = Individual.objects.visible_to(by).exclude(pk__in=[person.pk for person in group]).order_by("created_at")
    others = list(others)
    prints = _fingerprints([*group, *others])
    found = []
    for other in others:
        reasons = list(dict.fromkeys(why for person in group for why in _likeness(person, other, prints)))
        if reasons:
            found.append((other, reasons))
    cases = _cases_of(by, [other for other, _reasons in found])
    return [Candidate(other, reasons, cases.get(other.pk, [])) for other, reasons in found]


def _likeness(one, other, prints):
    """What speaks for two rows being one person, in words."""
    if prints[one.pk] & prints[other.pk]:
        yield "samma nummer"
    if one.birth_date and one.birth_date == other.birth_date:
        yield "samma födelsedag"
    names = [[set(folded(name).split()) for name in person.called if name] for person in (one, other)]
    sounds = [[set(sounds_like(name).split()) for name in person.called if name] for person in (one, other)]
    if _meet(*names):
        yield "samma namn"
    elif _meet(*sounds):
        yield "namn som låter lika"


def _meet(one, other):
    """Is a name of the one a name of the other? All its words, or two of them: a middle name makes nobody another."""
    return any((a and a == b) or (len(a & b) > 1 and (a <= b or b <= a)) for a in one for b in other)


def _fingerprints(people):
    prints = {person.pk: set() for person in people}
    for person, print_ in PersonIdentifier.objects.filter(individual__in=people).values_list(
        "individual_id", "fingerprint"
    ):
        prints[person].add(bytes(print_))
    return prints


def _cases_of(by, people):
    cases = {}
    for case in Case.objects.visible_to(by).filter(individual__in=people).select_related("worker__user"):
        cases.setdefault(case.individual_id, []).append(case)
    return cases
