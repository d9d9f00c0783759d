"""The pages of the delegation scheme: written, read in from a sheet, put in force, and asked who decides."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from exitprogram.errors import Refused
from exitprogram.sheets.book import BEGINS_A_FORMULA, book, read_book
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.delegation import as_dict, draft_of, left_with_nobody, rows_of_scheme, sample
from teams.models import DelegationScheme
from teams.sheets import COLUMNS, read_rows, sheet_of
from tests.test_scheme import DAY, adopt
from tests.visits import Visit, sees
from tests.world import today

SAMPLE = [dict(row) for row in sample()]


@pytest.fixture
def adam(world):
    adopt(world, SAMPLE, valid_from=today() - 5 * DAY)
    return Visit(world.adam)


@pytest.fixture
def draft(world, adam):
    adam.post("teams:scheme_draft")
    with acting(world.adam):
        return draft_of()


def file_of(header, *lines):
    workbook = Workbook()
    for line in (header, *lines):
        workbook.active.append(line)
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def upload(visit, data, name="ordning.xlsx"):
    import uuid

    body = {"file": SimpleUploadedFile(name, data), "form_key": str(uuid.uuid4())}
    return visit.client.post(reverse("teams:scheme_import"), body)


def sheet(world, rows):
    with acting(world.adam):
        return sheet_of(rows, "Ordning")


# The sample, and a sheet there and back.


def test_the_sample_may_be_put_in_force():
    assert list(left_with_nobody(SAMPLE)) == []


def test_a_sheet_says_the_same_on_the_way_back(world):
    rows = [*SAMPLE]
    rows[0] = {**rows[0], "role": "", "member": world.leo, "may_pass_on": True, "conditions": "=1+1"}
    with acting(world.adam):
        read = read_rows(world.adam, sheet_of(rows, "Ordning"))
    assert read.faults == []
    assert read.rows == rows


def test_no_cell_is_a_formula():
    texts = [f"{first}cmd" for first in "=+-@\t＝"] + [" =1", "vanlig", "a\x00b"]
    data = book("Titel", ["A"], [[text] for text in texts])
    workbook = load_workbook(io.BytesIO(data))
    assert [s.sheet_state for s in workbook.worksheets] == ["visible"] and not workbook.defined_names
    assert not workbook.properties.creator
    cells = [cell for (cell,) in workbook.active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"} and len(cells) == len(texts)
    assert [cell.value for cell in cells if BEGINS_A_FORMULA.match(cell.value)] == []
    assert cells[-1].value == "ab"


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"Nummer;Ende\n1;2", b"\x00" * 5000])
def test_what_is_no_sheet(data):
    with pytest.raises(Refused, match="går inte att läsa"):
        read_book(data)


def test_a_bomb_is_not_opened(monkeypatch):
    data = file_of(["x" * 1000] * 40, *[["y" * 900] * 40] * 50)
    monkeypatch.setattr("exitprogram.sheets.book.LARGEST_INSIDE", 10_000)
    with pytest.raises(Refused, match="för stor när den packas upp"):
        read_book(data)


def test_a_formula_is_refused():
    with pytest.raises(Refused, match="Rad 2 i filen har en formel"):
        read_book(file_of(["Nummer"], ["=HYPERLINK(1)"]))


HEADER = ["Nummer", "Ärende", "Lagrum", "Roll", "Högst kronor"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["1", "Adoption", "FB", "Enhetschef", ""], "Ärendet ”Adoption” finns inte"),
        (["1", "Ansökan om vård enligt LVU", "LVU", "Enhetschef", ""], "Bara nämnden eller ett utskott"),
        (["1", "Resa", "SoL", "Kassör", ""], "”Kassör” går inte att välja. Skriv Socialsekreterare eller Enhetschef"),
        (["1", "Resa", "SoL", "Administratör", ""], "KL 7:5"),
        (["1", "Resa", "SoL", "Enhetschef", "mycket"], "”mycket” är inte ett helt tal"),
        (["1", "Resa", "SoL", "Enhetschef", 10.5], "”10.5” är inte ett helt tal"),
        (["1", "Resa", "SoL", "Enhetschef", -5], "”-5” är inte ett helt tal"),
        (["", "Resa", "SoL", "Enhetschef", ""], "Skriv nummer"),
        (["1", "Resa", "", "Enhetschef", ""], "Skriv lagrum"),
        (["1", "Resa", "SoL", "", ""], "en roll eller en namngiven person"),
        (["2", "Tolk", "FL", "Enhetschef", ""], "Samma ärende, roll och målgrupp som rad 2"),
    ],
)
def test_faults_are_told_row_by_row_and_nothing_is_saved(world, adam, draft, line, sentence):
    page = upload(adam, file_of(HEADER, ["1", "Tolk", "FL", "Enhetschef", "1 500 kr"], line))
    assert page.status_code == 200
    assert sees(page, sentence, "Inget är sparat", '<th scope="row">3</th>')
    assert not sees(page, "Lägg in i utkastet")
    with acting(world.adam):
        assert [as_dict(row) for row in draft.rows.all()] == rows_of_scheme(DelegationScheme.objects.adopted().get())


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (["Nummer", "Ärende", "Lagrum", "Roll", "Max belopp"], "Kolumnen Max belopp känns inte igen"),
        (["Nummer", "Ärende", "Lagrum"], "Kolumnen Roll saknas"),
        (["Nummer", "Ärende", "Lagrum", "Roll", "roll"], "två gånger"),
        ([], "Filen är tom"),
        (list(COLUMNS), "inga rader"),
    ],
)
def test_a_column_is_never_lost(world, adam, header, sentence):
    assert sees(upload(adam, file_of(header)), sentence)


def test_a_sheet_is_seen_before_it_is_put_in_the_draft(world, adam):
    rows = [*SAMPLE]
    rows[0] = {**rows[0], "max_amount": 9000}
    page = upload(adam, sheet(world, rows))
    assert sees(page, f"{len(rows)} rader lästes", "Inget är sparat än", "högst kronor 15\xa0000 → 9\xa0000")
    with acting(world.adam):
        assert draft_of() is None
    kept = page.context["sealed"]
    changed = adam.post("teams:scheme_import", rows=kept[:-3] + "abc", follow=True)
    assert sees(changed, "Läs in den igen")
    assert sees(Visit(world.siv).post("teams:scheme_import", rows=kept, follow=True), "Läs in den igen")
    assert sees(adam.post("teams:scheme_import", rows=kept, follow=True), "rader finns i utkastet")
    with acting(world.adam):
        assert draft_of().rows.get(number="1.1").max_amount == 9000


# Row by row.


def test_a_row_is_written_changed_and_removed(world, adam, draft):
    given = {"number": "9", "kind": "contact_person", "law": "SoL 11:1", "role": "social_worker", "target": "child",
             "reported": "next", "how": "list"}  # fmt: skip
    assert sees(adam.post("teams:row_new", **given, follow=True), "Raden finns i utkastet")
    again = adam.post("teams:row_new", **given)
    assert sees(again, "har redan en rad")
    with acting(world.adam):
        row = draft.rows.get(number="9")
    assert sees(adam.get("teams:row_edit", row), 'value="9"')
    assert sees(adam.post("teams:row_edit", row, **{**given, "number": "9.1"}, follow=True), "9.1")
    assert adam.get("teams:row_edit", row).status_code == 404, "changed is another row"
    with acting(world.adam):
        row = draft.rows.get(number="9.1")
    assert sees(adam.post("teams:row_remove", row, follow=True), "Rad 9.1 är borttagen")
    bad = adam.post("teams:row_new", **{**given, "kind": "care_application", "law": "LVU 4 §"})
    assert sees(bad, "Välj ett giltigt alternativ", "LVU 4 §")


def test_without_a_draft_the_pages_say_so(world, adam):
    for page in ("teams:scheme_draft", "teams:row_new", "teams:scheme_adopt"):
        assert sees(adam.client.get(reverse(page), follow=True), "Det finns inget utkast")


# In force, with the effect shown.


def test_the_effect_is_shown_and_the_version_put_in_force(world, adam, draft):
    world.join(world.maud)
    with acting(world.anna):
        teams.propose_decision(
            by=world.anna, case=world.case, kind="contact_person", what="Kanarie", sent_to=world.maud
        )
    with acting(world.adam):
        row = draft.rows.get(kind="contact_person")
        teams.change_row(by=world.adam, row=row, role="social_worker")
    page = adam.get("teams:scheme_adopt")
    assert sees(page, "Kontaktperson", "hos Maud Chef", "kan beslutas av Anna Berg, Leo Ek", "Tas bort")
    assert not sees(page, "Kanarie") and not sees(page, world.case.number)
    given = {"minute": "SN § 12", "minute_on": today(), "valid_from": today() + DAY, "shown_for": today()}
    assert sees(adam.post("teams:scheme_adopt", **given), "Dagen är en annan än den som visades", "SN § 12")
    seen = {**given, "shown_for": today() + DAY}
    assert adam.post("teams:scheme_adopt", **seen).url == reverse("teams:scheme")
    with acting(world.adam):
        assert DelegationScheme.objects.get(version=2).minute == "SN § 12"
    page = adam.get("teams:scheme")
    assert sees(page, "Version 1", "SN § 12")


def test_a_draft_with_a_hole_is_not_put_in_force(world, adam, draft):
    with acting(world.adam):
        teams.remove_row(by=world.adam, row=draft.rows.get(kind="residential_care"))
    assert sees(adam.get("teams:scheme_adopt"), "Ingen får besluta om: Hem för vård eller boende (HVB)")
    given = {"minute": "SN § 12", "minute_on": today(), "valid_from": today() + DAY, "shown_for": today() + DAY}
    assert sees(adam.post("teams:scheme_adopt", **given), "KL 6:37, 7:5", "SN § 12")


# Who decides?


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({"kind": "financial_assistance", "amount": 15000}, ["Anna Berg, Leo Ek", "rad 1.1", "Maud Chef", "rad 1.2"]),
        ({"kind": "financial_assistance", "amount": 15001}, ["Maud Chef", "Över gränsen 15\xa0000 kronor."]),
        ({"kind": "financial_assistance", "amount": 60001}, ["Ingen tjänsteman. Beslutet är nämndens."]),
        ({"kind": "financial_assistance"}, ["Raden har en gräns. Skriv hur många kronor det gäller."]),
        ({"kind": "residential_care", "days": 10, "target": "child"}, ["Raden gäller bara vuxna."]),
        ({"kind": "immediate_custody"}, ["Bara nämnden eller ett utskott", "vad ordningen än säger"]),
        ({"kind": "travel", "amount": 1, "on": "2019-01-01"}, ["Ingen delegationsordning gäller den dagen"]),
    ],
)
def test_who_may_decide(world, adam, asked, seen):
    for visit in (adam, Visit(world.anna)):
        assert sees(visit.client.get(reverse("teams:who_decides"), asked), *seen)


@pytest.mark.parametrize("asked", [{"kind": "x"}, {"kind": "travel", "amount": "-1"}, {"kind": "travel", "on": "igår"}])
def test_a_strange_question(world, adam, asked):
    page = adam.client.get(reverse("teams:who_decides"), asked)
    assert page.status_code == 200 and sees(page, "Fel:")


def test_nobody_else_reads_this_boards_scheme(world, adam):
    with acting(world.adam):
        version = DelegationScheme.objects.get()
    assert sees(Visit(world.leo).get("teams:scheme"), "Version 1") and not sees(
        Visit(world.leo).get("teams:scheme"), "Ny version"
    )
    assert not sees(Visit(world.cilla).get("teams:scheme"), "SN § 1")
    assert Visit(world.cilla).get("teams:scheme_version", version).status_code == 404
    assert Visit(world.leo).get("teams:scheme_draft").status_code == 403
    assert Visit(world.sara).get("teams:scheme").status_code == 403
    answer = Visit(world.leo).get("teams:scheme_sheet", version)
    assert 'filename="delegationsordning-1.xlsx"' in answer.headers["Content-Disposition"]
    assert len(read_book(answer.content)) == len(SAMPLE) + 1
    assert read_book(Visit(world.adam).get("teams:scheme_sample").content)
