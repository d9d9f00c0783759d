"""The plan as a document: what is in each copy, what it is technically, and the command that makes one."""

from datetime import date
from io import StringIO

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from cases.models import Disclosure
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.exports import document, recipient_of
from plans.models import Goal
from tests.pdftext import words_of
from tests.world import today

ELSEWHERE = "Egen dörr att stänga"  # in housing, which no consent covers
HOSTILE = [
    '<img src="file:///etc/passwd">', "<link rel=attachment href=file:///etc/passwd>", "<script>x()</script>",
    '<a href="https://annan.invalid/">här</a>', "{{ content }}{% include 'base.html' %}",
    '<style>@import url("https://annan.invalid/x.css"); body { display: none }</style>',
]  # fmt: skip


@pytest.fixture
def plan(world):
    """Agreed, with goals in health and housing, and Sara covered for health. Mika is in the team without cover."""
    world.consent(), world.coordinator()
    world.waiver(world.region, "health")
    world.sara_member, _ = world.join(world.sara, presented_as="M, 30 år"), world.join(world.mika)
    version = world.draft()
    with acting(world.anna):
        goal = plans.add_goal(by=world.anna, plan_version=version, area="housing", own_words=ELSEWHERE)
        plans.add_measure(
            by=world.anna, goal=goal, title="Andrahandskontrakt", principal_kind="social", principal=world.bollnas
        )
        return plans.agree_version(by=world.anna, plan_version=version)


def export(case, path, recipient="individual", **more):
    said = StringIO()
    call_command("export_plan", case.number, recipient=recipient, out=path, stdout=said, **more)
    return said.getvalue()


def released(world):
    with acting(world.anna):
        rows = list(Disclosure.objects.order_by("copy_number"))
        events = AuditEvent.objects.filter(action="plan.copy_released").order_by("created_at")
        return rows, list(events)


def test_the_command_writes_the_individuals_copy_and_writes_it_down(world, plan, tmp_path):
    path = tmp_path / "plan.pdf"
    assert export(world.case, path) == f"Kopia 1 av version 1 ligger i {path}.\n"
    text = words_of(path)
    for part in ("Sova en hel natt", ELSEWHERE, "Maria Karlsson", "Lugn", "Anna Berg", "kopia 1", world.case.number):
        assert part in text
    [row], [event] = released(world)
    assert (row.recipient_kind, row.copy_number, row.disclosed_by_id) == ("individual", 1, world.anna.pk)
    assert (event.details["via"], event.membership_id) == ("command", world.anna.pk)


def test_the_boards_own_copy(world, plan, tmp_path):
    export(world.case, tmp_path / "own.pdf", "own", by=world.anna.user.email)
    assert ELSEWHERE in words_of(tmp_path / "own.pdf")
    assert released(world)[0][0].recipient_kind == "own"


def test_a_members_copy_holds_her_area_and_no_more(world, plan, tmp_path):
    export(world.case, tmp_path / "sara.pdf", "sara lind")
    text = words_of(tmp_path / "sara.pdf")
    assert "Sova en hel natt" in text
    assert "M, 30 år" in text
    for hidden in (ELSEWHERE, "Andrahandskontrakt", "Lugn", "Maria", "Karlsson", "Boende", "prostitution"):
        assert hidden not in text
    with pikepdf.open(tmp_path / "sara.pdf") as pdf:
        assert "Maria" not in str(pdf.docinfo)
        assert ELSEWHERE.encode() not in b"".join(page.Contents.read_bytes() for page in pdf.pages)


@pytest.mark.parametrize(
    "more, sentence",
    [
        ({"recipient": "Mika"}, "saknar samtycke. Det går att lämna till: individual, own, Sara Lind"),
        ({"recipient": "Region Dalarna"}, "Mottagaren känns inte igen"),
        ({"recipient": ""}, "Mottagaren känns inte igen"),
        ({"by": "leo.ek@exempel.invalid"}, "inte öppet för den som lämnar ut"),
        ({"by": "cilla.norr@exempel.invalid"}, "inte öppet för den som lämnar ut"),
        ({"by": "sara.lind@exempel.invalid"}, "inte öppet för den som lämnar ut"),
        ({"by": "adam.admin@exempel.invalid"}, "inte öppet för den som lämnar ut"),
        ({"by": "ingen@exempel.invalid"}, "Det finns ingen med den e-postadressen."),
        ({"authority": "Socialnämnden, Söderhamns kommun"}, "Ange nämnd med --authority"),
    ],
)
def test_the_command_refuses_and_writes_nothing(world, plan, tmp_path, more, sentence):
    with pytest.raises(CommandError, match=sentence):
        export(world.case, tmp_path / "no.pdf", **more)
    assert not (tmp_path / "no.pdf").exists()
    assert released(world) == ([], [])


def test_an_unknown_case_is_refused_in_the_same_words_of(world, plan, tmp_path):
    for more in ({}, {"by": world.anna.user.email}):
        with pytest.raises(CommandError) as why:
            call_command("export_plan", "2020-9999", out=tmp_path / "no.pdf", **more)
        assert "Ange nämnd" in str(why.value) or "Ärendet finns inte, har ingen plan" in str(why.value)


def test_a_file_that_cannot_be_written_is_no_disclosure(world, plan, tmp_path):
    with pytest.raises(OSError, match="directory"):
        export(world.case, tmp_path / "finns inte" / "plan.pdf")
    assert released(world) == ([], [])


def bytes_for(world, version, key="individual", number=1, made_on=date(2026, 11, 24)):
    with acting(world.anna):
        return document(version, recipient_of(version.case, str(key)), copy_number=number, made_on=made_on)


def test_it_is_an_archive_copy_that_a_screen_reader_can_read(world, plan, tmp_path):
    (tmp_path / "plan.pdf").write_bytes(bytes_for(world, plan))
    with pikepdf.open(tmp_path / "plan.pdf") as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo.Title) == "Samordnad individuell plan, version 1"
        assert {str(key) for key in pdf.docinfo} <= {"/Title", "/Producer"}
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
        descriptors = [obj for obj in pdf.objects if _is(obj, "/FontDescriptor")]
        assert descriptors
        assert all(set(map(str, font.keys())) & {"/FontFile2", "/FontFile3"} for font in descriptors)


def _is(obj, kind):
    return isinstance(obj, pikepdf.Dictionary) and str(obj.get("/Type", "")) == kind


def test_the_same_copy_is_the_same_bytes(world, plan):
    first = bytes_for(world, plan)
    assert first == bytes_for(world, plan)
    assert len({first, bytes_for(world, plan, number=2), bytes_for(world, plan, "own")}) == 3


def test_an_agreed_version_prints_what_was_agreed(world, plan, tmp_path):
    before = bytes_for(world, plan)
    with acting(world.anna):
        later = plans.new_version(by=world.anna, plan=plan.plan)
        plans.save_goal(by=world.anna, goal=later.goals.first(), expected=None, own_words="Något nytt", wording="")
    assert bytes_for(world, plan) == before
    (tmp_path / "draft.pdf").write_bytes(bytes_for(world, later))
    assert "UTKAST" in words_of(tmp_path / "draft.pdf")


def test_hostile_text_is_only_text(world, tmp_path, monkeypatch):
    version = world.draft()
    with acting(world.anna):
        row = Goal.objects.get()
        plans.save_goal(by=world.anna, goal=row, expected=None, own_words=" ".join(HOSTILE), wording=HOSTILE[0])
        version = plans.save_version(
            by=world.anna, plan_version=version, expected=version.version, what_matters="\n".join(HOSTILE),
            participation=HOSTILE[1], starts_on=today(),
        )  # fmt: skip
    path = tmp_path / "hostile.pdf"
    path.write_bytes(bytes_for(world, version, "own"))
    text = words_of(path)
    for part in ("<img src=", "rel=attachment", "<script>x()</script>", "{{ content }}", "@import url("):
        assert part in text
    assert "root:" not in text
    with pikepdf.open(path) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert "/AF" not in pdf.Root
        kinds = {
            str(obj.get("/S", obj.get("/Subtype", ""))) for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)
        }
        assert not kinds & {"/JavaScript", "/URI", "/Launch", "/Image", "/FileAttachment", "/EmbeddedFile"}
