"""Sessions whose rows are worthless to somebody who can read or write the table.

The row's key is an HMAC of the cookie, so a row read gives no cookie; the data is signed together with the key, so a
row copied onto one's own session does not open.
"""

from django.contrib.sessions.backends import db
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from django.utils.crypto import salted_hmac


def stored(session_key):
    """40 hexadecimal digits, the width of Django's column."""
    return salted_hmac("exitprogram.session", session_key, algorithm="sha256").hexdigest()[:40]


class SessionStore(db.SessionStore):
    @property
    def key_salt(self):
        return f"exitprogram.session.{self.session_key}"

    def _get_session_from_db(self):
        try:
            return self.model.objects.get(session_key=stored(self.session_key), expire_date__gt=timezone.now())
        except (self.model.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None

    def exists(self, session_key):
        return self.model.objects.filter(session_key=stored(session_key)).exists()

    def create_model_instance(self, data):
        key = self._get_or_create_session_key()
        return self.model(
            session_key=stored(key), session_data=self.encode(data), expire_date=self.get_expiry_date()
        )  # fmt: skip

    def delete(self, session_key=None):
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=stored(key)).delete()
