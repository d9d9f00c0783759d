"""A protected name, number and address, looked for where nobody looks: what a message to a worker can carry, and a file
that was uploaded under her name. Everything else, with a word of its own in every field: test_canaries."""

import inspect
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import operations as cases
from cases.models import Document
from exitprogram.celery import app
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests import papers
from tests.visits import Visit
from tests.world import today

NAME, ALIAS, NUMBER, ADDRESS = "Kunigunda Hemligsson", "Kunis", "196411182394", "Hemliggatan 12"
CANARIES = ("kunigunda", "hemligsson", "kunis", NUMBER, NUMBER[2:], f"{NUMBER[2:8]}-{NUMBER[8:]}", "hemliggatan")


def told(text):
    return [canary for canary in CANARIES if canary in str(text).lower()]


@pytest.fixture
def hidden(world, settings, tmp_path):
    """A protected person with something of everything: note, address, plan on paper."""
    settings.FILES_DIR = tmp_path / "files"
    case = world.open_case(
        individual=world.person(name=NAME, alias=ALIAS, number=NUMBER, protection="secrecy_mark")
    )  # fmt: skip
    world.consent(case), world.coordinator(case=case)
    version = world.draft(case)
    with acting(world.anna):
        cases.add_place(by=world.anna, case=case, kind="address", text=ADDRESS)
        cases.save_note(by=world.anna, case=case, kind="call", event_on=today(), source=NAME, fact=f"{NAME}, {ADDRESS}")
        plans.release_copy(by=world.anna, plan_version=version, recipient_key="individual")
    return case


def own_tasks():
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_no_message_to_a_worker_can_carry_her():
    """No task of ours takes an argument, and beat gives none: what is to be done is read from the database."""
    app.loader.import_default_modules()
    assert len(own_tasks()) >= 2
    for name, task in own_tasks().items():
        assert list(inspect.signature(task.run).parameters) == [], name
    for name, entry in app.conf.beat_schedule.items():
        assert not entry.get("args") and not entry.get("kwargs"), name
        assert entry["task"] in own_tasks()


def test_no_file_and_no_name_of_a_file_tells_of_her(world, hidden, tmp_path):
    visit, told_name = Visit(world.anna), f"{NAME} {NUMBER}.pdf"
    file = SimpleUploadedFile(told_name, papers.pdf(f"{NAME} {ADDRESS}"), content_type="application/pdf")
    assert told(file.name) and told(file.read().decode("latin-1")), "it could tell"
    file.seek(0)
    given = {
        "file": file, "title": f"Intyg om {NAME}", "kind": "certificate", "area": "health", "received_from": NAME,
        "received_on": today().isoformat(), "open_to": "case", "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert visit.client.post(reverse("cases:document_new", args=[hidden.pk]), given).status_code == 302
    with acting(world.anna):
        row = Document.objects.get(case=hidden)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert told(path) == []
        assert told(path.read_bytes().decode("latin-1")) == []
    answer = visit.get("cases:document_file", hidden, row)
    assert answer.status_code == 200
    assert told(dict(answer.headers)) == []
