"""What those who watch see of the web itself: how much, how fast, what failed and what was refused; and of nobody."""

import json
import logging
import subprocess
import sys
import uuid

import pytest
from django.test import Client, override_settings

from exitprogram.pulse import counted
from exitprogram.tenancy.logs import formatter
from tests.furniture import SECRETS
from tests.visits import Visit

KEY = "en-lång-nyckel-för-övervakning"


@pytest.fixture(autouse=True)
def own_sheets(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    counted._mine.clear()
    yield
    counted._mine.clear()


def figures():
    with override_settings(WATCH_KEY=KEY):
        page = Client().get("/matvarden/", headers={"Authorization": f"Bearer {KEY}"}).content.decode()
    return {name: float(number) for name, number in (line.rsplit(" ", 1) for line in page.splitlines())}


def test_answers_are_counted_by_how_they_went(world, monkeypatch):
    anna = Visit(world.anna)
    anna.get("plans:my_day")
    anna.client.get(f"/arende/{uuid.uuid4()}/")
    anna.get("tenancy:people")
    monkeypatch.setattr("cases.views.people.render", None)
    anna.get("cases:list")
    found = figures()
    assert (found["exit_requests_2xx_total"], found["exit_requests_5xx_total"]) == (1, 1)
    assert (found["exit_refused_404_total"], found["exit_refused_403_total"]) == (1, 1)
    assert found["exit_requests_4xx_total"] == 2
    assert 0 < found["exit_request_ms_le_3000_total"] <= 4 and found["exit_request_ms_sum_total"] > 0


def test_a_failed_sign_in_is_counted(world):
    Client().post("/logga-in/", {"username": "ingen@exempel.invalid", "password": "fel"}, REMOTE_ADDR="192.0.2.77")
    assert figures()["exit_sign_in_failed_total"] == 1


def test_every_process_is_in_the_sum(settings):
    counted.answered(200, 10)
    code = f"""
from pathlib import Path
from django.conf import settings
settings.configure(STATE_DIR=Path({str(settings.STATE_DIR)!r}))
from exitprogram.pulse import counted
for _each in range(3):
    counted.answered(200, 10)
"""
    subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=True)
    assert dict(counted.totals())["requests_2xx"] == 4
    assert len(list(counted.folder().iterdir())) == 2


def test_with_nowhere_to_write_it_counts_for_itself(settings):
    settings.STATE_DIR = settings.STATE_DIR / "file"
    settings.STATE_DIR.write_text("")
    counted.answered(404, 10)
    assert dict(counted.totals())["refused_404"] == 1


def test_the_log_line_names_the_page_and_nobody(standing, caplog, db):
    anna = Visit(standing.anna)
    with caplog.at_level(logging.INFO, "exitprogram.pulse"):
        anna.get("plans:person", standing.case, QUERY_STRING="q=Maria")
        anna.search("Maria Karlsson")
    lines = [formatter().format(record) for record in caplog.records if record.name.startswith("exitprogram.pulse")]
    assert len(lines) >= 2
    said = json.loads(lines[0])
    assert said["route"] == "arende/<uuid:case_id>/" and said["status"] == 200 and said["ms"] >= 0
    assert said["method"] == "GET" and len(said["request_id"]) == 32
    words = [*SECRETS, "Maria", str(standing.case.pk), standing.anna.user.email]
    assert [word for word in words if word in "".join(lines)] == []
