"""Something has leaked: whose data, what of it, who and when, out of the log, in seconds."""

import csv
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from cases.models import Document
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from exitprogram.tokens import operations as tokens
from tests.furniture import NUMBERS, SECRETS
from tests.visits import Visit
from tests.world import today

ANNA = "anna.berg@exempel.invalid"


@pytest.fixture
def house(standing, django_db_blocker, monkeypatch):
    monkeypatch.setattr(
        settings, "BACKUP_DATABASE", settings.BACKUP_DATABASE | {"NAME": connection.settings_dict["NAME"]}
    )
    with django_db_blocker.unblock():
        yield standing


def taken(tmp_path, capsys, name="ut.csv", **about):
    path = tmp_path / name
    given = {"since": str(today() - timedelta(days=1)), "until": str(today()), "reference": "SN 2026:17", **about}
    call_command("incident_extract", "--to", str(path), *(f"--{key}={value}" for key, value in given.items()))
    said = capsys.readouterr().out
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")), said
    return list(load_workbook(path).active.iter_rows(values_only=True)), said


def test_a_stolen_session(house, tmp_path, capsys):
    """Everything done in her name, at both boards if she has been there; another's reading is not hers."""
    Visit(house.anna).get("plans:person", house.case)
    Visit(house.maud).get("plans:person", house.case)
    began = time.monotonic()
    rows, said = taken(tmp_path, capsys, member=ANNA)
    assert time.monotonic() - began < 10
    assert {row["Vem"] for row in rows} == {"Anna Berg"}
    assert house.case.number in {row["Ärende"] for row in rows}
    assert {row["Myndighet"] for row in rows} >= {house.bollnas.name}
    newest = [row for row in rows if row["Ärende"] == house.case.number][-1]
    assert newest["Vad"] and newest["Anrop"] and newest["Tid"].startswith(str(today()))
    assert "med skydd" in said and "0 personer" not in said


def test_no_value_is_in_it(house, tmp_path, capsys):
    path = tmp_path / "ut.csv"
    rows, _said = taken(tmp_path, capsys, member=ANNA)
    words = [*SECRETS, *NUMBERS.values(), "Karlsson", "Stina"]
    assert len(rows) > 100 and [word for word in words if word in path.read_text("utf-8-sig")] == []
    assert path.stat().st_mode & 0o077 == 0


def test_a_paper_that_got_around(house, tmp_path, capsys):
    with acting(house.anna):
        paper = Document.objects.filter(case=house.case, open_to="case").first()
    rows, _said = taken(tmp_path, capsys, row=paper.pk)
    assert rows and {row["Rad (id)"] for row in rows} == {str(paper.pk)}


def test_a_key_of_another_system(house, tmp_path, capsys):
    """Its calls and what was read in them, not what its owner reads at her screen."""
    with acting(house.anna):
        token, secret = tokens.make_token(
            by=house.anna, name="Systemet", scopes=["cases:read"], networks=["192.0.2.0/24"],
            expires_on=today() + timedelta(days=20),
        )  # fmt: skip
    Visit(house.anna).get("plans:person", house.case)
    answer = Visit().client.get(
        f"/api/cases/{house.case.pk}/", headers={"Authorization": f"Bearer {secret}"}, REMOTE_ADDR="192.0.2.9"
    )
    assert answer.status_code == 200, answer.content
    rows, _said = taken(tmp_path, capsys, token=token.pk)
    assert house.case.number in {row["Ärende"] for row in rows}
    assert len({row["Anrop"] for row in rows}) == 1


def test_a_file(house, tmp_path, capsys):
    Visit(house.maud).get("plans:person", house.case)
    rows, _said = taken(tmp_path, capsys, "ut.xlsx", case=house.case.number, authority=house.bollnas.name)
    assert rows[0][0] == "Myndighet" and {"Anna Berg", "Maud Chef"} <= {row[4] for row in rows[1:]}
    assert {row[2] for row in rows[1:]} == {house.case.number}


def test_the_extract_itself_is_in_each_authoritys_log(house, tmp_path, capsys):
    before = timezone.now()
    taken(tmp_path, capsys, case=house.case.number, authority=house.bollnas.name)
    with acting(house.adam):
        event = AuditEvent.objects.filter(action="incident.extracted", created_at__gte=before).get()
    assert event.details["reference"] == "SN 2026:17" and event.details["events"] > 0
    with acting(house.siv):
        assert not AuditEvent.objects.filter(action="incident.extracted", created_at__gte=before).exists()


def test_without_a_trace_there_is_no_extract(house, tmp_path, capsys, monkeypatch):
    def refuses(**_more):
        raise RuntimeError

    monkeypatch.setattr("teams.incident.record", refuses)
    with pytest.raises(RuntimeError):
        taken(tmp_path, capsys, case=house.case.number, authority=house.bollnas.name)
    assert not (tmp_path / "ut.csv").exists()


@pytest.mark.parametrize("given", [{"reference": "för Maria"}, {"row": "x"}, {"name": "ut.pdf"}, {"authority": ""}])
def test_bad_input_takes_nothing(house, tmp_path, capsys, given):
    if "row" not in given:
        given = {"case": house.case.number, "authority": house.bollnas.name} | given
    with pytest.raises(CommandError):
        taken(tmp_path, capsys, **given)
    assert list(tmp_path.iterdir()) == []
