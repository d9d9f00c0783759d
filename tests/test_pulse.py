"""How those outside see that reminders go out, or that they have ceased to."""

import re
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from cases import tasks
from exitprogram.audit.tasks import anchor_heads
from exitprogram.pulse import outside, rounds
from tests.connections import connected, logged_in_as
from tests.furniture import SECRETS
from tests.reminding import clock
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "en-lång-nyckel-för-övervakning"


@pytest.fixture(autouse=True)
def own_anchors(settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path


@pytest.fixture
def world(transactional_db):
    return World()


def asked(path, key=KEY):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with override_settings(WATCH_KEY=KEY):
        return Client().get(path, headers=headers)


def older(name, age):
    with connected("owner", autocommit=True) as owner:
        owner.execute("UPDATE pulse_round SET finished_at = finished_at - %s WHERE name = %s", [age, name])


def one_round():
    with logged_in_as("worker"):
        tasks.send_due_notices()
        tasks.reconcile_notices()
        tasks.scan_quarantined()
        anchor_heads()


@pytest.mark.parametrize("path", ["/halsa/drift/", "/matvarden/"])
def test_without_the_key_there_is_no_such_page(world, path):
    one_round()
    assert asked(path).status_code == 200
    assert [asked(path, key).status_code for key in ("", "fel", KEY[:-1])] == [404, 404, 404]
    assert Client().get(path, headers={"Authorization": "Bearer "}).status_code == 404  # no key is no door


def test_it_is_red_before_the_first_round(world):
    assert asked("/halsa/drift/").status_code == 503


def test_it_is_green_after_one_round_and_red_when_one_is_late(world):
    one_round()
    assert asked("/halsa/drift/").status_code == 200
    for standing in rounds.standings():
        older(standing.name, timedelta(seconds=standing.longest + 5))
        answer = asked("/halsa/drift/")
        assert answer.status_code == 503 and f"{standing.name}: för {standing.longest + 5} s sedan" in answer.text
        one_round()
    assert asked("/halsa/drift/").status_code == 200


def test_it_is_red_when_reminders_do_not_add_up_and_the_web_is_well(world):
    one_round()
    clock(world)
    with logged_in_as("worker"):
        tasks.reconcile_notices()
        tasks.reconcile_notices()
    answer = asked("/halsa/drift/")
    assert answer.status_code == 503 and "1 fel" in answer.text
    assert Client().get("/halsa/").status_code == 200  # no reason to take the web away


def test_figures_are_counts_and_ages_and_nothing_of_anybody(world):
    clock(world)
    one_round()
    clock(world, case=world.open_case(individual=world.person(name="Annan Person")))
    with logged_in_as("worker"):
        tasks.due.make_due()
    answer = asked("/matvarden/").text
    for line in answer.splitlines():
        assert re.fullmatch(r'exit_[a-z0-9_]+(\{round="[a-z]+"\})? (-?[0-9.e+]+|NaN)', line), line
    assert "exit_notices_waiting 1\n" in answer and "exit_notices_claimed 0\n" in answer
    oldest = re.search(r"^exit_notices_oldest_seconds (\S+)$", answer, re.M)
    assert 0 < float(oldest[1]) < 600
    assert not [secret for secret in (*SECRETS, "Anna", world.case.number, str(world.case.pk)) if secret in answer]


def test_the_poller_needs_no_broker(world, monkeypatch):
    monkeypatch.setattr("celery.app.task.Task.apply_async", None)
    clock(world)
    before = sent()
    with logged_in_as("worker"):
        call_command("poll_notices", "--once")
    assert sent() == before + 1


def sent():
    with connected("backup") as everything:
        return everything.execute("SELECT count(*) FROM cases_notice WHERE sent_at IS NOT NULL").fetchone()[0]


class Outside:
    """Somebody who waits for the calls."""

    def __init__(self):
        heard = self.heard = []

        class Listener(BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append((self.path, self.headers.get("User-Agent"), self.headers.get("Cookie")))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Listener)
        self.url = f"http://127.0.0.1:{self.server.server_port}/puls"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self.server.shutdown()
        self.server.server_close()


def test_the_outside_hears_of_good_rounds_only(world, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Outside() as listener, override_settings(ALIVE_URL=listener.url), logged_in_as("worker"):
        tasks.send_due_notices()
        assert listener.heard == []  # nothing has been reconciled yet
        tasks.reconcile_notices()
        tasks.scan_quarantined()
        anchor_heads()
        tasks.send_due_notices()
        assert [path for path, _agent, cookie in listener.heard] == ["/puls"]
        rounds.finished("reconciliation", faults=1)
        tasks.send_due_notices()
        assert len(listener.heard) == 1


def test_an_outside_that_does_not_answer_stops_nothing(world, caplog):
    one_round()
    with override_settings(ALIVE_URL="http://127.0.0.1:1/"), logged_in_as("worker"):
        tasks.send_due_notices()
    assert "the outside did not answer" in caplog.text
    assert not outside.still_alive()  # none is named
