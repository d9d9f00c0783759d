"""Who acts: one membership per request, told to Python and to PostgreSQL in the same breath.

The database is told with a *signed* value, so that injected SQL cannot choose its own authority: claims and an
HMAC-SHA-256 over them, bound to the backend's process id and a short expiry, verified by ``wall.me()``.
The value is transaction-local; a pooled connection carries nothing over.
"""

import hashlib
import hmac
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

READ_ONLY = "SET TRANSACTION READ ONLY"
EXPIRES_AFTER = 600  # seconds; longer than any request or task may run


class NoActing(Exception):
    """Somebody's rows were asked for with nobody acting. Always a bug, so it is loud."""


@dataclass(frozen=True)
class Acting:
    user_id: UUID | None
    membership_id: UUID | None = None
    authority_id: UUID | None = None
    role: str = ""
    system: bool = False
    watcher_id: UUID | None = None  # the membership of the administrator who looks as this one


_current: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current():
    """The acting identity. Raises NoActing outside ``acting`` and its siblings."""
    found = _current.get()
    if found is None:
        raise NoActing("Ingen agerar: öppna med acting(membership).")
    return found


def somebody_acts():
    """Whether rows can be asked for at all, here and now: a page of refusal may stand outside."""
    return _current.get() is not None


def signed(who, *, pid, now=None):
    """The value PostgreSQL verifies: ``v1|user|membership|authority|kind|pid|expires|signature``."""
    kind = "system" if who.system else "seen" if who.watcher_id else "member" if who.membership_id else "user"
    expires = int(now if now is not None else time.time()) + EXPIRES_AFTER
    parts = [
        "v1",
        who.watcher_id or who.user_id or "-",
        who.membership_id or "-",
        who.authority_id or "-",
        kind,
        pid,
        expires,
    ]
    claims = "|".join(str(part) for part in parts)
    signature = hmac.new(settings.CONTEXT_KEY, claims.encode(), hashlib.sha256).hexdigest()
    return f"{claims}|{signature}"


def _tell_database(who):
    with connection.cursor() as cursor:
        value = ""
        if who is not None:
            value = signed(who, pid=_backend_pid(cursor))
        cursor.execute("SELECT set_config('app.ctx', %s, true)", [value])


def _backend_pid(cursor):
    if settings.DATABASE_POOLER:  # behind a transaction pooler the driver's own idea of the pid is the pooler's
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
    return connection.connection.info.backend_pid


@contextmanager
def _as(who):
    before, ends_here = _current.get(), not connection.in_atomic_block
    with transaction.atomic():
        token = _current.set(who)
        try:
            _tell_database(who)
            yield who
        finally:
            _current.reset(token)
            # A released savepoint keeps the setting, so an inner block must put the outer one back itself. With its
            # transaction the setting ends by itself.
            if not ends_here and connection.in_atomic_block and not connection.needs_rollback and _usable():
                _tell_database(before)


def _usable():
    from psycopg.pq import TransactionStatus

    raw = connection.connection
    return raw is not None and raw.info.transaction_status == TransactionStatus.INTRANS


@contextmanager
def supposed(who):
    """Python's side alone, while a query is put together that is not asked: the database is told nothing."""
    token = _current.set(who)
    try:
        yield
    finally:
        _current.reset(token)


def acting(membership):
    """Act as this membership: opens a transaction, the Python wall and the database wall."""
    return _as(Acting(membership.user_id, membership.pk, membership.authority_id, membership.role))


@contextmanager
def going_on_as(membership):
    """From here to the end of the block around it, which is one of those above: no savepoint, and nothing to put back
    in the database, since that block does so. For the request, which is first somebody and then somebody's role."""
    who = Acting(membership.user_id, membership.pk, membership.authority_id, membership.role)
    if current().user_id != who.user_id:
        raise NoActing("Ingen går vidare som någon annan än sig själv.")
    token = _current.set(who)
    try:
        _tell_database(who)
        yield who
    finally:
        _current.reset(token)


@contextmanager
def seeing_as(watcher, membership):
    """Look as somebody else, where everybody is invented. The transaction can only be read in; the database knows this
    identity in no other."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(READ_ONLY)
        seen = Acting(
            membership.user_id, membership.pk, membership.authority_id, membership.role, watcher_id=watcher.pk
        )  # fmt: skip
        with _as(seen) as who:
            yield who


def is_watched():
    """Is somebody only looking? Then nothing is written, traces neither: the watcher's own are written outside."""
    found = _current.get()
    return found is not None and found.watcher_id is not None


def acting_as_user(user):
    """Signed in, but not yet acting for anybody: only one's own memberships are visible."""
    return _as(Acting(user.pk))


def acting_as_system(authority):
    """The house's own upkeep in one authority (key rotation, destruction, figures). Commands and tasks only."""
    return _as(Acting(None, None, authority.pk, "", system=True))
