"""Published cells as tables and pictures. Shares, medians and sums are made of what is shown and of nothing else, so
they tell no more than the table does."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Sum

from cases.models import Case
from reporting.definitions import BANDS, TABLES
from reporting.models import Publication, PublishedCell
from reporting.periods import half_year_of

HIDDEN = "–"
WIDE, BAR, GAP = 320, 14, 26  # of a picture, in its own units


@dataclass(frozen=True)
class Column:
    """One place: its name and {(group, category): number}; what is hidden is not there."""

    name: str
    numbers: dict
    at_least: bool = False  # a sum in which something may be hidden


@dataclass(frozen=True)
class Row:
    label: str
    named: list  # (column, text)
    number: int | None  # of the first column, for the picture
    y: int = 0
    width: int = 0

    @property
    def middle(self):
        return self.y + BAR - 3

    @property
    def end(self):
        return 268 + self.width


@dataclass(frozen=True)
class Shown:
    table: object
    rows: list
    total: list
    median: list

    @property
    def height(self):
        return len(self.rows) * GAP

    @property
    def is_hidden(self):
        """Nothing in it may be shown."""
        texts = [text for row in self.rows for _name, text in row.named] + [text for _name, text in self.total]
        return set(texts) == {HIDDEN}

    @property
    def has_picture(self):
        return any(row.number for row in self.rows)

    @property
    def in_words(self):
        return "; ".join(f"{row.label}: {row.named[0][1]}" for row in self.rows)


def chosen(by, asked):
    """(the publication to show or None, those that can be chosen)."""
    mine = Publication.objects.visible_to(by).filter(county=by.authority.region_id).newest()
    found = sorted(mine, key=lambda row: (row.first_day, row.programme == Case.Programme.ADULT), reverse=True)
    for row in found:
        row.label = half_year_of(row.first_day).label
    wanted = next((row for row in found if str(row.pk) == asked.get("visa", "")), found[0] if found else None)
    return wanted, found


def columns_of(by, publication):
    """One's own board or those that have agreed, the county, and what all counties show together."""
    cells = PublishedCell.objects.visible_to(by).filter(publication=publication)
    rows = cells.order_by("board__name", "board_id").values_list("board__name", "group", "category", "value")
    places = {}
    for board, group, category, value in rows:
        numbers = places.setdefault(board, {})
        if value is not None:
            numbers[group, category] = value
    county = places.pop(None, {})
    found = [Column(name, numbers) for name, numbers in places.items()]
    return [*found, Column(publication.county.county_name, county), Column("Riket", _country(by, publication), True)]


def _country(by, publication):
    """The counties' own published numbers added up: nothing that was not published already."""
    same = Publication.objects.visible_to(by).filter(
        programme=publication.programme, first_day=publication.first_day
    )  # fmt: skip
    cells = PublishedCell.objects.visible_to(by).filter(publication__in=list(same.newest()), board=None)
    added = cells.values_list("group", "category").annotate(value=Sum("value"))
    return {(group, category): value for group, category, value in added if value}


def drawn(publication, columns):
    """[(chapter, [Shown])]"""
    shown = [_shown(table, columns) for table in TABLES]
    return [(chapter, list(found)) for chapter, found in groupby(shown, key=lambda one: one.table.chapter)]


def _shown(table, columns):
    first = columns[0].numbers
    largest = max((first.get((table.group, category), 0) for category in table.categories), default=0) or 1
    rows = []
    for place, (category, label) in enumerate(table.categories.items()):
        number = first.get((table.group, category))
        rows.append(
            Row(label, [(column.name, _text(column, table, category)) for column in columns], number, place * GAP,
                round((number or 0) / largest * WIDE))
        )  # fmt: skip
    total = [(column.name, _text(column, table, "")) for column in columns]
    median = [(column.name, _median(column, table)) for column in columns] if table.rows is BANDS else []
    return Shown(table, rows, total, median)


def _text(column, table, category):
    """The number, with its share where both it and the whole are shown."""
    number, whole = column.numbers.get((table.group, category)), column.numbers.get((table.group, ""))
    if number is None:
        return HIDDEN
    if column.at_least:
        return f"minst {number}"
    share = f" ({min(100, round(100 * number / whole))} %)" if category and whole and whole >= 20 else ""
    return f"{number}{share}"


def _median(column, table):
    """The band in the middle of those that are shown; none where a band or the whole is hidden."""
    names = [category for category in table.categories if not category.endswith(":unknown")]
    numbers = [column.numbers.get((table.group, category)) for category in names]
    if column.at_least or None in numbers:
        return HIDDEN
    half, passed = sum(numbers) / 2, 0
    for name, number in zip(names, numbers, strict=True):
        passed += number
        if passed >= half:
            return table.categories[name]
    return HIDDEN
