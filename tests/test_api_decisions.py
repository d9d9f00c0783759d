"""Decisions for the board's archive: what became of each, and that whoever asks for what is new misses nothing."""

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection, connections

from cases.models import Disclosure
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import DecisionStep
from tests.callers import Caller
from tests.test_decisions import act, decided, propose, scheme  # noqa: F401  the fixture
from tests.world import today


def link():
    """What a commit does: each trace gets its place in the chain."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def asked(caller, since=0, **more):
    link()
    query = "&".join(f"{name}={value}" for name, value in {"since": since, **more}.items())
    answer = caller.get(f"decisions/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def numbers(page):
    return [row["number"] for row in page["results"]]


def test_the_whole_way(world):
    one = decided(world)
    anna = Caller(world.anna)
    [row] = asked(anna)["results"]
    assert (row["number"], row["kind"], row["outcome"]) == (one.number, "travel", "granted")
    assert row["matter"] == one.matter.label
    assert row["decided_by"] == {
        "name": "Anna Berg", "title": world.anna.title, "role": "social_worker", "employer": world.bollnas.name,
    }  # fmt: skip
    assert row["delegation"] == {"number": one.row.number, "scheme_version": 1, "ground": "own"}
    assert (row["case"], row["case_number"], row["law"]) == (str(world.case.pk), world.case.number, one.law)
    assert (row["state"], row["told_on"], row["in_force_on"]) == ("to_tell", None, None)
    act(world, teams.tell_party, one, way="meeting")
    [row] = asked(anna)["results"]
    assert (row["state"], row["told_on"], row["received_on"]) == ("running", str(today()), str(today()))
    last = today() + timedelta(days=21)
    assert row["last_appeal_on"] >= str(last) and row["in_force_on"] > row["last_appeal_on"]
    act(world, teams.receive_appeal, one)
    [row] = asked(anna)["results"]
    assert (row["state"], row["appealed_on"], row["in_force_on"]) == ("appealed", str(today()), None)
    act(world, teams.forward_appeal, one)
    act(world, teams.record_judgment, one, result="upheld", final_on=today())
    [row] = asked(anna)["results"]
    assert (row["state"], row["judgment"], row["in_force_on"]) == ("final", "upheld", str(today()))
    assert "En resa" not in str(row) and "Behovet" not in str(row)


def test_only_what_is_decided_and_only_ones_own(world):
    one = decided(world)
    propose(world)
    assert numbers(asked(Caller(world.anna))) == [one.number]
    assert numbers(asked(Caller(world.leo))) == numbers(asked(Caller(world.cilla))) == []


def test_since_gives_what_has_happened_after(world):
    first, second = decided(world), decided(world)
    anna = Caller(world.anna)
    page = asked(anna)
    assert numbers(page) == [first.number, second.number]
    assert asked(anna, page["position"]) == {"next": None, "position": page["position"], "results": []}
    act(world, teams.tell_party, first, way="meeting")
    later = asked(anna, page["position"])
    assert numbers(later) == [first.number] and later["position"] > page["position"]
    with acting(world.anna), patch("teams.operations.letters.letter", return_value=b"%PDF"):
        teams.release_letter(by=world.anna, case=world.case, decision=second)
    assert numbers(asked(anna, later["position"])) == [second.number]
    assert numbers(asked(anna)) == [first.number, second.number]


def test_a_reading_moves_nothing(world):
    one, anna = decided(world), Caller(world.anna)
    position = asked(anna)["position"]
    anna.get(f"decisions/{one.pk}/")
    with acting(world.anna):
        teams.view_decision(by=world.anna, decision=one)
    assert asked(anna)["position"] == position


def test_one_that_is_changed_comes_again_with_the_one_that_changed_it(world):
    """Two of one act have one place, and no page parts them."""
    first = decided(world)
    anna = Caller(world.anna)
    before = asked(anna)["position"]
    act(world, teams.tell_party, first, way="meeting")
    with acting(world.anna):
        second = teams.propose_decision(
            by=world.anna, case=world.case, kind="travel", what="En annan", earlier=first, relation="change"
        )
        second = teams.decide(by=world.anna, decision=second, outcome="granted", reasons="Fel pris", no_conflict=True)
    with patch("teams.api.views.positions.__kwdefaults__", {"since": 0, "case": None, "most": 1}):
        page = asked(anna, before)
    assert {row["number"]: row["state"] for row in page["results"]} == {
        first.number: "changed",
        second.number: "to_tell",
    }
    assert {row["relation"] for row in page["results"]} == {"", "change"}


def test_pages_follow_each_other_by_position(world, monkeypatch):
    made = [decided(world).number for _ in range(5)]
    monkeypatch.setattr("teams.api.views.AT_A_TIME", 2)
    monkeypatch.setattr("teams.api.views.positions.__kwdefaults__", {"since": 0, "case": None, "most": 2})
    anna, seen, path = Caller(world.anna), [], "decisions/"
    link()
    while path:
        page = anna.get(path).json()
        seen += numbers(page)
        path = page["next"] and page["next"].split("/api/")[1]
    assert seen == made
    assert anna.get(f"decisions/?since={page['position']}").json()["results"] == []


@pytest.mark.parametrize("since", ["", "-1", "x", "1.0", "%00", "²", "9" * 20, "1&since=x", "9223372036854775808"])
def test_a_position_of_ones_own_making(world, since):
    answer = Caller(world.anna).get(f"decisions/?since={since}")
    assert (answer.status_code, answer.json()["type"].split("/")[-1]) == (400, "bad-cursor")


def test_of_one_case(world):
    """As when a case has just been opened to somebody: what happened in it lies behind her position."""
    one = decided(world)
    leo = Caller(world.leo)
    before = asked(Caller(world.anna))["position"]
    assert leo.get(f"decisions/?case={world.case.pk}").status_code == 404
    world.join(world.leo)
    assert numbers(asked(leo, before)) == []
    assert numbers(asked(leo, case=world.case.pk)) == [one.number]
    for wrong in ("x", "", "%00", world.elsewhere.pk):
        assert leo.get(f"decisions/?case={wrong}").status_code == 404


def test_a_letter_is_the_same_bytes_and_leaves_a_trace(world):
    one, anna = decided(world), Caller(world.anna)
    with acting(world.anna), patch("teams.operations.letters.letter", return_value=b"%PDF-brevet"):
        teams.release_letter(by=world.anna, case=world.case, decision=one)
    link()
    [letter] = anna.get(f"decisions/{one.pk}/").json()["letters"]
    assert (letter["copy_number"], letter["recipient_kind"], letter["is_kept"]) == (1, "individual", True)
    answer = anna.get(f"letters/{letter['id']}/")
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-brevet", "application/pdf")
    assert "Maria" not in str(answer.headers)
    with acting(world.anna):
        trace = AuditEvent.objects.get(action="copy.viewed")
        assert (trace.case_id, str(trace.object_id)) == (world.case.pk, letter["id"])


def test_a_letter_that_is_not_kept_says_so(world):
    one, anna = decided(world), Caller(world.anna)
    with acting(world.anna):
        row = Disclosure(
            authority=world.bollnas, case=world.case, what="decision.letter", object_id=one.pk, copy_number=1,
            recipient_kind="individual", recipient_text="Den enskilde", ground="FL 33 §", sha256=b"x",
            disclosed_by=world.anna,
        )  # fmt: skip
        row.save(force_insert=True)
    link()
    assert not anna.get(f"decisions/{one.pk}/").json()["letters"][0]["is_kept"]
    answer = anna.get(f"letters/{row.pk}/", **{"Accept-Language": "en"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["detail"].startswith("The copy is not kept")


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_comes_late_and_is_not_lost(world):
    """An act that began first and is committed last: whoever asked in between gets it the next time."""
    early, late = decided(world), decided(world)
    anna, told, go_on = Caller(world.anna), threading.Event(), threading.Event()
    position = anna.get("decisions/").json()["position"]

    def slowly():
        with acting(world.anna):
            teams.tell_party(by=world.anna, case=world.case, decision=early, day=today(), way="meeting")
            told.set()
            go_on.wait(20)
        connections.close_all()

    other = threading.Thread(target=slowly)
    other.start()
    assert told.wait(20)
    act(world, teams.tell_party, late, way="meeting")
    between = anna.get(f"decisions/?since={position}").json()
    go_on.set()
    other.join(20)
    after = anna.get(f"decisions/?since={between['position']}").json()
    assert (numbers(between), numbers(after)) == ([late.number], [early.number])
    with acting(world.anna):
        steps = dict(DecisionStep.objects.filter(kind="told").values_list("decision_id", "created_at"))
    assert steps[early.pk] < steps[late.pk], "its time alone would have lost it"
