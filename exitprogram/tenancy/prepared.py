"""Subqueries that the Python wall asks in nearly every statement, built by the ORM once and not at each page.

Putting one together costs a hundred times what running it does: a page built nine hundred filters, and most of its time
went there. The ORM stays the only definition; what is kept is the SQL that it makes, whose values are put in anew.
"""

import functools
import uuid
from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from exitprogram.tenancy import acting


class _Asker:
    """Whoever asks, in place of a membership, while a query is built. Values that no row has, to be found again."""

    pk, user_id, authority_id = (uuid.UUID(int=place, version=4) for place in (11, 12, 13))

    def __init__(self, role):
        self.role = role


DAY = date(1, 1, 2)
HOUSE = uuid.UUID(int=14, version=4)  # the authority that is acted in: the managers' own filter


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
        acting.current()  # nobody acting: refused here as everywhere
        sql, places = made(by.role)
        return RawSQL(sql, [place(by) for place in places])  # noqa: S611 — the ORM's own SQL, and its values apart

    asked.build = build
    return asked


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
