"""Counts become published figures: fetched, protected and written in one transaction of ``exit_figures``, or not.
The clock publishes each half-year once, when it is closed; after that there is a new version only for a reason."""

import uuid

from django.utils import timezone

from cases.models import Case
from exitprogram.crypto import keys
from exitprogram.errors import Refused
from reporting.definitions import GROUPS, LAYOUT
from reporting.disclosure.cells import COUNTY, Cell
from reporting.gathering import as_figures, boards_in, counted, least_shown
from reporting.models import Publication, PublishedCell

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('figures'), hashtext(%s))"
LAST = """
    SELECT id, version, asked_for FROM reporting_publication
    WHERE county_id = %s AND programme = %s AND first_day = %s ORDER BY version DESC LIMIT 1
"""
CELLS = 'SELECT "group", category, board_id::text, value FROM reporting_publishedcell WHERE publication_id = %s'
PUBLISH = """
    INSERT INTO reporting_publication
        (id, county_id, programme, first_day, last_day, version, reason, asked_for, made_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CELL = """
    INSERT INTO reporting_publishedcell (id, publication_id, board_id, "group", category, value)
    VALUES (%s, %s, %s, %s, %s, %s)
"""


def publish(county, programme, period, *, reason="", asked_for=None):
    """The id of what was published, or None when there was nothing to do: no board here, published already, or this
    job has done it. Without a reason only a first version; with one only a later."""
    if not period.is_closed(on=timezone.localdate()):
        raise Refused("Halvåret är inte slut, eller slutade för mindre än två veckor sedan.")
    with as_figures() as raw:
        raw.execute(ONE_AT_A_TIME, [f"{county}|{programme}|{period.code}"])
        last = raw.execute(LAST, [county, programme, period.first]).fetchone()
        if (last and not reason) or (last and asked_for and last[2] == asked_for):
            return None
        if reason and not last:
            raise Refused("Det finns inga fastställda siffror att rätta.")
        boards = boards_in(raw, county, period)
        return _write(raw, county, programme, period, boards, last, reason, asked_for) if boards else None


def _write(raw, county, programme, period, boards, last, reason, asked_for):
    cells = _protected(raw, county, programme, period, boards, last)
    made = uuid.uuid4()
    version = last[1] + 1 if last else 1
    raw.execute(
        PUBLISH, [made, county, programme, period.first, period.last, version, reason, asked_for, timezone.now()]
    )  # fmt: skip
    rows = [(uuid.uuid4(), made, None if cell.place == COUNTY else cell.place, cell.group, cell.category, value)
            for cell, value in cells.items()]  # fmt: skip
    with raw.cursor() as cursor:
        cursor.executemany(CELL, rows)
    return made


def _protected(raw, county, programme, period, boards, last):
    """{Cell: rounded number or None} of every cell that has a place in a table."""
    from reporting.disclosure.hiding import Rounding, protect  # HiGHS: only where figures are made

    before = None
    if last:
        rows = raw.execute(CELLS, [last[0]]).fetchall()
        before = {Cell(group, category, board or COUNTY): value for group, category, board, value in rows}
        boards = [board for board in boards if any(cell.place == board for cell in before)]
    counts = counted(raw, county, programme, period)
    counts = {cell: people for cell, people in counts.items() if cell.place in (*boards, COUNTY, "protected")}
    name = f"{county}|{programme}|{period.code}"
    rounding = Rounding(keys.derived(1, "figures", county), name)
    shown = protect(LAYOUT, boards, counts, rounding=rounding, smallest=least_shown(raw, boards), before=before)
    return {
        Cell(group, category, place): shown.get(Cell(group, category, place))
        for group in GROUPS for category in LAYOUT.categories(group) for place in (*boards, COUNTY)
    }  # fmt: skip


def programmes():
    return [Case.Programme.ADULT, Case.Programme.CHILD]


__all__ = ["Publication", "PublishedCell", "programmes", "publish"]
