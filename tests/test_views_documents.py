"""Papers and destruction on screen: what is typed stays, every refusal is by its field, and files leave as files."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import operations as cases
from cases.models import DisposalCertificate, DisposalList, Document, RetentionMark
from exitprogram.jobs.models import Job
from exitprogram.scan import clamd
from exitprogram.tenancy.acting import acting
from tests.papers import child_worker_since_long, old_case, paper, pdf, picture
from tests.test_clamd import FakeClamd
from tests.visits import Visit, sees, text_of
from tests.world import today


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def anna(world):
    return Visit(world.anna)


def sent(visit, case, data=None, name="intyg.pdf", **more):
    given = {
        "title": "Intyg", "kind": "certificate", "area": "health", "received_from": "Vårdcentralen",
        "received_on": str(today()), "open_to": "case", "form_key": str(uuid4()), **more,
    }  # fmt: skip
    if data is not None:
        given["file"] = SimpleUploadedFile(name, data)
    return visit.client.post(reverse("cases:document_new", args=[case.pk]), given)


def only(world):
    with acting(world.anna):
        return Document.objects.get(case=world.case)


def test_a_paper_comes_in_and_goes_out(world, anna):
    whole = pdf("hej")
    response = sent(anna, world.case, whole)
    row = only(world)
    assert response.status_code == 302 and response.url == reverse("cases:document", args=[world.case.pk, row.pk])
    page = anna.get("cases:document", world.case, row)
    assert sees(page, "Intyg", "Vårdcentralen", "Inte genomsökt", "demonstration utan skydd")
    out = anna.get("cases:document_file", world.case, row)
    assert out.content == whole
    assert out.headers["Content-Disposition"] == 'attachment; filename="dokument.pdf"'
    assert out.headers["Content-Type"] == "application/octet-stream"
    assert out.headers["X-Content-Type-Options"] == "nosniff" and out.headers["Cache-Control"] == "no-store"
    assert out.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "document.viewed" in anna.logged()
    assert sees(anna.get("cases:documents", world.case), "Intyg", "Alla hos oss i ärendet")


def test_the_file_shows_in_the_file_menu(world, anna):
    assert sees(anna.get("plans:person", world.case), "Handlingar", "Gallring")


@pytest.mark.parametrize(
    "data, name, sentence",
    [(None, "", "Välj en fil."), (b"", "x.pdf", "Filen är tom."), (b"MZ", "x.exe", "Den sortens fil kan inte tas emot"),
     (picture(), "x.pdf", "innehåller något annat"), (b"%PDF-1.7 x", "x.pdf", "skadad")],
)  # fmt: skip
def test_a_refusal_is_by_its_field_and_nothing_typed_is_lost(world, anna, data, name, sentence):
    response = sent(anna, world.case, data, name, title="Mitt långa ord")
    assert response.status_code == 200
    assert sees(response, sentence, "Mitt långa ord", "Vårdcentralen", "Filen behöver väljas igen", "id_file_error")
    with acting(world.anna):
        assert not Document.objects.exists()


def test_a_file_that_is_too_large_says_so(world, anna, settings):
    settings.LARGEST_FILE = 1_000_000
    assert sees(sent(anna, world.case, pdf() + b" " * 1_200_000), "Högst 1 MB kan tas emot")


def test_nothing_of_an_upload_touches_a_disk(world, anna, settings, tmp_path):
    """Django's own handler writes what is large to a temporary file, in the clear."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")
    assert sent(anna, world.case, b"a" * 3_000_000, "x.txt").status_code == 302


def test_the_missing_words_are_asked_for(world, anna):
    response = sent(anna, world.case, pdf(), title="", received_from="", received_on="2099-01-01")
    assert text_of(response).count("Fel: ") >= 3 and sees(response, "Dagen ligger i framtiden.")


def test_the_same_file_again(world, anna):
    whole = pdf()
    sent(anna, world.case, whole)
    assert sees(sent(anna, world.case, whole, title="Igen", extra="1"), "Samma fil finns redan i akten: Intyg.")


def test_a_scanner_that_is_down(world, anna, settings, monkeypatch):
    monkeypatch.setattr(clamd, "SECONDS", 0.5)
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    sent(anna, world.case, pdf())
    row = only(world)
    page = anna.get("cases:document", world.case, row)
    assert sees(page, "Väntar på genomsökning", "Ingen kan öppna filen", "Sök igenom nu") and not sees(
        page, "Hämta filen"
    )
    assert anna.get("cases:document_file", world.case, row).status_code == 302
    assert sees(anna.get("cases:documents", world.case), "Den prövas igen varje minut")
    assert sees(anna.client.get(anna.post("cases:document_rescan", world.case, row).url), "svarar inte än")
    server = FakeClamd()
    settings.CLAMD_URL = server.url
    anna.post("cases:document_rescan", world.case, row)
    server.close()
    assert sees(anna.get("cases:document", world.case, row), "Genomsökt", "Hämta filen")


def test_who_reads_is_chosen(world, anna):
    world.join(world.maud)
    sent(anna, world.case, pdf())
    row = only(world)
    anna.post("cases:document_readers", world.case, row, version=1, open_to="named", members=[world.maud.pk])
    assert sees(anna.get("cases:document", world.case, row), "Maud Chef", "ingen annan hos oss")
    stale = anna.post("cases:document_readers", world.case, row, version=1, open_to="case")
    assert stale.status_code == 409 and sees(stale, "ändrade läsarna nyss", "Maud Chef")
    maud = Visit(world.maud)
    assert maud.get("cases:document", world.case, row).status_code == 200
    anna.post("cases:document_readers", world.case, row, version=2, open_to="named")
    assert maud.get("cases:document", world.case, row).status_code == 404
    assert maud.get("cases:document_file", world.case, row).status_code == 404


def test_a_party_is_ticked_where_something_covers(world, anna):
    sent(anna, world.case, pdf())
    row = only(world)
    assert not sees(anna.get("cases:document_readers", world.case, row), "Parter utanför nämnden")
    world.waiver(world.region, "housing")
    world.join(world.sara)
    refused = anna.post("cases:document_readers", world.case, row, version=1, open_to="case", parties=[world.region.pk])
    assert sees(refused, "Inget täcker området")
    world.waiver(world.region, "health")
    anna.post("cases:document_readers", world.case, row, version=1, open_to="case", parties=[world.region.pk])
    sara = Visit(world.sara)
    page = sara.get("plans:contributions")
    assert sees(page, "Handlingar", reverse("plans:shared_document", args=[row.pk])) and not sees(page, "Vårdcentralen")
    out = sara.get("plans:shared_document", row)
    assert out.headers["Content-Disposition"] == 'attachment; filename="dokument.pdf"'
    assert "document.viewed" in sara.logged(seen_by=world.anna)


def test_a_guardian(world, anna):
    sent(anna, world.case, pdf())
    row = only(world)
    assert sees(anna.post("cases:document_statement", world.case, row, who="guardian", may_read="no", ground="Risk."),
                "Skriv vårdnadshavarens namn.")  # fmt: skip
    anna.post("cases:document_statement", world.case, row, who="guardian", name="Mor", may_read="no", ground="Risk.")
    assert sees(anna.get("cases:document", world.case, row), "Mor", "får inte lämnas ut", "Risk.")


# Gallring


def test_the_dry_run_shows_numbers_and_reasons_and_no_person(world):
    due, kept = old_case(world), old_case(world, born="1966-01-05", name="Bevarad Person")
    for who in (world.maud, world.adam):
        page = Visit(who).get("cases:retention")
        assert sees(page, due.number, kept.number, "Gallras fem år efter", "urvalet som bevaras för forskning")
        assert sees(page, "16 kap. 4 §") or sees(page, "12 kap. 2 §")
        assert not [name for name in ("Gammal", "Bevarad", "1966") if name in text_of(page)]
    assert "Gallring" not in text_of(Visit(world.anna).get("plans:my_day"))


def test_the_whole_way_on_screen(world):
    due = old_case(world)
    maud, adam = Visit(world.maud), Visit(world.adam)
    assert sees(maud.post("cases:disposal_prepare"), "Välj minst ett ärende.")
    made = maud.post("cases:disposal_prepare", case=[due.pk])
    assert made.status_code == 302
    with acting(world.maud):
        row = DisposalList.objects.get()
    assert sees(maud.get("cases:disposal", row), due.number, "Signera listan")
    maud.post("cases:disposal_sign", row)
    assert sees(maud.get("cases:disposal", row), "Du har signerat. En annan person")
    maud.post("cases:disposal_sign", row)
    early = adam.post("cases:disposal_carry_out", row, follow=True)
    assert sees(early, "Listan ska vara signerad av två olika personer.")
    adam.post("cases:disposal_sign", row)
    assert sees(adam.get("cases:disposal", row), "Gallra 1 ärende nu")
    assert sees(adam.post("cases:disposal_carry_out", row, follow=True), "Gallringen pågår.")
    with acting(world.adam):
        job = Job.objects.get()
        cases.carry_out_disposal(by=world.adam, disposal=row)  # as the worker does, tests/test_jobs.py
        Job.objects.filter(pk=job.pk).update(state="done")
    done = adam.get("cases:disposal", row)
    assert sees(done, "Bevis om gallring", "Personakter", "Maud Chef", "Adam Admin") and due.number not in text_of(done)
    with acting(world.maud):
        assert DisposalCertificate.objects.get().cases == 1
    assert Visit(world.anna).get("plans:person", due).status_code == 404
    assert sees(maud.get("cases:retention"), "Inget ärende ska gallras i dag.", "Bevis")


@pytest.mark.parametrize("name", ["cases:disposal_sign", "cases:disposal_carry_out"])
def test_the_password_again_before_anything_is_destroyed(world, name):
    with acting(world.maud):
        row = cases.prepare_disposal(by=world.maud, case_ids=[old_case(world).pk])
    maud = Visit(world.maud)
    maud.confirm(ago=3600)
    response = maud.post(name, row)
    assert response.status_code == 302 and response.url.startswith(reverse("tenancy:again"))
    with acting(world.maud):
        assert DisposalList.objects.get().signed_first_by is None


def test_a_hold_from_the_desk_and_its_end_in_the_file(world, anna):
    due = old_case(world)
    adam = Visit(world.adam)
    assert adam.get("cases:retention_hold", world.case).status_code == 404  # not closed: nothing to hold
    adam.post("cases:retention_hold", due, reason="Skadestånd")
    assert sees(adam.get("cases:retention"), "Rättslig spärr")
    assert sees(anna.get("cases:case_retention", due), "Skadestånd", "Bevaras")
    with acting(world.anna):
        mark = RetentionMark.objects.get()
    assert sees(anna.post("cases:mark_end", due, mark, reason=""), "Fel: ")
    anna.post("cases:mark_end", due, mark, reason="Tvisten är slut.")
    assert sees(adam.get("cases:retention"), "Gör en lista att signera")


def test_a_childs_question_is_asked_in_the_childs_file_only(world, anna):
    assert not sees(anna.get("cases:case_retention", world.case), "placerat")
    child_worker_since_long(world)
    child = old_case(world, born="2012-03-04", programme="child", target_group="images", name="Ungt Barn")
    assert sees(anna.get("cases:case_retention", child), "Barnet har aldrig varit placerat", "Ingen har svarat")
    anna.post("cases:case_retention", child, kind="not_placed", reason="Kollat i akten.")
    assert sees(anna.get("cases:case_retention", child), "Gallras från")


def test_one_that_is_only_named_sees_nothing_of_it(world):
    with acting(world.anna):
        cases.add_document(**paper(world.case, world.anna, title="Hemligt brev"))
    world.join(world.mika)
    assert not sees(Visit(world.mika).get("plans:contributions"), "Hemligt", "Handlingar")
