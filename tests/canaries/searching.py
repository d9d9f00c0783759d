"""What a searcher can learn from the size, the work and the trace of an answer about somebody she may not find."""

import re
import statistics
import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, text_of

NONSENSE = "Xylofon Qwertzuiop"


class Looked:
    """One search, to its end: the page without what every page has of its own, the statements, trace and time."""

    def __init__(self, visit, query):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            answer = visit.post("cases:search", q=query)
            page = visit.client.get(answer.url) if "/sok/" in getattr(answer, "url", "") else answer
            self.seconds = time.perf_counter() - began
        self.page = bare(text_of(page), query)
        self.answers = answer.status_code, page.status_code, bare(getattr(answer, "url", ""), query)
        self.statements = len(asked)
        self.trace = trace(visit.by)

    @property
    def shape(self):
        return self.answers, self.page, self.statements, self.trace


def bare(page, query):
    page = page.replace(query, "?")
    page = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", page)
    return re.sub(r"[A-Za-z0-9]{64}", "token", page)


def trace(by):
    """What the latest search has left in the log, but for whose and when."""
    with acting(by):
        latest = AuditEvent.objects.filter(membership=by, action__startswith="person.").order_by("-created_at", "-pk")
        return [(row.action, row.object_type, row.ground, row.details) for row in latest[:1]]


class Told:
    def __init__(self):
        self.searches, self.different, self.theirs, self.nobodys = 0, [], [], []
        self.found_by_her_own = False  # the positive control: whoever has the case sees another page

    @property
    def difference(self):
        """In milliseconds, between the middle of the one and the middle of the other."""
        return 1000 * (statistics.median(self.theirs) - statistics.median(self.nobodys))


def search_for(stage, who, people):
    """Every one of them in every way, beside a query of the same kind that nobody has."""
    told, visit = Told(), Visit(who)
    nobody = nobodys(stage)
    for warm in range(2):
        Looked(visit, f"{NONSENSE}{'x' * warm}")
    for person in people:
        for kind, query in zip(KINDS, person.queries, strict=True):
            if not query:
                continue
            theirs, other = Looked(visit, query), Looked(visit, nobody[kind])
            told.searches += 1
            told.theirs.append(theirs.seconds)
            told.nobodys.append(other.seconds)
            if theirs.shape != other.shape:
                told.different.append((kind, person.name, _difference(theirs, other)))
    told.found_by_her_own = all(_found_by_her_own(stage, person) for person in people[:3])
    return told


def _found_by_her_own(stage, person):
    owner = stage.world.cilla if person in stage.foreign else stage.world.anna
    visit, nobody = Visit(owner), nobodys(stage)["name"]
    return Looked(visit, person.name).shape != Looked(visit, nobody).shape


KINDS = ("name", "prefix", "alias", "number", "number with a hyphen", "phone")


def nobodys(stage):
    number = stage.spare
    return {
        "name": "Frida Xylofonu", "prefix": "Xylofo", "alias": "Xylofonux", "number": number,
        "number with a hyphen": f"{number[2:8]}-{number[8:]}", "phone": "0701740699",
    }  # fmt: skip


def _difference(theirs, other):
    return [
        (what, getattr(theirs, what), getattr(other, what))
        for what in ("answers", "statements", "trace") if getattr(theirs, what) != getattr(other, what)
    ] or "the page"  # fmt: skip
