"""Sessions whose rows are worthless to somebody who can read or write the table.

The row's key is an HMAC of the cookie, so a row read gives no cookie; the data is signed together with the key, so a
row copied onto one's own session does not open; whose it is stands as an HMAC too. PostgreSQL's clock says when a
session ends. A row that somebody has ended is never written anew, under its own key or another.
"""

import datetime
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Least, Now
from django.utils.crypto import salted_hmac

from exitprogram.tenancy.entrance import BEGAN
from exitprogram.tenancy.knocking import browser_of, network_of
from exitprogram.tenancy.planned import asked

LONGEST = timedelta(hours=8)  # however busy one is
# The first question of every page: found and renewed in one statement, and written once more only if it has changed.
RENEWED = """
    UPDATE tenancy_browsersession SET expire_date = statement_timestamp() + %s, used_at = statement_timestamp(),
           browser = coalesce(nullif(%s, ''), browser), network = coalesce(nullif(%s, ''), network)
    WHERE session_key = %s AND expire_date > statement_timestamp() AND began_at > statement_timestamp() - %s
    RETURNING session_data
"""


def stored(session_key):
    """40 hexadecimal digits, the width of Django's column."""
    return salted_hmac("exitprogram.session", session_key, algorithm="sha256").hexdigest()[:40]


def owner_of(user_id):
    return salted_hmac("exitprogram.session.owner", str(user_id), algorithm="sha256").hexdigest()[:40]


def standing():
    """Rows that still open something, by the database's clock."""
    from exitprogram.tenancy.models import BrowserSession

    return BrowserSession.objects.filter(expire_date__gt=Now(), began_at__gt=Now() - LONGEST)


def sessions_of(user_id):
    return standing().filter(owner=owner_of(user_id))


def end_all(user_id):
    """How many there were. Each is gone at its next request, and none of them comes back."""
    from exitprogram.tenancy.models import BrowserSession

    return BrowserSession.objects.filter(owner=owner_of(user_id)).delete()[0]


def forget_ended():
    from exitprogram.tenancy.models import BrowserSession

    BrowserSession.objects.exclude(pk__in=standing().values("pk")).delete()


class SessionStore(db.SessionStore):
    seen_from = ("", "")  # kind of browser, rough network: of the request, by the middleware

    @classmethod
    def get_model_class(cls):
        from exitprogram.tenancy.models import BrowserSession

        return BrowserSession

    @property
    def key_salt(self):
        return f"exitprogram.session.{self.session_key}"

    def load(self):
        idle = timedelta(seconds=self.get_session_cookie_age())
        found = asked(RENEWED, [idle, *self.seen_from, stored(self.session_key), LONGEST])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])

    def exists(self, session_key):
        return self.model.objects.filter(session_key=stored(session_key)).exists()

    def save(self, must_create=False):
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        row = {"session_data": self.encode(data), **self._around(data)}
        with transaction.atomic():
            if must_create:
                self._insert({"began_at": Now(), **row})
            elif not standing().filter(session_key=stored(self.session_key)).update(**row):
                raise UpdateError

    def _insert(self, row):
        try:
            with transaction.atomic():
                self.model.objects.create(session_key=stored(self.session_key), **row)
        except IntegrityError as taken:
            raise CreateError from taken

    def _around(self, data):
        browser, network = self.seen_from
        user_id = data.get(SESSION_KEY)
        row = {
            "expire_date": Now() + timedelta(seconds=self.get_expiry_age()), "used_at": Now(),
            "owner": owner_of(user_id) if user_id else "",
        }  # fmt: skip
        if browser or network:
            row |= {"browser": browser, "network": network}
        if BEGAN in data:  # never in the future, whatever clock the web has
            began = datetime.datetime.fromtimestamp(data[BEGAN], datetime.UTC)
            row["began_at"] = Least(Value(began), Now())
        return row

    def cycle_key(self):
        """A new key for the same row: were it a new row, a session that has just been ended would live on in it. Before
        anybody is signed in it is a new row, which begins now."""
        data, old = self._session, self.session_key
        if old is None or SESSION_KEY not in data:
            self.create()
            self._session_cache = data
            if old:
                self.delete(old)
            return
        self._session_key, self.modified = self._get_new_session_key(), True
        row = {"session_key": stored(self.session_key), "session_data": self.encode(data)}
        if not standing().filter(session_key=stored(old)).update(**row):
            raise SessionInterrupted("The session was ended meanwhile.")

    def delete(self, session_key=None):
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=stored(key)).delete()


class SessionMiddleware(middleware.SessionMiddleware):
    def process_request(self, request):
        super().process_request(request)
        request.session.seen_from = browser_of(request), network_of(request)
