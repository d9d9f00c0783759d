"""Who can be sent something by name at another authority. Their rows lie behind the wall, their names do not."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class Receiver:
    pk: UUID  # of the membership
    authority_id: UUID
    name: str
    title: str
    organisation: str
    is_manager: bool

    @property
    def words(self):
        return ", ".join(part for part in (self.name, self.title, self.organisation) if part)


def receivers(case):
    """Whom the acting membership can send something of this case to today: nobody who is blocked, nor herself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT r.* FROM wall.receivers() r WHERE wall.may_receive(%s, r.membership_id)", [case.pk])
        return [Receiver(*row) for row in cursor.fetchall()]


def words_of(membership):
    """How somebody signs what goes over the wall."""
    parts = (membership.user.name, membership.title, membership.authority.name)
    return ", ".join(part for part in parts if part)
