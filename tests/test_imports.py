"""Units and people from a spreadsheet: shown line by line, then all of it by the screens' operations, or nothing."""

import io
import re
import time
import uuid
import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from exitprogram.audit.models import AuditEvent
from exitprogram.errors import Refused, Stale
from exitprogram.sheets.book import MACROS, UNREADABLE, read_book
from exitprogram.sheets.carried import KEPT_SECONDS, brought_back, carried
from exitprogram.tenancy import imports, operations
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership, Unit, User
from tests.visits import Visit, sees, text_of
from tests.world import World, email_of, today

PEOPLE = ("Namn", "E-post", "Roll", "Titel", "Enhet", "Från och med", "Till och med")
UNITS = ("Enhet", "Leds av (e-post)", "Från och med", "Till och med")
NEW = ("Nora Ny", "nora.ny@exempel.example", "Socialsekreterare", "", "", None, "tills vidare")
XSS = "<script>alert(1)</script>"


def file_of(header, *lines):
    workbook = Workbook()
    for line in (header, *lines):
        workbook.active.append(line)
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def upload(visit, what, data, **more):
    body = {"file": SimpleUploadedFile("fil.xlsx", data), "form_key": str(uuid.uuid4()), **more}
    return visit.client.post(reverse(f"tenancy:{what}_import"), body)


def hidden(answer):
    found = re.search(r'name="rows" value="([^"]+)"', text_of(answer))
    return found and found[1]


def tried(world, what, *lines):
    with acting(world.adam):
        rows, faults = imports.read_rows(world.adam, what, file_of(PEOPLE if what == "people" else UNITS, *lines))
        return rows, [*faults, *imports.tried_out(world.adam, what, rows)]


def said(outcomes):
    return [(one.number, one.what, one.column, one.sentence) for one in outcomes]


def counts(world):
    with acting(world.adam):
        return (
            Membership.objects.filter(authority_id=world.bollnas.pk).count(), Unit.objects.count(),
            AuditEvent.objects.exclude(action="session.opened").count(), User.objects.count(),
        )  # fmt: skip


@pytest.fixture
def adam(world):
    return Visit(world.adam)


@pytest.fixture
def unit(world):
    with acting(world.adam):
        return operations.add_unit(by=world.adam, name="Vuxna", managers=[world.maud])


def test_units_and_people_are_shown_and_then_made(world, adam, unit):
    before = counts(world)
    line = ("Mottagningen", f"{email_of('Maud Chef')}", str(today()), "tills vidare")
    page = upload(adam, "units", file_of(UNITS, line, ("Vuxna", "", "", "")))
    assert sees(page, "Ny enhet. Leds av Maud Chef.", "1 nya, 0 ändrade, 1 finns redan så") and counts(world) == before
    assert sees(adam.post("tenancy:units_import", rows=hidden(page), follow=True), "Inläst: 1 nya")
    leo = ("Leo Ek", email_of("Leo Ek"), "Socialsekreterare", "", "mottagningen", "", today() + timedelta(days=9))
    page = upload(adam, "people", file_of(PEOPLE, NEW, leo))
    assert sees(page, "Ny: Socialsekreterare, tills vidare.", "Enhet: Mottagningen. Sista dag:")
    assert sees(adam.post("tenancy:people_import", rows=hidden(page), follow=True), "Inläst: 1 nya, 1 ändrade.")
    with acting(world.adam):
        nora = Membership.objects.get(user__email="nora.ny@exempel.example")
        world.leo.refresh_from_db()
        assert (nora.role, nora.ends_on, nora.starts_on) == ("social_worker", None, today())
        assert (world.leo.unit.name, world.leo.ends_on) == ("Mottagningen", today() + timedelta(days=9))
        assert Membership.objects.get(pk=world.anna.pk).ends_on is None
        actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert {"units.read_in", "people.read_in", "unit.added", "membership.added", "membership.placed"} <= set(actions)


def test_what_is_wrong_is_said_at_its_row_and_column(world, unit):
    lines = [
        ("", "fel", "Kung", "", "", "i går", ""),
        ("A", "a@b.example", "Socialsekreterare", "", "Saknas", "", "tills vidare"),
        ("B", email_of("Adam Admin"), "Enhetschef", "", "", "", "tills vidare"),
        NEW, NEW,
        ("C", "c@b.example", "Enhetschef", "", "", "2026-05-02", "2026-05-01"),
        ("D", "d@b.example", "Hälso- och sjukvården", "", "", "", "tills vidare"),
    ]  # fmt: skip
    _rows, outcomes = tried(world, "people", *lines)
    faults = [one for one in outcomes if one.what == "fault"]
    where = {(one.number, one.column) for one in faults}
    cells = {(2, "Namn"), (2, "E-post"), (2, "Roll"), (2, "Från och med"), (2, "Till och med"), (8, "Roll")}
    assert where == cells | {(3, ""), (4, ""), (6, ""), (7, "")}
    told = {one.number: one.sentence for one in faults}
    assert told[3] == "Enheten Saknas finns inte. Läs in enheterna först, eller rätta namnet."
    assert told[4] == "Du kan inte ge dig själv en roll. Be en annan administratör." and told[6] == "Samma som rad 5."
    assert told[7] == "Sista dagen ligger före första dagen."
    _rows, outcomes = tried(world, "units", ("Ny", email_of("Anna Berg"), "", ""), ("Vuxna", "", "2020-01-01", ""))
    assert "är inte enhetschef hos er" in outcomes[0].sentence and "går inte att ändra" in outcomes[1].sentence


def test_nothing_is_done_when_one_line_is_wrong(world, adam):
    page = upload(adam, "people", file_of(PEOPLE, NEW, ("B", "fel", "Enhetschef", "", "", "", "tills vidare")))
    assert hidden(page) is None and sees(page, "Rätta det här i filen", "Nora Ny")
    before = counts(world)
    with acting(world.adam):
        rows = [{"number": 2, "name": "N", "email": "n@n.example", "role": "social_worker", "title": "", "unit": "x",
                 "starts_on": "", "ends_on": "open"}]  # fmt: skip
        shown = imports.plain(imports.tried_out(world.adam, "people", rows))
        with pytest.raises(Refused, match="fel i filen"):
            operations.read_in(by=world.adam, what="people", rows=rows, shown=shown)
    assert counts(world) == before


def test_a_second_press_does_it_once(world, adam):
    sealed, key = hidden(upload(adam, "people", file_of(PEOPLE, NEW))), str(uuid.uuid4())
    for _press in range(2):
        adam.post("tenancy:people_import", rows=sealed, form_key=key)
    with acting(world.adam):
        assert Membership.objects.filter(user__email=NEW[1]).count() == 1
    again = adam.post("tenancy:people_import", rows=sealed)
    assert again.status_code == 409 and sees(again, "Ny: Socialsekreterare", "Finns redan så.") and not hidden(again)


@pytest.mark.django_db(transaction=True)
def test_one_mail_that_fails_stops_no_other(transactional_db):
    world, sent = World(), []

    def post(**mail):
        sent.append(mail["to"])
        if len(sent) == 1:
            raise OSError

    adam = Visit(world.adam)
    sealed = hidden(upload(adam, "people", file_of(PEOPLE, NEW, ("Olle Ny", "olle.ny@exempel.example", *NEW[2:]))))
    with patch("exitprogram.tenancy.passwords.send_password_link", post):
        assert sees(adam.post("tenancy:people_import", rows=sealed, follow=True), "Inläst: 2 nya")
    assert sent == [NEW[1], "olle.ny@exempel.example"]


def test_somebody_changed_it_meanwhile(world, adam, unit):
    line = ("Leo Ek", email_of("Leo Ek"), "Socialsekreterare", "", "Vuxna", "", "tills vidare")
    sealed = hidden(upload(adam, "people", file_of(PEOPLE, line, NEW)))
    with acting(world.adam):
        operations.place_member(by=world.adam, membership=world.leo, unit=unit)
    before = counts(world)
    answer = adam.post("tenancy:people_import", rows=sealed)
    assert answer.status_code == 409 and counts(world) == before
    assert sees(answer, "Enhet: Vuxna.", "Finns redan så.", "Inget är sparat")
    assert sees(adam.post("tenancy:people_import", rows=hidden(answer), follow=True), "Inläst: 1 nya, 0 ändrade.")
    with acting(world.adam), pytest.raises(Stale):
        operations.read_in(by=world.adam, what="people", rows=[], shown=[{"number": 1}])


def test_what_the_page_carries_is_ones_own_and_for_an_hour(world, adam, monkeypatch):
    with acting(world.adam):
        sealed = carried(world.adam, "people", ["Nora"])
        assert brought_back(world.adam, "people", sealed) == ["Nora"] and "Nora" not in sealed
        broken = sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:]
        wrong = [(world.siv, "people", sealed), (world.adam, "units", sealed)]
        for by, what, text in [*wrong, *((world.adam, "people", text) for text in (broken, "å", "", "AAAA"))]:
            with pytest.raises(Refused, match="Läs in den igen"):
                brought_back(by, what, text)
        now = time.time()
        monkeypatch.setattr("exitprogram.sheets.carried.time.time", lambda: now + KEPT_SECONDS + 2)
        with pytest.raises(Refused, match="Läs in den igen"):
            brought_back(world.adam, "people", sealed)
        monkeypatch.undo()
    assert sees(adam.post("tenancy:people_import", rows="abc", follow=True), "Läs in den igen")


@pytest.mark.parametrize("what", ["units", "people"])
def test_the_template_is_read_in_when_it_is_filled_in(world, adam, what):
    answer = adam.get(f"tenancy:{what}_template")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert sees(upload(adam, what, answer.content), "inga rader att läsa")
    workbook = load_workbook(io.BytesIO(answer.content))
    workbook.active.append(("Ny enhet",) if what == "units" else NEW)
    kept = io.BytesIO()
    workbook.save(kept)
    page = upload(adam, what, kept.getvalue())
    assert hidden(page) and sees(page, "1 nya, 0 ändrade")


def test_hostile_text_is_shown_as_text(world, adam):
    page = upload(adam, "units", file_of(UNITS, (XSS, "", "", ""), (f"{XSS}2", XSS, "", "")))
    assert XSS not in text_of(page) and sees(page, "&lt;script&gt;alert(1)&lt;/script&gt;")


def macro(data):
    kept = io.BytesIO(data)
    with zipfile.ZipFile(kept, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    return kept.getvalue()


def bomb():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return kept.getvalue()


GOOD = file_of(PEOPLE, NEW)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("Namn;Roll\nÅsa;Enhetschef".encode("latin-1"), UNREADABLE),
        (b"PK\x03\x04 trasig", UNREADABLE),
        (macro(GOOD), MACROS),
        (bomb(), "när den packas upp"),
        (b"x" * 1_000_001, "för stor"),
        (file_of(("Kolumn", "Annan"), ("a", "b")), "känns inte igen"),
        (file_of(("Namn", "Roll"), ("a", "b")), "saknas"),
        (file_of(PEOPLE, ("=1+1", *NEW[1:])), "formel"),
        (file_of(PEOPLE, *[NEW] * 301), "Högst 300"),
        (file_of(PEOPLE, *[NEW] * 2000), "fler än 2000 rader"),
    ],
    ids=[
        "csv",
        "broken",
        "macro",
        "bomb",
        "large",
        "wrong sheet",
        "column missing",
        "formula",
        "301 rows",
        "2000 rows",
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(world, adam, data, sentence):
    page = upload(adam, "people", data)
    assert page.status_code == 200 and sees(page, sentence) and hidden(page) is None


def test_a_file_that_is_refused_opens_nothing(world):
    with pytest.raises(Refused, match="makron"):
        read_book(macro(GOOD))
    assert read_book(GOOD)[0][0] == 1


def statements(world, how_many):
    lines = [(f"N {n}", f"n{n}@exempel.example", *NEW[2:]) for n in range(how_many)]
    with (
        acting(world.adam),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        rows, _faults = imports.read_rows(world.adam, "people", file_of(PEOPLE, *lines))
        imports.tried_out(world.adam, "people", rows)
    return len(asked)


def test_each_line_costs_the_same(world):
    few, more = statements(world, 5), statements(world, 15)
    assert (more - few) / 10 <= 14, (few, more)
