"""A copy that went out can be fetched again byte for byte, until it is destroyed with the person's key."""

import hashlib
import os
import subprocess
import sys
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import ProgrammingError
from django.utils import timezone

from cases import operations as cases
from cases.models import Disclosure, KeptCopy
from cases.papers import DESTROYED, NOT_KEPT, keep_copy
from exitprogram.audit.models import AuditEvent
from exitprogram.demo.clock import at
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.operations import Upkeep
from plans import exports
from plans import operations as plans
from plans.exports import document, recipient_of
from tests.papers import closed
from tests.visits import Visit, sees


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def given(world):
    """(bytes, disclosure) of the individual's copy of Maria's agreed plan."""
    with acting(world.anna):
        return plans.release_copy(by=world.anna, plan_version=world.agreed, recipient_key="individual")


def files():
    return [path for path in django_settings.FILES_DIR.rglob("*") if path.is_file()]


def test_it_comes_back_byte_for_byte_and_the_reading_is_written_down(world, given):
    data, disclosure = given
    anna = Visit(world.anna)
    page = anna.get("plans:copies", world.case)
    assert sees(page, "Version 1", "Den enskilde", "Egen plan (SoL 10:9)", "Anna Berg", "Hämta igen")
    answer = anna.get("plans:copy_again", world.case, disclosure)
    assert answer.content == data
    assert answer["Content-Disposition"] == 'attachment; filename="kopia-1.pdf"'
    with acting(world.anna):
        assert Disclosure.objects.count() == 1, "it is the same copy, given out once"
        event = AuditEvent.objects.get(action="copy.viewed")
    assert (event.object_id, event.case_id, event.details) == (disclosure.pk, world.case.pk, {"copy": 1})


def test_it_comes_back_as_it_was_whatever_has_changed_since(world, given):
    data, disclosure = given
    with acting(world.anna):
        cases.withdraw_consent(by=world.anna, case=world.case, consent=world.case.consents.get(kind="plan"))
    with acting(world.anna):
        assert plans.fetch_copy(by=world.anna, disclosure=disclosure) == data


def test_each_form_says_what_it_was(world, given):
    anna = Visit(world.anna)
    anna.post("plans:copy", world.agreed, "individual", language="ro")
    anna.post("plans:copy", world.agreed, "individual", safe="1")
    anna.post("plans:bundle", world.agreed, "own")
    page = anna.get("plans:copies", world.case)
    assert sees(page, "på rumänska", "säker version", "fil för andra system")
    with acting(world.anna):
        bundle = Disclosure.objects.get(what="plan.bundle")
    again = anna.get("plans:copy_again", world.case, bundle)
    assert hashlib.sha256(again.content).digest() == bytes(bundle.sha256)


@pytest.mark.parametrize(
    ("who", "status"), [("anna", 200), ("maud", 404), ("leo", 404), ("sara", 403), ("cilla", 404), ("adam", 403)]
)
def test_three_people_who_ask_for_it(world, given, who, status):
    data, disclosure = given
    answer = Visit(getattr(world, who)).get("plans:copy_again", world.case, disclosure)
    assert answer.status_code == status
    assert (answer.content == data) is (status == 200)


def test_another_cases_copy_is_not_there(world, given):
    _data, disclosure = given
    other = world.open_case(individual=world.person(name="Annan Person"))
    assert Visit(world.anna).get("plans:copy_again", other, disclosure).status_code == 404


def test_what_lies_on_disk_says_nothing(world, given):
    data, _disclosure = given
    [path] = files()
    assert b"%PDF" not in path.read_bytes()
    assert data[:40] not in path.read_bytes()


def test_a_file_that_is_gone_is_refused_in_words(world, given):
    _data, disclosure = given
    for path in files():
        path.unlink()
    anna = Visit(world.anna)
    assert sees(anna.client.get(f"/arende/{world.case.pk}/kopior/{disclosure.pk}/", follow=True), DESTROYED)
    assert "copy.viewed" not in anna.logged()


@pytest.fixture
def older(world, given):
    """The row of a copy that went out before copies were kept."""
    with acting(world.anna):
        row = Disclosure(
            authority_id=world.case.authority_id, case=world.case, what="plan.version", object_id=world.agreed.pk,
            recipient_kind="own", recipient_text="Nämnden", ground="Egen akt", copy_number=9, sha256=b"x",
            disclosed_by=world.anna,
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def test_a_copy_from_before_they_were_kept_is_said_to_be(world, older):
    anna = Visit(world.anna)
    assert sees(anna.get("plans:copies", world.case), "inte sparad")
    assert sees(anna.client.get(f"/arende/{world.case.pk}/kopior/{older.pk}/", follow=True), NOT_KEPT)


def test_without_the_persons_key_nothing_opens_it(world, older):
    with acting(world.anna):
        KeptCopy(
            authority_id=older.authority_id, case=world.case, disclosure=older, stored_name="0" * 32,
            key_id=uuid.uuid4(), wrapped_key=b"x",
        ).save(force_insert=True)  # fmt: skip
    with pytest.raises(Refused, match="förstörd"), acting(world.anna):
        plans.fetch_copy(by=world.anna, disclosure=older)


def test_a_file_put_in_its_place_is_not_handed_out(world, older):
    with acting(world.anna):
        keep_copy(older, b"%PDF something else")
    with pytest.raises(Refused, match="inte den som lämnades ut"), acting(world.anna):
        plans.fetch_copy(by=world.anna, disclosure=older)


def test_the_row_of_a_file_is_never_changed(world, given):
    for act in ("update", "delete"):
        with pytest.raises(ProgrammingError), acting(world.anna):
            getattr(KeptCopy.objects.all(), act)(**({"stored_name": "0" * 32} if act == "update" else {}))


def test_the_sweep_knows_its_file(world, given, monkeypatch):
    monkeypatch.setattr("cases.vault.YOUNG", -1)
    with acting_as_system(world.bollnas):
        assert cases.sweep_files(by=Upkeep(world.bollnas)) == (0, [])
    assert len(files()) == 1


def test_a_copy_that_was_never_committed_is_swept(world, monkeypatch):
    monkeypatch.setattr("cases.vault.YOUNG", -1)
    world.agreed  # noqa: B018

    def fails(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("plans.operations.release.record", fails)
    with pytest.raises(RuntimeError), acting(world.anna):
        plans.release_copy(by=world.anna, plan_version=world.agreed, recipient_key="own")
    assert len(files()) == 1
    with acting_as_system(world.bollnas):
        assert cases.sweep_files(by=Upkeep(world.bollnas)) == (1, [])
    assert files() == []


def test_disposal_destroys_the_copies_with_the_person(world, django_capture_on_commit_callbacks):
    with at(timezone.now() - timedelta(days=6 * 366)):
        due = world.open_case(individual=world.person(name="Gammal Person", birth_date=date(1966, 1, 2)))
        with acting(world.anna):
            version = plans.start_plan(by=world.anna, case=due)
            plans.release_copy(by=world.anna, plan_version=version, recipient_key="own")
        due = closed(world.anna, due)
    assert len(files()) == 1
    with acting(world.maud):
        row = cases.prepare_disposal(by=world.maud, case_ids=[due.pk])
    for who in (world.maud, world.adam):
        with acting(who):
            row = cases.sign_disposal(by=who, disposal=row)
    with django_capture_on_commit_callbacks(execute=True), acting(world.maud):
        assert cases.carry_out_disposal(by=world.maud, disposal=row).files == 1
    assert files() == []


# The same input, the same bytes


RENDER = """
import sys, hashlib, django
django.setup()
from exitprogram.pdf.render import pdf_of
print(hashlib.sha256(pdf_of(sys.stdin.read(), identifier=b"0" * 16)).hexdigest())
"""


def test_the_same_copy_is_the_same_bytes_on_another_day_and_in_another_process(world, given, monkeypatch):
    html = []
    made = exports.pdf_of
    monkeypatch.setattr(exports, "pdf_of", lambda text, **more: html.append(text) or made(text, **more))
    args = {"copy_number": 1, "made_on": date(2026, 11, 24)}
    with acting(world.anna):
        recipient = recipient_of(world.case, "individual")
        first = document(world.agreed, recipient, **args)
        with at(timezone.now() + timedelta(days=40)):
            assert document(world.agreed, recipient, **args) == first, "another day"
    told = {_elsewhere(html[0], seed) for seed in ("1", "2")}
    assert told == {hashlib.sha256(made(html[0], identifier=b"0" * 16)).hexdigest()}


def _elsewhere(html, seed):
    """Made by a process of its own, with another order of everything that is hashed, on another day of the clock."""
    env = os.environ | {"PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "exitprogram.settings"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", RENDER], input=html, capture_output=True, text=True, env=env, timeout=120, check=False,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
