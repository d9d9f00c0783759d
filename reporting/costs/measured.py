"""What a board's plans cost in a closed half-year. The database counts, for ``exit_figures`` alone. What too few stand
behind (five, or more where the board has said so) is put together with something else (``merged``) before anything is
kept and shown (``reporting/costs/keeping.py``)."""

from dataclasses import dataclass
from decimal import Decimal

from cases.areas import Area
from cases.outreach import THRESHOLD
from exitprogram.late import Late
from plans.models import Measure
from reporting.periods import HalfYear

np = Late("numpy")
UNSAID = "Inte sagt"
PHASES = {"introduction": "Introduktion", "running": "Löpande"}
KINDS = {
    "area": ("Slag av insats", dict(Area.choices)),
    "principal": ("Vem som svarar", {code: label.capitalize() for code, label in Measure.Principal.choices}),
    "payer": ("Vem som betalar", {
        **{code: label[0].upper() + label[1:] for code, label in Measure.Payer.choices}, "unsaid": UNSAID,
    }),
    "phase": ("Introduktion och löpande", PHASES),
}  # fmt: skip
MONTHS_OF = {"introduction": 6, "running": 12}
PER_PERSON = {"introduction": "Introduktion, sex månader", "running": "Löpande, ett år"}


@dataclass(frozen=True)
class Line:
    """What one person's measures of one kind cost: the smallest thing that is counted, and never shown."""

    person: int
    area: str
    principal: str
    payer: str
    phase: str
    kronor: int
    hours: Decimal
    measures: int
    no_cost: int
    costed: bool  # a cost is stated for some of it
    timed: bool


@dataclass(frozen=True)
class Sum:
    label: str
    codes: frozenset
    kronor: int
    hours: Decimal | None  # None: of too few


@dataclass(frozen=True)
class Measured:
    """A half-year as it may be shown; ``total`` is None when fewer than five people stand behind all of it."""

    period: HalfYear
    programme: str
    tables: tuple = ()  # (heading, [Sum])
    total: Sum | None = None
    measures: int = 0
    no_cost: int = 0
    months: tuple = ()  # (phase, months of people), where the phase may be shown by itself

    @property
    def told_apart(self):
        """The tables with more than one row: one row alone is the whole."""
        return [(heading, sums) for heading, sums in self.tables if len(sums) > 1]

    @property
    def per_person(self):
        """[(phase in words, kronor)]: of an introduction's six months, and of a year after it."""
        known = [(code, self.phase(code)) for code in PHASES]
        return [(PER_PERSON[code], mean(*found, code)) for code, found in known if found]

    def phase(self, code):
        """(kronor, months of people) of a phase that is shown by itself, else None."""
        sums = next((sums for heading, sums in self.tables if heading == KINDS["phase"][0]), [])
        found = next((one.kronor for one in sums if one.codes == {code}), None)
        months = dict(self.months).get(code)
        return None if found is None or not months else (found, months)


def mean(kronor, months, phase):
    """Of one person: whole hundreds of kronor, a half rounded up."""
    return (kronor * MONTHS_OF[phase] * 2 + 100 * months) // (200 * months) * 100


def lines_of(raw, board, programme, period):
    rows = raw.execute(
        "SELECT person, area, principal, payer, phase, kronor, hours, measures, no_cost, costed, timed"
        " FROM wall.figures_costs(%s, %s, %s, %s)", [board, programme, period.year, period.half],
    )  # fmt: skip
    return [Line(*row) for row in rows.fetchall()]


def measured(raw, board, programme, period, few=THRESHOLD):
    lines = lines_of(raw, board, programme, period)
    groups = merged(lines, few)
    if groups is None:
        return Measured(period, programme)
    timed = is_safe(groups, [line for line in lines if line.timed], few)
    tables = tuple((KINDS[kind][0], _sums(kind, parts, lines, timed)) for kind, parts in groups.items())
    alone = {code for part in groups["phase"] for code in part if len(part) == 1}
    return Measured(
        period, programme, tables, _sum("Alla", frozenset(), lines, timed), sum(one.measures for one in lines),
        sum(one.no_cost for one in lines),
        tuple((phase, months) for phase, months in _months(raw, board, programme, period) if phase in alone),
    )  # fmt: skip


def _months(raw, board, programme, period):
    return raw.execute(
        "SELECT phase, months FROM wall.figures_cost_months(%s, %s, %s, %s) ORDER BY phase",
        [board, programme, period.year, period.half],
    ).fetchall()


def _sums(kind, parts, lines, timed):
    labels = KINDS[kind][1]
    order = sorted(parts, key=lambda part: (len(part) > 1, min(list(labels).index(code) for code in part)))
    return [
        _sum(_together(part, labels), part,
             [line for line in lines if getattr(line, kind) in part], timed)
        for part in order
    ]  # fmt: skip


def _together(part, labels):
    first, *rest = [labels[code] for code in labels if code in part]
    return ", ".join([first, *(label.lower() for label in rest)])


def _sum(label, codes, lines, timed):
    hours = sum((one.hours for one in lines), Decimal(0)) if timed else None
    if hours is not None and hours == hours.to_integral_value():
        hours = hours.quantize(Decimal(1))
    return Sum(label, codes, sum(one.kronor for one in lines), hours)


def merged(lines, few=THRESHOLD):
    """{kind: [codes that are shown as one row]}, or None when nothing may be shown.

    Every number that is shown is a sum over *cells*: measures alike in all four ways after the merging. It is safe when
    no combination of the shown numbers, with any factors, is free of every cell that five people or more stand behind:
    then whatever is added and subtracted says something of five people at least. That holds exactly when the shown
    rows, restricted to the large cells, are as independent as they are over all cells (``is_safe``). Until it does,
    the row with fewest people is put together with the next one in its table; what is introduction and what is
    running last, since the cost of one person is counted from them. Who has no stated cost does not count
    as somebody who stands behind a sum."""
    costed = [line for line in lines if line.costed]
    if len({line.person for line in costed}) < few:
        return None
    groups = {kind: [frozenset({code}) for code in sorted({getattr(line, kind) for line in lines})] for kind in KINDS}
    while not is_safe(groups, costed, few):
        kind = min(
            (kind for kind in groups if len(groups[kind]) > 1), key=lambda kind: _fewest(groups, kind, costed, few)
        )
        first, second, *rest = sorted(groups[kind], key=lambda part: (_people(kind, part, costed), sorted(part)))
        groups[kind] = [first | second, *rest]
    return groups


def is_safe(groups, lines, few=THRESHOLD):
    if any(_people(kind, part, lines) < few for kind in groups for part in groups[kind]):
        return False
    cells = {}
    for line in lines:
        place = tuple(next(n for n, part in enumerate(groups[kind]) if getattr(line, kind) in part) for kind in groups)
        cells.setdefault(place, set()).add(line.person)
    rows = [(axis, n) for axis, kind in enumerate(groups) for n in range(len(groups[kind]))]
    shown = np.array([[cell[axis] == n for cell in cells] for axis, n in rows], dtype=float)
    large = [len(people) >= few for people in cells.values()]
    return any(large) and np.linalg.matrix_rank(shown[:, large]) == np.linalg.matrix_rank(shown)


def _people(kind, part, lines):
    return len({line.person for line in lines if getattr(line, kind) in part})


def _fewest(groups, kind, lines, few):
    fewest = min(_people(kind, part, lines) for part in groups[kind])
    return kind == "phase" and fewest >= few, fewest, kind


def means(found):
    """{phase: (kronor of one person, the half-years it rests on)} over what is shown: it says nothing that is not."""
    given = {}
    for phase in PHASES:
        parts = [(one.period, *known) for one in found if (known := one.phase(phase))]
        if parts:
            kronor, months = sum(part[1] for part in parts), sum(part[2] for part in parts)
            given[phase] = mean(kronor, months, phase), [part[0] for part in parts]
    return given
