"""The way of a case to the archive: who asks, who answers, what the database says by itself, and what is gone when."""

from datetime import timedelta

import pytest
from cryptography import x509
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from cases import lapsed, retention, vault
from cases import operations as cases
from cases.models import AccessGrant, ArchiveExport, Case, Notice
from exitprogram.audit.models import AuditEvent
from exitprogram.demo.clock import at
from exitprogram.errors import NotAllowed, Refused
from exitprogram.jobs import runner
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import User
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from tests import archiving, papers
from tests.connections import connected
from tests.world import today


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def case(world):
    return papers.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))


@pytest.fixture
def asked(world, case):
    return archiving.asked(world.anna, case)


@pytest.fixture
def kept(world, asked):
    """Made, with a few bytes for a package: what a real one is stands in test_archive."""
    archiving.approved(world.maud, asked)
    with acting(world.anna):
        return cases.keep_package(by=world.anna, export=asked, package=b"Kanariepaket", persons=3, files=2)


def on_disk():
    return [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]


def again(export, by):
    with acting(by):
        return ArchiveExport.objects.get(pk=export.pk)


def refused(by, act, **given):
    with acting(by), pytest.raises(Refused) as why:
        act(by=by, **given)
    return str(why.value)


# Asking


def test_only_a_closed_case(world):
    assert "avslutat" in refused(world.anna, cases.ask_export, case=world.case, **WORDS)


WORDS = {"recipient": "Arkivet", "purpose": "forskning", "certificate": archiving.pem()}


def test_one_that_is_to_be_destroyed_is_not_kept_elsewhere(world):
    old = papers.old_case(world)
    assert "gallras" in refused(world.anna, cases.ask_export, case=old, **WORDS)


def test_one_at_a_time(world, case, asked):
    assert "redan en begäran" in refused(world.anna, cases.ask_export, case=case, **WORDS)


@pytest.mark.parametrize("text", ["", "hej", "-----BEGIN CERTIFICATE-----\nåäö\n-----END CERTIFICATE-----",
                                  "-----BEGIN CERTIFICATE-----", "x" * 30_000])  # fmt: skip
def test_what_is_no_certificate(world, case, text):
    assert "ertifikat" in refused(world.anna, cases.ask_export, case=case, **{**WORDS, "certificate": text})


def test_a_certificate_that_will_not_do(world, case):
    key = archiving.archive()[1]
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    bad = {
        "3072": archiving.archive(2048)[0], "gäller inte": archiving.certificate(key, days=-1, since=9),
        "inte gjort för": archiving.certificate(key, usage=usage),
    }  # fmt: skip
    for said, found in bad.items():
        given = {**WORDS, "certificate": archiving.pem(found)}
        assert said in refused(world.anna, cases.ask_export, case=case, **given)


def test_a_private_key_is_never_taken(world, case):
    text = WORDS["certificate"] + "-----BEGIN PRIVATE KEY-----\n"
    assert "aldrig en privat nyckel" in refused(
        world.anna, cases.ask_export, case=case, **{**WORDS, "certificate": text}
    )


# Answering


def test_those_who_approve_are_told_and_then_the_asker(world, asked):
    def told(by):
        with acting(by):
            return Notice.objects.visible_to(by).filter(about="archive", subject_id=asked.pk).exists()

    assert told(world.maud) and not told(world.anna)
    archiving.approved(world.maud, asked)
    assert told(world.anna)


def test_an_administrator_can_answer_and_the_asker_hears(world, asked):
    with acting(world.adam):
        cases.refuse_export(by=world.adam, export=asked, reason="Fel arkiv.")
    with acting(world.anna):
        assert ArchiveExport.objects.get().reason == "Fel arkiv."
        assert Notice.objects.visible_to(world.anna).filter(about="archive").exists()


def test_never_by_the_same_human_being(world):
    """Who is also a manager, in another membership of hers: Python says no, and the database by itself."""
    with acting(world.adam):
        boss = add_member(by=world.adam, email=world.anna.user.email, name="Anna Berg", role=Role.UNIT_MANAGER)
    case = papers.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))
    export = archiving.asked(world.anna, case)
    assert "Du har själv bett" in refused(boss, cases.approve_export, export=export)
    for by in (boss, world.anna):
        _not_approved(by, export)
    archiving.approved(world.maud, export)


def _not_approved(by, export):
    with acting(by), pytest.raises(DatabaseError), transaction.atomic():
        ArchiveExport.objects.filter(pk=export.pk).update(approved_by=by, approved_at=timezone.now())


def test_the_database_asks_for_the_role(world, case, asked):
    """Leo has the case as well, and may read the request; he is no manager."""
    with acting(world.anna):
        Case.objects.filter(pk=case.pk).update(closed_on=None)
        cases.grant_access(by=world.anna, case=case, membership=world.leo, kind="named", reason="hjälper till")
        Case.objects.filter(pk=case.pk).update(closed_on=today())
    with acting(world.leo), transaction.atomic():
        assert ArchiveExport.objects.visible_to(world.leo).exists()
        assert ArchiveExport.objects.filter(pk=asked.pk).update(approved_by=world.leo, approved_at=timezone.now()) == 0


def test_a_blocked_manager_sees_nothing(world, asked):
    with acting(world.anna):
        cases.block_access(by=world.anna, case=asked.case, user=world.maud.user, kind="kin", reason="syster")
    with acting(world.maud):
        assert not ArchiveExport.objects.exists()
    with acting(world.adam):
        assert ArchiveExport.objects.visible_to(world.adam).exists()


# Making


def test_not_before_somebody_has_said_yes(world, asked):
    assert "godkänna" in refused(world.anna, cases.begin_export, export=asked)
    with acting(world.anna), pytest.raises(IntegrityError), transaction.atomic():
        ArchiveExport.objects.filter(pk=asked.pk).update(made_at=timezone.now(), expires_at=timezone.now())


def test_a_yes_stands_for_a_week(world, asked):
    archiving.approved(world.maud, asked)
    with at(timezone.now() + timedelta(days=8)):
        assert "äldre än en vecka" in refused(world.anna, cases.begin_export, export=asked)


def test_a_case_lost_meanwhile_makes_nothing(world, asked):
    archiving.approved(world.maud, asked)
    with acting(world.anna):
        job = cases.begin_export(by=world.anna, export=asked)
    with acting(world.anna):
        AccessGrant.objects.filter(content_object=asked.case).update(ended_at=timezone.now())
    runner.run(job.authority_id, job.pk)
    assert again(asked, world.maud).made_at is None and on_disk() == []


# Fetching


def test_the_asker_fetches_a_few_times_with_the_right_number(world, kept):
    assert "3 personer" in refused(world.anna, cases.fetch_export, export=kept, persons=2)
    for _time in range(3):
        with acting(world.anna):
            assert cases.fetch_export(by=world.anna, export=kept, persons=3) == b"Kanariepaket"
    assert "så många gånger" in refused(world.anna, cases.fetch_export, export=kept, persons=3)
    with acting(world.anna):
        assert AuditEvent.objects.filter(action="archive.fetched", object_id=kept.pk).count() == 3
        with pytest.raises(IntegrityError), transaction.atomic():
            ArchiveExport.objects.filter(pk=kept.pk).update(fetches=4)


def test_the_manager_fetches_nothing(world, kept):
    with acting(world.maud), pytest.raises(NotAllowed):
        cases.fetch_export(by=world.maud, export=kept, persons=3)
    with acting(world.maud), pytest.raises(DatabaseError), transaction.atomic():
        ArchiveExport.objects.filter(pk=kept.pk).update(fetches=1)


def test_a_changed_file_is_not_handed_out(world, kept):
    (path,) = on_disk()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert "inte den som gjordes" in refused(world.anna, cases.fetch_export, export=kept, persons=3)
    assert again(kept, world.anna).fetches == 0


# The end


def test_after_a_day_it_is_gone(world, kept, django_capture_on_commit_callbacks):
    assert lapsed.end_lapsed() == 0 and len(on_disk()) == 1
    with at(timezone.now() + timedelta(hours=25)):
        assert "gått ut" in refused(world.anna, cases.fetch_export, export=kept, persons=3)
        with django_capture_on_commit_callbacks(execute=True):
            assert lapsed.end_lapsed() == 1
    row = again(kept, world.anna)
    assert (row.end, row.stored_name, bytes(row.wrapped_key)) == ("expired", "", b"")
    assert on_disk() == []


def test_when_the_asker_has_left_it_is_gone(world, kept, django_capture_on_commit_callbacks):
    with acting(world.anna):
        assert User.objects.filter(pk=world.anna.user_id).update(is_active=False) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert lapsed.end_lapsed() == 1
    assert again(kept, world.maud).end == "left" and on_disk() == []


@pytest.mark.parametrize("end", ["received", "withdrawn"])
def test_when_it_is_over_it_is_gone(world, kept, end, django_capture_on_commit_callbacks):
    if end == "received":
        assert "inte hämtat" in refused(world.anna, cases.confirm_received, export=kept)
        archiving.fetched(world.anna, kept)
    act = cases.confirm_received if end == "received" else cases.withdraw_export
    with acting(world.anna), django_capture_on_commit_callbacks(execute=True):
        act(by=world.anna, export=kept)
    assert again(kept, world.anna).end == end and on_disk() == []
    assert "avslutad" in refused(world.anna, cases.fetch_export, export=kept, persons=3)
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        ArchiveExport.objects.filter(pk=kept.pk).update(ended_at=None, end="")


def test_a_worker_that_dies_while_writing_leaves_what_nobody_reads(world, asked, monkeypatch):
    """Killed between writing and the name: the half file is sealed, has no row, and the sweep takes it."""
    archiving.approved(world.maud, asked)

    def die(*_args):
        raise SystemExit(9)

    monkeypatch.setattr(vault.os, "rename", die)
    with acting(world.anna), pytest.raises(SystemExit):
        cases.keep_package(by=world.anna, export=asked, package=b"Kanariepaket" * 99, persons=1, files=1)
    (half,) = on_disk()
    assert half.suffix == ".part" and b"Kanarie" not in half.read_bytes()
    assert again(asked, world.anna).made_at is None


def test_no_column_tells_of_it(world, kept):
    with connected("backup") as everything:
        (row,) = everything.execute(
            "SELECT to_jsonb(e)::text FROM cases_archiveexport e WHERE id = %s", [kept.pk]
        ).fetchone() or ("",)
    for canary in ("Kanarie", "Arkiva", "BEGIN CERTIFICATE", b"Kanarie".hex(), b"Arkiva".hex()):
        assert canary not in row


def test_it_does_not_make_the_file_younger(world, kept):
    """What is handed to the archive is about the file and not in it: its time goes on as it was."""
    with acting(world.anna):
        before = retention.facts_of(kept.case).last_on
    assert before == today()
    with at(timezone.now() + timedelta(days=3)), acting(world.anna):
        cases.withdraw_export(by=world.anna, export=kept)
        assert retention.facts_of(kept.case).last_on == before
