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
from datetime import date, datetime
from types import SimpleNamespace

from django.db import connection
from django.db.models import ForeignObject, UUIDField, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In
from django.db.models.query import get_related_populators
from django.utils import timezone

from exitprogram.tenancy import acting
from exitprogram.tenancy.planned import asked as asked_by_hand


class _Asker:
    """Whoever asks, in place of a membership, while a query is built. Values that no row has, to be found again."""

    pk, user_id, authority_id = (uuid.UUID(int=place, version=4) for place in (11, 12, 13))

    def __init__(self, role):
        self.role = role


DAY = date(1, 1, 2)
HOUSE = uuid.UUID(int=14, version=4)  # the authority that is acted in: the managers' own filter

_kept = []  # what holds the statements
_answers: ContextVar[dict | None] = ContextVar("answers", default=None)


@contextmanager
def looking():
    """Around a request that writes nothing but its own traces, or a part that writes nothing at all."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


@contextmanager
def _supposed(asker, answers):
    token = _answers.set(answers)
    try:
        with acting.supposed(acting.Acting(asker.user_id, asker.pk, HOUSE, asker.role)):
            yield
    finally:
        _answers.reset(token)


def prepared(build):
    """``build(by, on)`` gives a queryset of one column that hangs on nothing but the membership ``by`` and the day
    ``on``. The decorated function takes the membership alone, asks of today, and gives what ``…__in`` takes."""

    @functools.cache
    def made(role):
        asker = _Asker(role)
        with _supposed(asker, None):
            sql, values = build(asker, DAY).query.get_compiler(connection=connection).as_sql()
        return sql, [_place(value) for value in values]

    _kept.append(made)

    @functools.wraps(build)
    def asked(by):
        who, answers = acting.current(), _answers.get()  # nobody acting: refused here as everywhere
        if answers is None or isinstance(by, _Asker) and not isinstance(answers, _Marks):
            sql, places = made(by.role)
            return RawSQL(sql, [place(by) for place in places])  # noqa: S611 — the ORM's own SQL, and its values apart
        return Known(known(by, who, answers))

    def known(by, who, answers):
        key = (asked, who, by.pk, by.role, timezone.localdate())
        if key not in answers:
            sql, places = made(by.role)
            answers[key] = _answer(sql, [place(by) for place in places])
        return answers[key]

    asked.build, asked.answered = build, lambda by: known(by, acting.current(), _answers.get())
    return asked


def whoever():
    """Whoever acts, as ``by`` of a statement about a row that has been found already: who may see it was asked."""
    who = acting.current()
    return SimpleNamespace(pk=who.membership_id, user_id=who.user_id, authority_id=who.authority_id, role=who.role)


def asked_once(function):
    """For a question with one answer while a page looks, when whoever acts and what is asked about are the same. Takes
    ids and rows; elsewhere it is asked each time."""

    @functools.wraps(function)
    def asked(*given):
        answers = _answers.get()
        if answers is None or isinstance(answers, _Marks):
            return function(*given)
        key = (asked, acting.current(), timezone.localdate(), *[getattr(one, "pk", one) for one in given])
        if key not in answers:
            answers[key] = function(*given)
        return answers[key]

    return asked


def forget():
    """Every statement is built anew: for whoever has put another filter in an old one's place."""
    for made in _kept:
        made.cache_clear()


class Known(RawSQL):
    """Ids as PostgreSQL writes an array: a thousand of them go into twenty statements as one text each."""

    def __init__(self, ids):
        super().__init__("%s::uuid[]", [ids])

    def holds(self, pk):
        return str(pk) in self.params[0]


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
    """As one text: thousands of ids that Python only hands back are not made into objects first."""
    whole = f"SELECT coalesce(array_agg(pk), '{{}}')::text FROM ({sql}) found (pk)"  # noqa: S608 — the ORM's own SQL
    [(ids,)] = asked_by_hand(whole, values)
    return ids


def prepared_rows(build):
    """The same for a whole list of rows: ``build(by, *given)`` gives a queryset of instances, with what it relates and
    prefetches, and is run once for each role. The decorated function gives a list. Python wrote and copied the same
    twenty statements at each *Min dag*; now it only puts the values in. No role's list may be ``none()``.

    ``given`` are ids or numbers. Every day or moment in the statement is counted from today: no day of law in here."""

    @functools.cache
    def made(role, looks, kinds):
        asker, marks = _Asker(role), [_mark(kind, place) for place, kind in enumerate(kinds)]
        with _supposed(asker, _Marks() if looks else None):
            day, queryset = timezone.localdate(), build(asker, *marks)
            compiler = queryset.query.get_compiler(connection=connection)
            sql, values = compiler.as_sql()
        if timezone.localdate() != day:  # midnight has passed: which day its days are counted from is not known
            return made.__wrapped__(role, looks, kinds)
        places = [_row_place(value, marks, day) for value in values]
        return _Rows(compiler), sql, places, queryset._prefetch_related_lookups

    _kept.append(made)

    @functools.wraps(build)
    def asked(by, *given):
        acting.current()
        rows, sql, places, prefetched = made(by.role, _answers.get() is not None, tuple(map(type, given)))
        found = rows.of(sql, [place(by, given) for place in places])
        if prefetched:
            prefetch_related_objects(found, *prefetched)
        return found

    asked.build = build
    return asked


class _Rows:
    """What Django's own iterator of models finds out anew at each question: which columns are whose, and what turns a
    value of the database into one of Python."""

    def __init__(self, compiler):
        select, whole = compiler.select, compiler.klass_info
        columns = whole["select_fields"]
        self.model, self.start, self.end = whole["model"], columns[0], columns[-1] + 1
        self.names = [column.target.attname for column, *_rest in select[self.start : self.end]]
        self.related = get_related_populators(whole, select, connection.alias)
        self.annotated = compiler.annotation_col_map
        expressions = [expression for expression, *_rest in select[: compiler.col_count]]
        self.turned = compiler.get_converters(expressions)

    def of(self, sql, values):
        """The instances that this statement finds now, with what they relate to."""
        return [self._one(list(row)) for row in asked_by_hand(sql, values)]

    def _one(self, row):
        for place, (turns, expression) in self.turned.items():
            for turn in turns:
                row[place] = turn(row[place], expression, connection)
        found = self.model.from_db(connection.alias, self.names, row[self.start : self.end])
        for populator in self.related:
            populator.populate(row, found)
        for name, place in self.annotated.items():
            setattr(found, name, row[place])
        return found


class _Marks(dict):
    """Stands for the answers while a statement is put together: each question is its own mark."""

    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return key[0]


def _mark(kind, place):
    return {uuid.UUID: uuid.UUID(int=100 + place, version=4), int: 900_000_001 + place}[kind]


def _row_place(value, marks, day):
    if value in marks:
        at = marks.index(value)
        return lambda by, given: given[at]
    if callable(value):  # a question that is answered once on the page
        return lambda by, given: value.answered(by)
    if isinstance(value, datetime):
        ahead = value - timezone.now()
        return lambda by, given: timezone.now() + ahead
    if isinstance(value, date) and value != DAY:
        return lambda by, given, ahead=value - day: timezone.localdate() + ahead
    place = _place(value)
    return lambda by, given: place(by)


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
