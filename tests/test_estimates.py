"""Five years ahead: the same to the krona in Python, in SQL and in the workbook's own formulas; never a part without
its whole; and what a board sends, the region adds up."""

import io
import zipfile
from decimal import Decimal
from types import SimpleNamespace

import formulas
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.sheets.formulas import Formula, Sheet, workbook_of
from exitprogram.tenancy.acting import acting
from reporting import operations as reporting
from reporting.costs.measured import Measured
from reporting.costs.projection import LEVELS, PARTS, PAYERS, Result, cells
from reporting.costs.workbook import estimate_book
from reporting.models import CostEstimate
from reporting.periods import HalfYear
from tests.agreements import agreed
from tests.oversight import STATED
from tests.test_queries import cost
from tests.visits import Visit, sees


def ordered(most):
    return st.lists(st.integers(0, most), min_size=3, max_size=3).map(sorted)


@st.composite
def estimates(draw):
    given = {"first_year": draw(st.integers(2025, 2031)), "increase": Decimal(draw(st.integers(-50, 200))) / 10}
    for name, most in (("people", 500), ("introduction", 5_000_000), ("running", 5_000_000)):
        given |= dict(zip((f"{name}_{level}" for level in LEVELS), draw(ordered(most)), strict=True))
    stays = sorted(draw(st.lists(st.integers(0, 100), min_size=4, max_size=4)), reverse=True)
    given |= {f"stays_{year}": share for year, share in enumerate(stays, 2)}
    given |= {f"fixed_{name}": draw(st.integers(0, 20_000_000))
              for name in ("coordination", "training", "interpreter", "premises")}  # fmt: skip
    cuts = [0, *sorted(draw(st.lists(st.integers(0, 100), min_size=4, max_size=4))), 100]
    given |= {f"share_{payer}": cuts[n + 1] - cuts[n] for n, payer in enumerate(PAYERS)}
    return SimpleNamespace(**given)


@settings(max_examples=60, deadline=None)
@given(estimates())
def test_low_is_least_and_the_parts_are_the_whole(given):
    found = {(c.year, c.level, c.payer, c.part): c.kronor for c in cells(given)}
    assert len(found) == 5 * 3 * 5 * 3
    for year, level, payer, part in found:
        three = [found[year, one, payer, part] for one in LEVELS]
        assert 0 <= three[0] <= three[1] <= three[2]
        assert not (getattr(given, f"share_{payer}") == 0 and found[year, level, payer, part])
    result = Result(given)
    for year in result.years:
        for n, level in enumerate(LEVELS):
            whole = result.kronor(year, level)
            assert whole == sum(result.kronor(year, level, payer=payer) for payer in PAYERS)
            assert whole == sum(result.kronor(year, level, part=part) for part in PARTS)
            assert whole == sum(k for key, k in found.items() if (key[0] + given.first_year, key[1]) == (year, level))
            assert n == 0 or whole >= result.kronor(year, list(LEVELS)[n - 1])


# The same by PostgreSQL, in one question that shares nothing with the code.
BY_SQL = """
    WITH RECURSIVE y AS (
        SELECT 0 AS n, 1::numeric AS grown, 50 AS weight
        UNION ALL
        SELECT n + 1, grown * (1 + %(increase)s / 100.0),
               weight + (ARRAY[%(stays_2)s, %(stays_3)s, %(stays_4)s, %(stays_5)s])[n + 1] FROM y WHERE n < 4),
    p AS (SELECT n, weight, round(grown, 4) AS grown FROM y),
    l AS (SELECT * FROM (VALUES ('low', %(people_low)s, %(introduction_low)s, %(running_low)s),
          ('likely', %(people_likely)s, %(introduction_likely)s, %(running_likely)s),
          ('high', %(people_high)s, %(introduction_high)s, %(running_high)s)) l (level, people, introduction, running)),
    s AS (SELECT * FROM (VALUES ('municipality', %(share_municipality)s), ('region', %(share_region)s),
          ('refund', %(share_refund)s), ('grant', %(share_grant)s), ('other', %(share_other)s)) s (payer, share))
    SELECT n, level, payer, part, round(CASE part
        WHEN 'introduction' THEN people * round(introduction * grown) * share / 100.0
        WHEN 'running' THEN people * weight / 100.0 * round(running * grown) * share / 100.0
        ELSE round((%(fixed_coordination)s + %(fixed_training)s + %(fixed_interpreter)s + %(fixed_premises)s) * grown)
             * share / 100.0 END)::bigint
    FROM p CROSS JOIN l CROSS JOIN s CROSS JOIN (VALUES ('introduction'), ('running'), ('fixed')) q (part)
"""


def by_sql(given):
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, vars(given))
        return {tuple(row[:4]): row[4] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_the_same_to_the_krona_in_sql(db):
    @settings(max_examples=40, deadline=None)
    @given(estimates())
    def compared(given):
        assert {(c.year, c.level, c.payer, c.part): c.kronor for c in cells(given)} == by_sql(given)

    compared()


def as_row(given, **more):
    sources = {name: "Källan" for name in STATED if name.endswith("_source")}
    words = {"name": "Namnet", **sources, "get_programme_display": lambda: "Vuxna", **more}
    return SimpleNamespace(**vars(given), **words)


def calculated(data, tmp_path):
    """{(sheet, cell): value}, as an evaluator of other people's making sees it."""
    path = tmp_path / "berakning.xlsx"
    path.write_bytes(data)
    model = formulas.ExcelModel().loads(str(path)).finish()
    found = {}
    for name, value in model.calculate().items():
        sheet, _, cell = str(name).rpartition("]")[2].rpartition("'!")
        if cell and ":" not in cell:
            found[sheet.upper(), cell] = value.value[0, 0]
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("odd", [{}, {
    "increase": Decimal("-1.5"), "people_likely": 7, "introduction_likely": 99_999, "share_municipality": 47,
    "share_other": 13, "fixed_premises": 333_333,
}])  # fmt: skip
def test_the_same_to_the_krona_in_the_workbook(tmp_path, odd):
    given = SimpleNamespace(**{k: v for k, v in (STATED | odd).items() if k != "name" and not k.endswith("_source")})
    data = estimate_book(as_row(given), [])
    found, sheet = calculated(data, tmp_path), load_workbook(io.BytesIO(data))["Beräkning"]
    result, compared, heading = Result(given), 0, ""
    labels = {**PARTS, "": "Allt"}
    parts = {f"{labels[part]}, {LEVELS[level].lower()}": (part, level) for part in labels for level in LEVELS}
    for row in range(1, sheet.max_row + 1):
        what = sheet.cell(row, 1).value
        if not sheet.cell(row, 3).value:
            heading = what
        elif heading in parts:
            part, level = parts[heading]
            payer = next((code for code, label in PAYERS.items() if label == what), "")
            for n, column in enumerate("CDEFG"):
                expected = result.kronor(given.first_year + n, level, payer=payer, part=part)
                assert found["BERÄKNING", f"{column}{row}"] == expected, (heading, what, n)
                compared += 1
            assert found["BERÄKNING", f"H{row}"] == sum(
                result.kronor(year, level, payer=payer, part=part) for year in result.years
            )
    assert compared == 5 * 6 * 12


def test_the_workbook_holds_nothing_else(tmp_path):
    """No macro, link or hidden sheet, nobody's name; and what somebody wrote is never a formula."""
    given = SimpleNamespace(**{k: v for k, v in STATED.items() if k != "name" and not k.endswith("_source")})
    row = as_row(given, name="=HYPERLINK(1)")
    row.people_source = "@SUM(A1)"
    row.share_source = "+46"
    data = estimate_book(row, [Measured(HalfYear(2025, 2), "adult")])
    book = load_workbook(io.BytesIO(data))
    assert [sheet.title for sheet in book.worksheets] == ["Antaganden", "Beräkning", "Underlag"]
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert not book.properties.creator and not book.properties.lastModifiedBy and len(book.defined_names) == 0
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not [name for name in names if any(word in name.lower() for word in ("vba", "link", "macro", "comment"))]
    kinds = {sheet.title: {c.data_type for line in sheet.iter_rows() for c in line} for sheet in book.worksheets}
    assert "f" not in kinds["Antaganden"] | kinds["Underlag"] and "f" in kinds["Beräkning"]
    assert book["Antaganden"]["B1"].value == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    "text", ['HYPERLINK("x")', '"a"', "A1&B1", "WEBSERVICE(A1)", "[1]Blad!A1", "cmd|' /C'!A1", "SUM"]
)
def test_a_formula_of_ours_holds_little(text):
    with pytest.raises(ValueError, match="Not in a formula"):
        Formula(text)


def test_a_text_is_never_a_formula():
    sheet = Sheet("Blad")
    sheet.add("=1+1", " -2", "\t=A1", 3)
    cells = load_workbook(io.BytesIO(workbook_of("Blad", [sheet])))["Blad"][1]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "n"]


# The board's and the region's


@pytest.fixture
def kept(world):
    with acting(world.maud):
        return reporting.add_estimate(by=world.maud, programme="adult", **STATED)


@pytest.mark.parametrize("fault, sentence", [
    ({"name": " "}, "heter"), ({"people_low": 9}, "Låg får inte vara mer"), ({"people_high": 501}, "mellan 0 och 500"),
    ({"stays_3": 71}, "fler kvar år 3"), ({"share_region": 26}, "Nu blir de 101"), ({"increase": Decimal(21)}, "20"),
    ({"running_source": ""}, "var siffrorna kommer"), ({"first_year": 1999}, "Välj ett år"),
    ({"running_low": -1}, "mellan 0"), ({"people_source": "Om 19900101-1234"}, "personnummer"),
])  # fmt: skip
def test_what_cannot_be_assumed(world, fault, sentence):
    with acting(world.maud), pytest.raises(Refused, match=sentence):
        reporting.add_estimate(by=world.maud, programme="adult", **STATED | fault)
    page = Visit(world.maud).post("reporting:estimate_new", **{k: str(v) for k, v in (STATED | fault).items()})
    assert page.status_code == 200 and sees(page, sentence) and not CostEstimate._base_manager.exists()
    assert sees(page, 'value="180000"'), "nothing typed is lost"


def test_a_source_names_nobody(world):
    with acting(world.anna):
        world.join(world.maud)
    with acting(world.maud), pytest.raises(Refused, match="nämner någon"):
        reporting.add_estimate(by=world.maud, programme="adult", **STATED | {"share_source": "Maria Karlssons plan"})


def test_saved_stale_and_copied(world, kept):
    with acting(world.adam):
        reporting.save_estimate(by=world.adam, estimate=kept, expected=1, **STATED | {"people_high": 20})
        with pytest.raises(Stale):
            reporting.save_estimate(by=world.adam, estimate=kept, expected=1, **STATED)
        copy = reporting.copy_estimate(by=world.adam, estimate=kept)
        assert (copy.people_high, copy.name, copy.sent_to) == (20, "Kanarieberäkningen (kopia)", None)
    sent = {**{k: str(v) for k, v in STATED.items()}, "version": "1", "people_high": "30"}
    page = Visit(world.maud).post("reporting:estimate_edit", kept, **sent)
    assert page.status_code == 409 and sees(page, "Adam Admin", "Hög: 30", "Hög: 20")
    kept_mine = Visit(world.maud).post("reporting:estimate_edit", kept, **sent, keep="mine", seen_version="2")
    assert kept_mine.status_code == 302
    with acting(world.maud):
        assert CostEstimate.objects.visible_to(world.maud).get(pk=kept.pk).people_high == 30


@pytest.fixture
def overseen(world):
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    return world


def test_sent_locked_added_up_and_taken_back(overseen, kept):
    world = overseen
    maud, rut = Visit(world.maud), Visit(world.rut)
    assert sees(rut.get("reporting:region_costs"), "Ingen nämnd har skickat")
    assert maud.post("reporting:estimate_send", kept, to=world.soderhamn.pk).status_code == 302
    with acting(world.maud):
        with pytest.raises(Refused, match="Ta tillbaka den först"):
            reporting.save_estimate(by=world.maud, estimate=kept, expected=2, **STATED)
        other = reporting.copy_estimate(by=world.maud, estimate=kept)
        with pytest.raises(Refused, match="redan skickat"):
            reporting.send_estimate(by=world.maud, estimate=other, to_authority=world.soderhamn)
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE reporting_costestimate SET people_high = 99 WHERE id = %s", [kept.pk])
    with acting(world.siv):
        second = reporting.add_estimate(
            by=world.siv, programme="adult", **STATED | {"first_year": STATED["first_year"] + 1}
        )
        reporting.send_estimate(by=world.siv, estimate=second, to_authority=world.soderhamn)
    expected = in_sql(kept) + in_sql(second)
    page = rut.get("reporting:region_costs")
    with acting(world.rut):
        both = Result(*CostEstimate.objects.visible_to(world.rut))
    assert both.years == list(range(STATED["first_year"], STATED["first_year"] + 6))
    assert sum(both.in_all()) == expected
    assert sees(page, world.bollnas.name, world.soderhamn.name, "Trolig, kr")
    maud.post("reporting:estimate_take_back", kept)
    with acting(world.rut):
        assert list(CostEstimate.objects.visible_to(world.rut)) == [second]


def in_sql(row):
    return sum(by_sql(SimpleNamespace(**{k: getattr(row, k) for k in STATED if k != "name"})).values())


def test_sent_to_nobody_outside(world, kept):
    with acting(world.maud):
        with pytest.raises(NotAllowed):
            reporting.send_estimate(by=world.maud, estimate=kept, to_authority=world.soderhamn)
        with pytest.raises(DatabaseError), transaction.atomic():
            CostEstimate.objects.visible_to(world.maud).update(
                sent_to=world.soderhamn, sent_at=timezone.now(), sent_by=world.maud
            )


def test_the_pages(world, kept):
    for who, statuses in (("maud", 200), ("anna", 403), ("siv", 404)):
        visit = Visit(getattr(world, who))
        for page in ("estimate", "estimate_edit", "estimate_sheet"):
            assert visit.get(f"reporting:{page}", kept).status_code == statuses, (who, page)
    maud = Visit(world.maud)
    page = maud.get("reporting:estimate", kept)
    assert sees(page, "Kanarieberäkningen", "Introduktion", "Staten ersätter")
    assert maud.get("reporting:estimate_pdf", kept).content.startswith(b"%PDF")
    assert sees(maud.get("reporting:costs"), "Visas inte: färre än fem", "Kanarieberäkningen")
    assert {"costs.viewed"} <= set(maud.logged())


def test_more_estimates_cost_no_more_questions(world, kept):
    """The board's page and the region's: as many questions to the database with ten as with one."""
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    maud, rut = Visit(world.maud), Visit(world.rut)
    maud.post("reporting:estimate_send", kept, to=world.soderhamn.pk)
    few = [cost(maud, "reporting:costs")[0], cost(rut, "reporting:region_costs")[0]]
    with acting(world.maud):
        for _each in range(9):
            reporting.copy_estimate(by=world.maud, estimate=kept)
    with acting(world.siv):
        other = reporting.add_estimate(by=world.siv, programme="adult", **STATED)
        reporting.send_estimate(by=world.siv, estimate=other, to_authority=world.soderhamn)
    assert [cost(maud, "reporting:costs")[0], cost(rut, "reporting:region_costs")[0]] == few
