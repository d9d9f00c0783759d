"""*Personer*: the cases open to somebody, in order of number, a piece at a time. A hot page, so its rows are read by
hand, and the piece is cut before anything is joined to it. ``rows_of`` is the same list by the ORM, for the tests."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cases.models import Case
from cases.models.case import open_cases
from exitprogram.page.links import link
from exitprogram.tenancy import acting
from exitprogram.tenancy.planned import asked
from exitprogram.tenancy.prepared import looking

# The ids are Python's wall, each table's policy the database's. A merged person has the name of the one kept; where
# either of the two is protected no name is read at all.
PIECE = """
    SELECT c.id, c.authority_id, c.number, c.opened_on, u.name,
           CASE WHEN i.guarded OR k.guarded THEN '' ELSE coalesce(k.name, i.name) END,
           CASE WHEN i.guarded OR k.guarded THEN '' ELSE coalesce(k.alias, i.alias) END,
           i.guarded OR coalesce(k.guarded, false), c.of
    FROM (SELECT id, authority_id, number, opened_on, individual_id, worker_id, count(*) OVER () AS of
          FROM cases_case
          WHERE authority_id = %s AND id IN (SELECT unnest((SELECT %s::uuid[]))) AND closed_on IS NULL AND {after}
          ORDER BY number, id LIMIT %s) c
    JOIN cases_individual i ON i.id = c.individual_id
    LEFT JOIN cases_personmerge p ON p.merged_id = i.id AND p.undone_at IS NULL
    LEFT JOIN cases_individual k ON k.id = p.kept_id
    JOIN tenancy_membership m ON m.id = c.worker_id
    JOIN tenancy_user u ON u.id = m.user_id
    ORDER BY c.number, c.id
"""
FIRST = PIECE.format(after="true")
AFTER = PIECE.format(
    after="number > (SELECT number FROM cases_case WHERE id = %s AND id IN (SELECT unnest((SELECT %s::uuid[]))))"
)


@dataclass(frozen=True, slots=True)
class Line:
    pk: UUID
    authority_id: UUID
    number: str
    opened_on: date
    worker: str
    name: str
    alias: str
    guarded: bool
    of: int  # how many there are from this piece on

    _meta = Case._meta  # what the log says was shown is the case

    @property
    def shown_name(self):
        return self.name or self.alias or "Namnlös"

    def get_absolute_url(self):
        return link("plans:person", self.pk)


def open_to(by, most):
    return _lines(FIRST, _open(by), most)


def cases_after(by, last, most):
    """From where the case ``last`` left off: nothing, when it is not open to her."""
    known = _open(by)
    return _lines(AFTER, known, last, known, most)


def rows_of(by):
    return Case.objects.visible_to(by).active().order_by("number", "pk")


def _open(by):
    with looking():
        return open_cases(by).params[0]


def _lines(sql, *values):
    return [Line(*row) for row in asked(sql, [acting.current().authority_id, *values])]
