"""A caseload from another system: shown row by row, carried in by a job, each row whole or not at all, and no way to
learn of anybody whom the screens would not show."""

import io
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cases import operations as cases
from cases.models import AccessGrant, Case, CaseNote, Clock, Individual
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.jobs import operations as jobs
from exitprogram.jobs import runner
from exitprogram.jobs.models import Job
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.importing import CHILD, COLUMNS, caseload_template, read_caseload
from teams.models import CaseloadImport, CoordinatorAppointment
from tests.caseloads import begun, line
from tests.connections import connected
from tests.test_imports import XSS, file_of, hidden
from tests.visits import Visit, sees, text_of
from tests.world import World, email_of, today

# Of the Swedish Tax Agency's official test numbers.
GROWN, OTHER, THIRD = "196610232842", "199202252392", "191212121212"
HEADER = [one.title for one in COLUMNS.values()]
AHEAD = today() + timedelta(days=40)


def cells(**more):
    """One line of a file, as somebody would write it."""
    given = {
        "identity": "", "name": "Vera Väst", "programme": "vuxen", "opened_on": "2026-02-03",
        "worker": email_of("Anna Berg"), "coordinator": email_of("Leo Ek"), "agreed_on": "2026-03-10",
        "follow_up_on": AHEAD, "earlier": "A-17", "protected": "nej",
    }  # fmt: skip
    return list({**given, **more}.values())


def read(world, *lines):
    with acting(world.maud):
        return read_caseload(world.maud, file_of(HEADER, *lines))


def examined(world, *lines):
    """{row: sentence} of everything the file would do or cannot."""
    rows, faults = read(world, *lines)
    with acting(world.maud):
        outcomes = [*faults, *teams.examine_caseload(by=world.maud, rows=rows)]
    return {one.number: (one.what, one.sentence) for one in outcomes}


def run(row):
    with acting(row.asked_by):
        job = Job.objects.filter(subject_id=row.pk).first()
    runner.run(job.authority_id, job.pk)


def outcomes(world, row):
    with acting(world.maud):
        return CaseloadImport.objects.get(pk=row.pk).outcomes


def made():
    with connected("backup") as everything:
        return everything.execute("SELECT count(*) FROM cases_case").fetchone()[0]


class TestReading:
    def test_what_is_wrong_is_said_at_its_row_and_column(self, world):
        lines = [
            cells(identity="19661023-2843"),
            cells(opened_on=today() + timedelta(days=1), agreed_on=""),
            cells(worker="ingen@exempel.example", name="B"),
            cells(worker=email_of("Maud Chef"), name="C"),
            cells(programme="barn", name="D"),
            cells(identity=OTHER, opened_on="2005-01-01", name="E"),
            cells(name="Frida Fjäll"), cells(name="frida  fjäll"),
            cells(name="", identity=""),
            cells(follow_up_on="2026-01-01", name="G", protected="kanske"),
            cells(agreed_on="2026-02-01", name="H"),
            cells(opened_on="1026-02-01", name="I"),
        ]  # fmt: skip
        _rows, faults = read(world, *lines)
        assert [(one.number, one.column) for one in faults] == [
            (2, "Personnummer"), (3, "Öppnat"), (6, "Program"), (11, "Nästa uppföljning"),
            (11, "Skyddade personuppgifter"), (13, "Öppnat"), (4, "Handläggare (e-post)"), (5, "Handläggare (e-post)"),
            (7, "Öppnat"), (9, ""), (10, "Namn"), (12, "Plan överenskommen"),
        ]  # fmt: skip
        told = {one.number: one.sentence for one in faults}
        assert "Kontrollera siffrorna" in told[2] and told[3] == "Dagen ligger i framtiden." and told[6] == CHILD
        assert told[4] == "Ingen med den adressen arbetar hos er i dag." and "socialsekreterare" in told[5]
        assert told[9] == "Samma person som rad 8."

    def test_a_child_by_her_number_is_refused(self, world):
        with patch("teams.importing.is_of_age", return_value=False):
            assert CHILD in [one.sentence for one in read(world, cells(identity=GROWN))[1]]

    def test_a_role_that_ends_takes_no_case(self, world):
        with acting(world.adam):
            tenancy.end_member(by=world.adam, membership=world.anna, ends_on=AHEAD)
        assert "sista dag" in read(world, cells())[1][0].sentence

    def test_the_template_is_filled_in_and_read(self, world):
        workbook = load_workbook(io.BytesIO(caseload_template()))
        workbook.active.append(cells())
        kept = io.BytesIO()
        workbook.save(kept)
        with acting(world.maud):
            rows, faults = read_caseload(world.maud, kept.getvalue())
        assert faults == [] and [row["number"] for row in rows] == [4]

    def test_too_many_are_refused(self, world):
        with pytest.raises(Refused, match="Högst 100"):
            read(world, *[cells()] * 101)
        with pytest.raises(Refused, match="fler än 2000"):
            read(world, *[cells()] * 2000)


class TestExamining:
    def test_it_is_told_and_nothing_is_made(self, world):
        told = examined(world, cells(protected="ja"), cells(name="Vilma Ost", coordinator="", follow_up_on=""))
        assert (
            told[2][1].startswith("Nytt ärende hos Anna Berg, öppnat 3\xa0feb") and "Skyddas från början." in told[2][1]
        )
        assert told[2][0] == told[3][0] == "new" and "Vera" not in str(told)
        assert made() == 0
        with acting(world.maud):
            assert Individual.objects.count() == 0
            assert AuditEvent.objects.filter(action="person.searched", membership_id=world.maud.pk).count() == 2

    def test_somebody_who_is_here_is_found_as_by_a_search(self, world):
        hers = world.open_case(world.maud, world.person(world.maud, "Maja Maud", number=THIRD))
        world.open_case(individual=world.person(number=GROWN))
        told = examined(world, cells(identity=GROWN), cells(name="Maria Karlsson"), cells(name="Maja Maud"))
        assert told[2] == told[3] == ("fault", "Personen kan finnas redan. Fråga Anna Berg.")
        assert told[4] == ("fault", f"Personen finns redan, och ärendet är öppet: {hers.number}.")
        with acting(world.maud):
            assert AuditEvent.objects.filter(action="person.found", case_id=hers.pk).exists()

    @pytest.mark.parametrize("how", ["protected", "blocked"])
    def test_it_says_nothing_of_those_whom_a_search_does_not_show(self, world, how):
        """The very same answer as for a number that nobody has, and the row is carried out like any other."""
        protection = "secrecy_mark" if how == "protected" else "none"
        case = world.open_case(individual=world.person(name="Stina Skyddad", number=GROWN, protection=protection))
        if how == "blocked":
            with acting(world.anna):
                cases.block_access(by=world.anna, case=case, user=world.maud.user, kind="other", reason="skäl")
        there = examined(world, cells(identity=GROWN, worker=email_of("Leo Ek")))
        nobody = examined(world, cells(identity=OTHER, worker=email_of("Leo Ek")))
        assert there == nobody and there[2][0] == "new"
        row = begun(world.maud, world.leo, line(worker=email_of("Leo Ek"), identity=GROWN, name="Stina"))
        with acting(world.maud):
            teams.import_line(by=world.maud, caseload=row.pk, number=2)
        assert outcomes(world, row)["2"][0] == "new"


class TestDoing:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def world(self, transactional_db):
        return World()

    def rows(self, world, *lines):
        rows, faults = read(world, *lines)
        assert faults == []
        return rows

    def test_a_row_becomes_a_person_and_a_case(self, world):
        row = begun(world.maud, world.anna, *self.rows(world, cells(identity=GROWN, protected="ja")))
        run(row)
        [[what, sentence]] = outcomes(world, row).values()
        world.answers(world.anna, self.only(world))
        with acting(world.anna):
            case = Case.objects.visible_to(world.anna).get()
            assert (what, sentence) == ("new", f"Ärende {case.number} hos Anna Berg.")
            assert (case.worker_id, str(case.opened_on), case.created_by_id) == (
                world.anna.pk,
                "2026-02-03",
                world.maud.pk,
            )
            assert case.individual.guarded and case.individual.called[0] == "Vera Väst" and case.individual.name == ""
            note = CaseNote.objects.get(case=case)
            assert "A-17" in note.fact and "2026-03-10" in note.fact and note.signed_at
            clocks = dict(Clock.objects.filter(case=case, done_at=None).values_list("kind", "owner_id"))
            assert clocks == {"note_follow_up": world.anna.pk, "protection_review": world.anna.pk}
            assert CoordinatorAppointment.objects.get(case=case).membership_id == world.leo.pk
            actions = set(AuditEvent.objects.filter(case_id=case.pk).values_list("action", flat=True))
        assert {"case.opened", "case.worker_changed", "caseload.line_imported"} <= actions
        with acting(world.maud):
            assert not Case.objects.visible_to(world.maud).exists()

    def only(self, world):
        with connected("backup") as everything:
            [(pk,)] = everything.execute("SELECT id FROM cases_case").fetchall()
        return Case(pk=pk, authority_id=world.bollnas.pk)

    def test_nobody_is_named_outside_the_sealed_row(self, world):
        row = begun(world.maud, world.anna, *self.rows(world, cells(identity=GROWN, protected="ja", name="Kanarieny")))
        before = self.dump()
        run(row)
        for text in (before, self.dump()):
            assert [word for word in ("Kanarieny", GROWN, "A-17") if word in text] == []
        with acting(world.maud):
            assert CaseloadImport.objects.get(pk=row.pk).lines == {}

    def dump(self):
        with connected("backup") as everything:
            tables = ("jobs_job", "audit_auditevent", "teams_caseloadimport", "cases_notice")
            return "".join(str(everything.execute(f"SELECT t::text FROM {name} t").fetchall()) for name in tables)

    def test_a_worker_that_dies_half_way_makes_nothing_twice(self, world):
        row = begun(
            world.maud, world.anna, *self.rows(world, cells(name="Ada"), cells(name="Bodil"), cells(name="Cecilia"))
        )
        calls = []

        def dies(**given):
            answer = teams.import_line(**given)
            calls.append(given["number"])
            if len(calls) == 2:
                raise DatabaseError("gone")
            return answer

        with patch("teams.jobs.import_line", dies), pytest.raises(DatabaseError):
            run(row)
        assert made() == 1
        with connected("owner", autocommit=True) as owner:
            owner.execute("ALTER TABLE jobs_job NO FORCE ROW LEVEL SECURITY")
            owner.execute("UPDATE jobs_job SET claimed_at = claimed_at - interval '1 hour'")
            owner.execute("ALTER TABLE jobs_job FORCE ROW LEVEL SECURITY")
        run(row)
        assert made() == 3 and [what for what, _said in outcomes(world, row).values()] == ["new"] * 3
        run(row)
        with acting(world.maud):
            assert teams.import_line(by=world.maud, caseload=row.pk, number=2) is None
        assert made() == 3

    def test_a_row_that_cannot_be_is_told_and_the_others_are_made(self, world):
        row = begun(world.maud, world.anna, *self.rows(world, cells(name="Ada"), cells(name="Bodil")))
        world.open_case(individual=world.person(name="Ada"))
        run(row)
        told = outcomes(world, row)
        assert told["2"] == ["fault", "Personen kan finnas redan. Fråga Anna Berg."] and told["3"][0] == "new"
        assert made() == 2

    def test_half_a_row_is_no_row(self, world):
        row = begun(world.maud, world.anna, *self.rows(world, cells(name="Ada")))
        with patch("teams.operations.caseload.appoint_coordinator", side_effect=Refused("Nej.")):
            run(row)
        assert outcomes(world, row) == {"2": ["fault", "Nej."]} and made() == 0
        with connected("backup") as everything:
            assert everything.execute("SELECT count(*) FROM cases_individual").fetchone() == (0,)

    def test_it_is_stopped_and_gone_on_with(self, world):
        row = begun(world.maud, world.anna, *self.rows(world, cells(name="Ada"), cells(name="Bodil")))
        with acting(world.maud):
            jobs.cancel_job(by=world.maud, job=Job.objects.get(subject_id=row.pk))
            teams.import_line(by=world.maud, caseload=row.pk, number=2)
            teams.continue_import(by=world.maud, caseload=row)
            job = Job.objects.get(subject_id=row.pk, state="waiting")
            assert job.parts == ["3"]
        runner.run(job.authority_id, job.pk)
        assert made() == 2
        with acting(world.maud), pytest.raises(Refused, match="Alla rader"):
            teams.continue_import(by=world.maud, caseload=row)

    def test_one_reading_is_begun_once(self, world):
        rows, key = self.rows(world, cells(name="Ada")), uuid4()
        with acting(world.maud):
            row = teams.begin_import(by=world.maud, key=key, rows=rows)
            teams.forget_import(by=world.maud, caseload=row)
            with pytest.raises(Refused, match="redan inläst"):
                teams.begin_import(by=world.maud, key=key, rows=rows)
            job = Job.objects.get(subject_id=row.pk)
        runner.run(job.authority_id, job.pk)
        assert made() == 0

    def test_it_is_gone_after_a_day(self, world):
        row, other = begun(world.maud, world.anna), begun(world.maud, world.anna, line(worker="x", name="Annan"))
        with connected("owner", autocommit=True) as owner:
            owner.execute("ALTER TABLE teams_caseloadimport DISABLE TRIGGER USER")
            owner.execute("ALTER TABLE teams_caseloadimport NO FORCE ROW LEVEL SECURITY")
            owner.execute("UPDATE teams_caseloadimport SET expires_at = now() - interval '1 s' WHERE id = %s", [row.pk])
            owner.execute("ALTER TABLE teams_caseloadimport FORCE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE teams_caseloadimport ENABLE TRIGGER USER")
        with acting(world.maud):
            assert list(CaseloadImport.objects.all()) == [other]  # the database by itself
        runner.forget_expired()
        with connected("backup") as everything:
            assert everything.execute("SELECT id FROM teams_caseloadimport").fetchall() == [(other.pk,)]


class TestPassing:
    @pytest.fixture
    def case(self, world):
        return world.open_case(world.maud, world.person(world.maud, "Vera Chefs"))

    def test_the_one_who_takes_over_is_asked_and_the_one_who_opened_it_is_out(self, world, case):
        with acting(world.maud):
            teams.pass_case(by=world.maud, case=case, membership=world.leo)
            assert not Case.objects.visible_to(world.maud).exists()
        with acting(world.leo):
            assert not Case.objects.visible_to(world.leo).exists()
        world.answers(world.leo, case)
        with acting(world.leo):
            assert Case.objects.visible_to(world.leo).get().worker_id == world.leo.pk
            assert AccessGrant.objects.filter(membership=world.leo).get().granted_by_id == world.maud.pk

    def test_it_goes_to_nobody_else(self, world, case):
        with acting(world.maud):
            for who in (world.maud, world.adam, world.cilla, world.sara):
                with pytest.raises(Refused):
                    teams.pass_case(by=world.maud, case=case, membership=who)
                with pytest.raises(DatabaseError, match="inte ditt att lämna"), transaction.atomic():
                    connection.cursor().execute("SELECT wall.pass_case(%s, %s)", [case.pk, who.pk])

    def test_the_database_alone_lets_nobody_else_pass_it(self, world, case):
        for who in (world.anna, world.adam, world.cilla):
            with acting(who), pytest.raises(DatabaseError, match="inte ditt att lämna"), transaction.atomic():
                connection.cursor().execute("SELECT wall.pass_case(%s, %s)", [case.pk, world.leo.pk])
        annas = world.case
        with acting(world.anna):  # open to her, and still not hers to pass on
            cases.grant_access(by=world.anna, case=annas, membership=world.maud, kind="named", reason="stöd")
        with acting(world.maud):
            assert Case.objects.visible_to(world.maud).filter(pk=annas.pk).exists()
            with pytest.raises(DatabaseError, match="inte ditt att lämna"), transaction.atomic():
                connection.cursor().execute("SELECT wall.pass_case(%s, %s)", [annas.pk, world.leo.pk])
            with pytest.raises(NotAllowed):
                teams.pass_case(by=world.maud, case=annas, membership=world.leo)


def upload(visit, data):
    from django.core.files.uploadedfile import SimpleUploadedFile

    body = {"file": SimpleUploadedFile("fil.xlsx", data), "form_key": str(uuid4())}
    return visit.client.post(reverse("teams:caseload_new"), body)


def test_the_pages(world):
    maud = Visit(world.maud)
    page = upload(maud, file_of(HEADER, cells(name=XSS, earlier=XSS), cells(name="Bodil", protected=XSS[:30])))
    assert XSS not in text_of(page) and sees(page, "Läs in 1 ärende", "&lt;script&gt;", "Skyddade personuppgifter")
    assert "Bodil" not in text_of(page)
    sealed, key = hidden(page), str(uuid4())
    answer = maud.post("teams:caseload_new", rows=sealed, form_key=key)
    assert maud.post("teams:caseload_new", rows=sealed, form_key=key).url == answer.url
    assert sees(maud.post("teams:caseload_new", rows=sealed, follow=True), "redan inläst")
    page = maud.client.get(answer.url)
    assert sees(page, "0 av 1 rader", "Det pågår")
    with acting(world.maud):
        row = CaseloadImport.objects.get()
        job = Job.objects.get()
        jobs.cancel_job(by=world.maud, job=job)
    assert sees(maud.client.get(answer.url), "1 rad är inte gjord", "Fortsätt") or sees(
        maud.client.get(answer.url), "Fortsätt"
    )
    maud.post("teams:caseload_continue", row)
    assert sees(maud.client.get(answer.url), "Det pågår")
    assert sees(maud.post("teams:caseload_forget", row, follow=True), "är borta")
    assert maud.client.get(answer.url).status_code == 404


def statements(world, how_many):
    rows, _faults = read(world, *[cells(name=f"{chr(65 + n)}abcde Fin") for n in range(how_many)])
    with acting(world.maud), CaptureQueriesContext(connection) as asked:
        teams.examine_caseload(by=world.maud, rows=rows)
    return len(asked)


def test_each_row_costs_the_same(world):
    few, more = statements(world, 2), statements(world, 6)
    assert (more - few) / 4 <= 15, (few, more)
