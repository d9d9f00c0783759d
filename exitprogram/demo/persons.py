"""Numbers over time, and somebody who was written down twice, told from ``persons.toml``."""

import functools
import tomllib
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import PersonIdentifier
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "persons.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(_happen, story, event)


def _happen(story, event):
    given = {name: value for name, value in event.items() if name not in ("days_ago", "do")}
    with acting(story.worker):
        DOES[event["do"]](story, **given)


def _number(story, **given):
    cases.add_number(by=story.worker, case=story.case, **given)


def _end(story):
    number = PersonIdentifier.objects.get(individual=story.case.individual_id, valid_to=None)
    cases.end_number(by=story.worker, case=story.case, number=number, valid_to=timezone.localdate())


def _twice(story, *, name, born):
    """She rang again and was not recognised: a second row, without a case yet."""
    _hits, search = cases.search_people(by=story.worker, query=name.split()[-1])
    cases.add_person(by=story.worker, after_search=search, name=name, birth_date=born)


DOES = {"number": _number, "end": _end, "twice": _twice}
