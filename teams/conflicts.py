"""The questions that wait for a colleague's own answer: does she know the person?"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from cases.models import AccessGrant
from exitprogram.tenancy.models import Membership


@dataclass(frozen=True)
class Question:
    """``name`` is empty when the person is protected."""

    case_id: UUID
    authority_id: UUID
    name: str
    asked_by: str
    kind: str
    since: date

    @property
    def pk(self):
        """So that it can stand for the case in the log."""
        return self.case_id

    @property
    def part(self):
        """What she has been added as."""
        return AccessGrant.Kind(self.kind).label


def questions(by):
    """Those that wait for ``by``. Of the case they tell nothing but whom it is about."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, name, asked_by_id, kind, since FROM wall.questions()")
        rows = cursor.fetchall()
    names = {m.pk: m.user.name for m in Membership.objects.filter(pk__in={r[2] for r in rows}).select_related("user")}
    return [Question(row[0], by.authority_id, row[1], names.get(row[2], ""), row[3], row[4]) for row in rows]


def question_of(by, case_id):
    return next((one for one in questions(by) if one.case_id == case_id), None)


def rests_on_me(case_id):
    """Whether somebody must take over when I go: I coordinate or handle the case, or another one of the person's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.rests_on_me(%s)", [case_id])
        return bool(cursor.fetchone()[0])
