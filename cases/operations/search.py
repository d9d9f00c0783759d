from django.db import transaction

from cases.finding import find_people, search_stands, terms_of
from exitprogram.audit.operations import record, record_many
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def search_people(*, by, query):
    """(hits, id of the logged search). Name (three letters or more), personal, coordination or case number; nothing
    else is a search term (SoLPUF 15 §). Says nothing about other authorities. Raises Refused with a sentence."""
    require_role(by, Permission.SEARCH_PERSON)
    terms = terms_of(by, query)
    hits = find_people(by, terms)
    search = record(by=by, action="person.searched", obj=None, term=terms.kind, hits=len(hits))
    _record_found(by, hits, terms)
    return hits, search


@transaction.atomic
def start_search(*, by, query):
    """(id of the logged search, the only hit when it is a case open to the searcher, otherwise None). What else was
    found is asked for with ``show_search``. Raises Refused with a sentence."""
    require_role(by, Permission.SEARCH_PERSON)
    terms = terms_of(by, query)
    hits = find_people(by, terms)
    search = record(by=by, action="person.searched", obj=None, term=terms.kind, hits=len(hits))
    alone = hits[0] if len(hits) == 1 and hits[0].case and not hits[0].by_sound else None
    if alone:
        _record_found(by, [alone], terms)
    return search, alone.case if alone else None


@transaction.atomic
def show_search(*, by, search, query):
    """The hits of an earlier search of one's own, as they are now. Each showing leaves its own trace with each case.
    Raises Refused when the search is too old or somebody else's."""
    require_role(by, Permission.SEARCH_PERSON)
    terms = terms_of(by, query)
    if not search_stands(by, search):
        raise Refused("Sökningen är äldre än en halvtimme. Sök igen.")
    hits = find_people(by, terms)
    _record_found(by, hits, terms)
    return hits


def _record_found(by, hits, terms):
    record_many(by=by, action="person.found", about=[hit.found for hit in hits], term=terms.kind)
