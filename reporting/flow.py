"""How far each plan of a board has come, as a regional coordinator may know it, and what she has asked about them."""

from dataclasses import dataclass

from django.db import connection

from exitprogram.crypto.fields import Sealed
from exitprogram.tenancy.models import Authority
from reporting.models import FlowQuestion
from reporting.region import LACKS, STEPS


@dataclass(frozen=True)
class Row:
    ref: str
    step: str
    waited: int
    flags: tuple  # code words of LACKS

    @property
    def step_words(self):
        return STEPS[self.step]

    @property
    def flag_words(self):
        return [LACKS[flag] for flag in self.flags]


def rows(board, *, lacking=""):
    """Of one board, the one that has waited longest first; only those that lack this, when it is said."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ref, step, waited, no_coordinator, late, no_day, waits FROM wall.flow_rows(%s)", [board.pk]
        )
        found = [_row(*row) for row in cursor.fetchall()]
    return [row for row in found if not lacking or lacking in row.flags]


def _row(ref, step, waited, no_coordinator, late, no_day, waits):
    lacks = {"no_coordinator": no_coordinator, "late": late, "no_day": no_day, "waits": waits}
    return Row(ref, step, waited, tuple(code for code, is_so in lacks.items() if is_so))


def my_questions():
    """The acting regional coordinator's own, the unanswered first, each with ``ref``; they know no case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, authority_id, ref, text, asked_at, answer, answered_at FROM wall.my_questions()")
        return [_question(*row) for row in cursor.fetchall()]


def _question(pk, authority_id, ref, text, asked_at, answer, answered_at):
    return FlowQuestion(
        pk=pk, authority_id=authority_id, ref=ref, text=Sealed(text), created_at=asked_at, answer=Sealed(answer),
        answered_at=answered_at,
    )  # fmt: skip


def board_with_flow(board_id):
    """The board, when its plans may be followed one by one by the acting regional coordinator; else None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM wall.overseen() WHERE authority_id = %s AND level = 'flow' LIMIT 1", [board_id])
        return Authority.objects.get(pk=board_id) if cursor.fetchone() else None
