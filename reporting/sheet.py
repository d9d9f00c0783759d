"""The figures as a spreadsheet: the same numbers, the definitions beside them, no formula."""

from exitprogram.sheets.book import book
from reporting.periods import half_year_of
from reporting.tables import HIDDEN, drawn


def figures_book(publication, columns):
    header = ["Tabell", "Rad", *(column.name for column in columns), "Vad som räknas"]
    rows = [["Halvår", half_year_of(publication.first_day).label, *[""] * len(columns), ""],
            ["Program", publication.get_programme_display(), *[""] * len(columns), ""],
            ["Version", str(publication.version), *[""] * len(columns), publication.reason],
            ["Dolt", HIDDEN, *[""] * len(columns), "Färre än fem personer, eller dolt för att ingen ska kunna räkna ut "
             "dem. Allt som visas är avrundat till jämna fem."]]  # fmt: skip
    for _chapter, shown in drawn(publication, columns):
        for one in shown:
            rows += [[one.table.title, row.label, *_texts(row.named), one.table.about] for row in one.rows]
            rows.append([one.table.title, "Alla", *_texts(one.total), one.table.about])
    return book("Uppföljning", header, rows, (38, 34, *[18] * len(columns), 70))


def _texts(named):
    return [text for _column, text in named]
