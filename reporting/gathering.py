"""What is counted, fetched as ``exit_figures``: a login of its own, which the web does not have. It reads no table of
cases, only counts made in the database, and sealed answers of those who have ended, opened here and counted at once."""

from contextlib import contextmanager
from itertools import groupby

import psycopg
from django.conf import settings
from django.db import connection

from cases.areas import Area
from cases.models import Assessment, Individual
from exitprogram.crypto.fields import Sealed
from exitprogram.errors import Refused
from plans.models import FollowUp
from reporting.definitions import ASKED, SCALES
from reporting.disclosure.cells import COUNTY, PROTECTED, Cell

COUNTS = "SELECT grp, category, board::text, people FROM wall.figures_counts(%s, %s, %s, %s, %s)"
ANSWERS = "SELECT person, board::text, kind, authority_id, row_id, sealed FROM wall.figures_answers(%s, %s, %s, %s)"
EQUALITY = (
    "SELECT person, grp, board::text, day, authority_id, row_id, born, gender"
    " FROM wall.figures_equality(%s, %s, %s, %s)"
)
BOARDS = "SELECT board::text FROM wall.figures_boards(%s, %s) board"


BANDS_OF_AGE = ((50, "older"), (35, "middle"), (25, "grown"), (18, "young"), (-1, "child"))


@contextmanager
def as_figures():
    """A connection of its own, in one transaction that is kept when nothing goes wrong."""
    role = settings.FIGURES_DATABASE
    if role is None:
        raise Refused("Här kan inga siffror räknas fram: det görs av processen för långa arbeten.")
    with psycopg.connect(
        host=role["HOST"], port=role["PORT"], user=role["USER"], password=role["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    ) as raw:  # fmt: skip
        yield raw


def boards_in(raw, county, period):
    return [board for (board,) in raw.execute(BOARDS, [county, period.last])]


def least_shown(raw, boards):
    """{board: the fewest people it lets be shown}, of those that have asked for more than five."""
    return dict(raw.execute("SELECT board::text, few FROM wall.figures_least(%s::uuid[])", [boards]).fetchall())


def counted(raw, county, programme, period):
    """{Cell: people}, board by board, the protected at none, and the county."""
    found = {}
    asked = [county, programme, period.first, period.last]
    for group, category, board, people in raw.execute(COUNTS, [*asked, list(Area.values)]):
        _add(found, group, category, board, people)
    answers = raw.execute(ANSWERS, asked).fetchall()
    for _person, rows in groupby(answers, key=lambda row: row[0]):
        rows = list(rows)
        for category in (*_changes(rows), *_voices(rows)):
            _add(found, "ended", category, rows[0][1], 1)
    equality = raw.execute(EQUALITY, asked).fetchall()
    for _person, rows in groupby(equality, key=lambda row: row[0]):
        rows = list(rows)
        _person, group, board, day = rows[0][:4]
        for category in _who(group, day, [row[4:] for row in rows]):
            _add(found, group, category, board, 1)
    return found


def _who(group, day, rows):
    """Age that day and gender, from the rows that are the same person."""
    people = [
        Individual(pk=pk, authority_id=authority_id, sealed_birth_date=Sealed(born), gender=Sealed(gender))
        for authority_id, pk, born, gender in rows
    ]
    born = next((one.birth_date for one in people if one.birth_date), None)
    yield f"age_{group}:{_age_band(born, day)}"
    yield f"gender_{group}:{next((one.gender for one in people if one.gender), 'unknown')}"


def _age_band(born, day):
    if born is None:
        return "unknown"
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next(band for least, band in BANDS_OF_AGE if years >= least)


def _add(found, group, category, board, people):
    for place in (board or PROTECTED, COUNTY):
        cell = Cell(group, category, place)
        found[cell] = found.get(cell, 0) + people


def _opened(model, attribute, rows, kind):
    """The answers of each row, opened with the row's own key."""
    for _person, _board, what, authority_id, row_id, sealed in rows:
        if what == kind and sealed:
            row = model(pk=row_id, authority_id=authority_id)
            setattr(row, f"sealed_{attribute}", Sealed(sealed))
            yield getattr(row, attribute) or {}


def _changes(rows):
    """How each scale went from the first answer to the last."""
    given = list(_opened(Assessment, "answers", rows, "outcome"))
    for scale in SCALES:
        said = [answers[scale] for answers in given if isinstance(answers.get(scale), int)]
        yield f"change_{scale}:{_change(said)}"


def _change(said):
    if len(said) < 2:
        return "missing"
    return "same" if said[-1] == said[0] else "better" if said[-1] > said[0] else "worse"


def _voices(rows):
    given = next(_opened(FollowUp, "experience", rows, "experience"), {})
    for question in ASKED:
        said = given.get(question)
        yield f"voice_{question}:{said if said in ('yes', 'partly', 'no') else 'missing'}"
