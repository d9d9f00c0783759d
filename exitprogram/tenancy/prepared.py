"""Subqueries that the Python wall asks in nearly every statement, built by the ORM once and not at each page.

Putting one together costs a hundred times what running it does: a page built nine hundred filters, and most of its time
went there. The ORM stays the only definition; what is kept is the SQL that it makes, whose values are put in anew.

A page that only looks asks each of them once (``looking``) and goes on with the answer: eight tables behind row-level
security, forty times over, were most of what the database did for *Min dag*. What changes rows asks anew each time.
The database's own wall keeps no answer: what is ended while a page is made is closed in its next statement.
"""

import functools
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db import connection
from django.db.models import ForeignObject, UUIDField
from django.db.models.expressions import RawSQL
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In
from django.utils import timezone

from exitprogram.tenancy import acting


class _Asker:
    """Whoever asks, in place of a membership, while a query is built. Values that no row has, to be found again."""

    pk, user_id, authority_id = (uuid.UUID(int=place, version=4) for place in (11, 12, 13))

    def __init__(self, role):
        self.role = role


DAY = date(1, 1, 2)
HOUSE = uuid.UUID(int=14, version=4)  # the authority that is acted in: the managers' own filter

_answers: ContextVar[dict | None] = ContextVar("answers", default=None)


@contextmanager
def looking():
    """Around a request that writes nothing but its own traces."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def prepared(build):
    """``build(by, on)`` gives a queryset of one column that hangs on nothing but the membership ``by`` and the day
    ``on``. The decorated function takes the membership alone, asks of today, and gives what ``…__in`` takes."""

    @functools.cache
    def made(role):
        asker = _Asker(role)
        with acting.supposed(acting.Acting(asker.user_id, asker.pk, HOUSE, role)):
            sql, values = build(asker, DAY).query.get_compiler(connection=connection).as_sql()
        return sql, [_place(value) for value in values]

    @functools.wraps(build)
    def asked(by):
        who, answers = acting.current(), _answers.get()  # nobody acting: refused here as everywhere
        sql, places = made(by.role)
        values = [place(by) for place in places]
        if answers is None or isinstance(by, _Asker):
            return RawSQL(sql, values)  # noqa: S611 — the ORM's own SQL, and its values apart
        key = (build, who, by.pk, by.role, timezone.localdate())
        if key not in answers:
            answers[key] = _answer(sql, values)
        return Known(answers[key])

    asked.build = build
    return asked


class Known(RawSQL):
    """Ids as PostgreSQL writes an array: a thousand of them go into twenty statements as one text each."""

    def __init__(self, ids):
        super().__init__("%s::uuid[]", [ids])


class _InKnown:
    """``= ANY`` of a constant: its length is known to the planner, that of a subquery is guessed at."""

    def get_rhs_op(self, connection, rhs):
        return f"= ANY {rhs}" if isinstance(self.rhs, Known) else super().get_rhs_op(connection, rhs)


@UUIDField.register_lookup
class UUIDIn(_InKnown, In):
    pass


@ForeignObject.register_lookup
class KeyIn(_InKnown, RelatedIn):
    pass


def _answer(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return "{" + ",".join(str(found) for (found,) in cursor.fetchall()) + "}"


def _place(value):
    """What gives the value at each page: somebody's id, today, or what it was when it was built."""
    for name in ("pk", "user_id", "authority_id"):
        if value == getattr(_Asker, name):
            return lambda by: getattr(by, name)
    if value == HOUSE:
        return lambda by: acting.current().authority_id
    if value == DAY:  # one prepared query in another keeps the day open
        return lambda by: DAY if isinstance(by, _Asker) else timezone.localdate()
    return lambda by: value
