"""An estimate as a workbook that counts by itself, by the same steps as ``projection``: what is assumed, what comes of
it, and what has been measured."""

from exitprogram.sheets.formulas import Formula, Input, Sheet, workbook_of
from reporting.costs.assumptions import GROUPS
from reporting.costs.measured import MONTHS_OF, PER_PERSON
from reporting.costs.projection import FIXED, LEVELS, PARTS, PAYERS, TEN_THOUSANDTHS, YEARS

COLUMNS = "CDEFG"  # the five years
INPUTS = "Antaganden"


def estimate_book(estimate, measured):
    assumed, where = _assumptions(estimate)
    return workbook_of("Kostnadsberäkning", [assumed, _computation(where), _measured(measured)])


def _assumptions(estimate):
    """(sheet, {field: cell of it})"""
    sheet, where = Sheet(INPUTS, (34, 34, 16, 14, 60)), {}
    sheet.add("Kostnadsberäkning", estimate.name, bold=True)
    sheet.add("Program", estimate.get_programme_display())
    sheet.add("Antagande", "Vad", "Värde", "Enhet", "Källa", bold=True)
    where["first_year"] = sheet.add("Första året", "", Input(estimate.first_year), "år", "")
    for code, heading, unit, about, names in GROUPS:
        sheet.add(heading, about, "", "", getattr(estimate, f"{code}_source"), bold=True)
        for name, label in names.items():
            value = getattr(estimate, name)
            where[name] = sheet.add("", label, Input(value), unit, "")
    return sheet, {name: f"{INPUTS}!$C${row}" for name, row in where.items()}


def _computation(where):
    sheet = Sheet("Beräkning", (44, 16, *[16] * len(YEARS), 18))
    sheet.add("Hela kronor. Varje tal avrundas, och summor är summor av avrundade tal.")
    sheet.add("År", "", *(Formula(f"{where['first_year']}+{year}", shown="0") for year in YEARS), "Alla år", bold=True)
    steps = _steps(sheet, where)
    sums = []
    for level, label in LEVELS.items():
        for part in PARTS:
            sheet.add(f"{PARTS[part]}, {label.lower()}", bold=True)
            rows = [sheet.add(name, label, *_cells(where, steps, level, part, payer), _across(sheet))
                    for payer, name in PAYERS.items()]  # fmt: skip
            total = sheet.add("Summa", label, *(Formula(f"SUM({c}{rows[0]}:{c}{rows[-1]})") for c in COLUMNS),
                              _across(sheet), bold=True)  # fmt: skip
            sums.append((level, label, part, rows, total))
    _add_up(sheet, sums)
    return sheet


def _steps(sheet, where):
    """{name: row} of what is the same for all payers: the increase, years of running cost, and prices of the year."""
    grown = f"POWER(1+{where['increase']}/100,"
    rows = {"index": sheet.add(
        "Prisnivå, tiotusendelar", "", *(Formula(f"ROUND({grown}{year})*{TEN_THOUSANDTHS},0)") for year in YEARS)
    )}  # fmt: skip
    stays = ["50", *(where[f"stays_{year + 1}"] for year in YEARS if year)]
    rows["weight"] = sheet.add(
        "Löpande år per ny person, procent", "", *(Formula("+".join(stays[: year + 1])) for year in YEARS)
    )

    def price(label, what):
        return sheet.add(
            label, "", *(Formula(f"ROUND({what}*{c}{rows['index']}/{TEN_THOUSANDTHS},0)") for c in COLUMNS)
        )

    for level, label in LEVELS.items():
        for part in ("introduction", "running"):
            rows[part, level] = price(f"{PARTS[part]} per person, {label.lower()}", where[f"{part}_{level}"])
    fixed = "+".join(where[f"fixed_{name}"] for name in FIXED)
    rows["fixed"] = price("Fasta kostnader", f"({fixed})")
    return rows


def _cells(where, steps, level, part, payer):
    for c in COLUMNS:
        share, people = where[f"share_{payer}"], where[f"people_{level}"]
        if part == "fixed":
            yield Formula(f"ROUND({c}{steps['fixed']}*{share}/100,0)")
        elif part == "introduction":
            yield Formula(f"ROUND({people}*{c}{steps[part, level]}*{share}/100,0)")
        else:
            yield Formula(f"ROUND({people}*{c}{steps['weight']}*{c}{steps[part, level]}*{share}/10000,0)")


def _across(sheet):
    row = len(sheet.rows) + 1
    return Formula(f"SUM({COLUMNS[0]}{row}:{COLUMNS[-1]}{row})")


def _add_up(sheet, sums):
    """What the whole costs, and each payer's part of it."""
    for level, label in LEVELS.items():
        mine = [one for one in sums if one[0] == level]
        sheet.add(f"Allt, {label.lower()}", bold=True)
        for place, name in enumerate(PAYERS.values()):
            added = ("+".join(f"{c}{one[3][place]}" for one in mine) for c in COLUMNS)
            sheet.add(name, label, *map(Formula, added), _across(sheet))
        added = ("+".join(f"{c}{one[4]}" for one in mine) for c in COLUMNS)
        sheet.add("Summa", label, *map(Formula, added), _across(sheet), bold=True)


def _measured(found):
    """Values as they were shown that day, with what they mean; nothing of fewer than five people."""
    sheet = Sheet("Underlag", (34, 44, 16, 16, 80))
    sheet.add("Halvår", "Vad", "Kronor", "Timmar", "Vad som räknas", bold=True)
    about = "Som den plan säger som var överenskommen sist i halvåret. Påbörjad månad är en hel."
    for one in found:
        if one.total is None:
            sheet.add(one.period.label, "Visas inte", "", "", "Färre än fem personer har insatser med angiven kostnad.")
            continue
        sheet.add(one.period.label, "Alla insatser", one.total.kronor, _hours(one.total), about)
        sheet.add(one.period.label, "Insatser som saknar kostnad", one.no_cost, "", "De är inte med i kronorna.")
        for heading, sums in one.tables:
            for part in sums:
                sheet.add(one.period.label, f"{heading}: {part.label}", part.kronor, _hours(part), about)
        for label, kronor in one.per_person:
            sheet.add(one.period.label, f"Per person: {label}", kronor, "", DEFINITIONS[label])
    return sheet


def _hours(part):
    return "visas inte" if part.hours is None else part.hours


DEFINITIONS = {
    PER_PERSON["introduction"]: "Kronor under introduktionen delat med personernas månader där, gånger "
    f"{MONTHS_OF['introduction']}. Introduktionen är månaden då första planen blev överenskommen och de fem efter.",
    PER_PERSON["running"]: "Kronor efter introduktionen delat med personernas månader där, gånger "
    f"{MONTHS_OF['running']}.",
}
