"""Figures that have been published, for the worlds of the tests: written as ``exit_figures``, as they always are."""

import uuid
from datetime import date

from tests.connections import connected

NUMBERS = {("reached", ""): 25, ("reached", "step:planned"): 15, ("planned", ""): 15}


def publish_some(board, other, programme="adult", first=date(2025, 7, 1)):
    """One publication of the boards' county: each board's cells, one of them hidden, and the county's."""
    made = uuid.uuid4()
    with connected("figures") as raw:
        raw.execute(
            "INSERT INTO reporting_publication (id, county_id, programme, first_day, last_day, version, reason,"
            " made_at) VALUES (%s, '21', %s, %s, %s, 1, '', now())",
            [made, programme, first, date(first.year, 12, 31)],
        )
        for place, less in ((board.pk, 10), (other.pk, 10), (None, 0)):
            for (group, category), value in [*NUMBERS.items(), (("reached", "step:opened"), None)]:
                raw.execute(
                    'INSERT INTO reporting_publishedcell (id, publication_id, board_id, "group", category, value)'
                    " VALUES (%s, %s, %s, %s, %s, %s)",
                    [uuid.uuid4(), made, place, group, category, value and value - less],
                )
    return made
