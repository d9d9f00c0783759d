"""The API: everybody at every address, what the answers hold, and what they leave in the log."""

import json
import uuid
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator

from cases import operations as cases
from cases.models import Case, Clock, Disclosure
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.middleware import CHOSEN
from plans.exchange import published
from plans.models import Measure, PlanVersion
from teams.models import Decision
from tests.callers import Caller
from tests.connections import logged_in_as
from tests.furniture import SECRETS
from tests.visits import Visit
from tests.world import today

READS = {
    "case": "cases/{case}/", "versions": "cases/{case}/versions/", "version": "versions/{version}/",
    "recipients": "versions/{version}/recipients/", "copy": "copies/{copy}/", "measure": "measures/{measure}/",
    "clock": "clocks/{clock}/", "decision": "decisions/{decision}/", "letter": "letters/{letter}/",
}  # fmt: skip
LISTS = ("cases/", "measures/", "clocks/", "decisions/")
WRITES = {
    "copies": "versions/{version}/copies/", "status": "measures/{measure}/status/", "day": "measures/{measure}/day/",
}  # fmt: skip
BODIES = {
    "copies": {"recipient": "own"}, "status": {"status": "ongoing"},
    "day": {"moved_to": str(today() + timedelta(days=3)), "why": "Semester"},
}  # fmt: skip


FILES = ("copy", "letter")  # given out to somebody, as they were


def keys_of(world, by, case):
    with acting(by):
        version = PlanVersion.objects.get(case=case, state="agreed")
        return {
            "case": case.pk, "version": version.pk,
            "measure": Measure.objects.filter(version=version).first().pk,
            "copy": Disclosure.objects.get(case=case, what="plan.bundle").pk,
            "clock": Clock.objects.filter(case=case, owner=by).first().pk,
            "decision": Decision.objects.decided().get(case=case).pk,
            "letter": Disclosure.objects.get(case=case, what="decision.letter").pk,
        }  # fmt: skip


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.case)


@pytest.fixture(scope="module")
def foreign(standing):
    return keys_of(standing, standing.cilla, standing.elsewhere)


@pytest.fixture
def anna(standing, db):
    return Caller(standing.anna)


def logged(caller):
    with acting(caller.by):
        mine = AuditEvent.objects.filter(membership_id=caller.by.pk).exclude(request_id="")
        return list(mine.order_by("created_at", "action").values_list("action", "case_id"))


@pytest.mark.parametrize("name", READS)
def test_who_reads(standing, db, keys, foreign, name):
    """Anna and Maud may; Leo has the role but not the case; Cilla works elsewhere; Adam has another role."""
    path = READS[name]
    for who in ("anna", "maud"):
        caller = Caller(getattr(standing, who))
        assert caller.get(path.format(**keys)).status_code == 200, who
        assert {case for action, case in logged(caller) if action != "token.used"} == {standing.case.pk}
    for who in ("leo", "cilla"):
        caller = Caller(getattr(standing, who))
        unknown = caller.get(path.format(**dict.fromkeys(keys, uuid.uuid4())))
        found = caller.get(path.format(**keys))
        assert (found.status_code, found.content) == (404, unknown.content), who
        assert [action for action, _case in logged(caller)] == ["token.used"]
    assert Caller(standing.adam).get(path.format(**keys)).status_code == 403
    assert Caller(standing.anna).get(path.format(**foreign)).status_code == 404


@pytest.mark.parametrize("name", WRITES)
def test_who_writes(standing, db, keys, name):
    path, body = WRITES[name].format(**keys), BODIES[name]
    assert Caller(standing.anna).post(path, body).status_code in (200, 201)
    for who in ("leo", "cilla"):
        assert Caller(getattr(standing, who)).post(path, body).status_code == (404), who
    for who in ("adam",) if name == "copies" else ("adam", "maud"):  # a manager writes in no plan
        assert Caller(getattr(standing, who)).post(path, body).status_code == 403, who


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_of_ones_own(standing, db, path):
    """Every row is in a case one has; a colleague's and another authority's are not."""
    for who in ("anna", "leo", "cilla"):
        caller = Caller(getattr(standing, who))
        rows = caller.get(path).json()["results"]
        with acting(caller.by):
            held = {str(pk) for pk in Case.objects.held_by(caller.by).values_list("pk", flat=True)}
        assert {row.get("case", row["id"]) for row in rows} <= held
        assert rows or who == "leo"
        assert {str(case) for action, case in logged(caller) if action != "token.used"} == {
            row.get("case", row["id"]) for row in rows
        }
    assert Caller(standing.adam).get(path).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_the_database_alone(standing, db, path, monkeypatch):
    """Python's filters gone: the database lets nothing through that is not open to the membership."""
    caller = Caller(standing.leo)
    monkeypatch.setattr("cases.operations.view_by_system", lambda **_given: None)
    for module in ("plans.api.views", "cases.api.clocks", "teams.api.views"):
        monkeypatch.setattr(f"{module}.own", lambda model, by: unfiltered(model).select_related("case"))
    monkeypatch.setattr(type(Case.objects), "held_by", lambda manager, by: unfiltered(Case))
    rows = caller.get(path).json()["results"]
    monkeypatch.undo()
    with acting(standing.leo):
        mine = {str(pk) for pk in Case.objects.visible_to(standing.leo).values_list("pk", flat=True)}
    assert {row.get("case", row["id"]) for row in rows} <= mine
    assert str(standing.case.pk) not in mine


@pytest.mark.parametrize("path", [*LISTS, *READS.values()])
def test_python_alone(standing, keys, path):
    """As the role that no row security binds: the lists hold one's own, and another's id is nowhere."""
    anna, cilla = Caller(standing.anna), Caller(standing.cilla)
    with logged_in_as("backup"):
        with reading_only(anna):
            mine = anna.get(path.format(**keys))
        with reading_only(cilla):
            theirs = cilla.get(path.format(**keys))
    assert mine.status_code == 200
    if path in LISTS:
        assert not {row["id"] for row in mine.json()["results"]} & {row["id"] for row in theirs.json()["results"]}
    else:
        assert theirs.status_code == 404


def unfiltered(model):
    """The model's own queryset, past its manager."""
    return model.objects._queryset_class(model)


def every_position(**_given):
    """Of whomever's: what the database would have left out."""
    return [(pk, 1) for pk in unfiltered(Decision).filter(state="decided").values_list("pk", flat=True)]


@contextmanager
def reading_only(caller):
    """The backup's role writes nothing, not even the log, and may not ask whose a key is."""
    caller.by.token_id = caller.token.pk
    with (
        patch("exitprogram.tokens.door.holder", return_value=caller.by), patch("exitprogram.tokens.door.use_token"),
        patch("cases.operations.view_by_system"), patch("plans.operations.exchange.record"),
        patch("teams.operations.letters.record"), patch("teams.api.views.positions", every_position),
    ):  # fmt: skip
        yield


def test_nothing_names_a_person(standing, anna, keys):
    """Of what is secret in the world, only what the plan itself holds; and no name or number anywhere."""
    names = [secret for secret in SECRETS if not secret.startswith("Kanarie")]
    for path in (*LISTS, *(path.format(**keys) for name, path in READS.items() if name not in FILES)):
        text = anna.get(path).content.decode()
        assert [name for name in names if name in text] == [], path
    assert "Kanariemål" in anna.get(f"versions/{keys['version']}/").content.decode()


def test_what_an_emergency_has_opened_is_not_for_machines(standing, db):
    case = standing.urgent
    caller = Caller(standing.leo)
    with acting(standing.leo):
        cases.open_in_emergency(by=standing.leo, number=case.number, reason="life", reason_text="Fara")
    assert Visit(standing.leo).get("plans:person", case).status_code == 200
    assert caller.get(f"cases/{case.pk}/").status_code == 404


def test_a_copy_once_per_key(standing, anna, keys):
    path, body = WRITES["copies"].format(**keys), {"recipient": "own"}
    first = anna.post(path, body, key="a")
    again = anna.post(path, body, key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first["Idempotent-Replayed"], again["Idempotent-Replayed"]) == ("false", "true")
    reused = anna.post(path, {"recipient": "individual"}, key="a")
    assert (reused.status_code, reused.json()["type"].split("/")[-1]) == (422, "idempotency-key-reused")
    assert anna.post(path, body, key="b").json()["copy_number"] == first.json()["copy_number"] + 1
    file = anna.get(first["Location"].removeprefix("/api/"))
    assert file["Content-Type"] == "application/fhir+json; fhirVersion=4.0"
    assert file.content == anna.get(first["Location"].removeprefix("/api/")).content
    assert list(Draft202012Validator(json.loads(published())).iter_errors(file.json())) == []


def test_the_same_key_is_another_in_another_token(standing, anna, keys):
    path, body = WRITES["copies"].format(**keys), {"recipient": "own"}
    other = Caller(standing.anna)
    assert anna.post(path, body, key="a").json()["id"] != other.post(path, body, key="a").json()["id"]


def test_a_refused_call_frees_its_key(standing, anna, keys):
    path = WRITES["status"].format(**keys)
    refused = anna.post(path, {"status": "stopped"}, key="a")
    assert (refused.status_code, refused.json()["detail"]) == (422, "Skriv varför.")
    told = anna.post(path, {"status": "stopped", "why_not": "Hen flyttade"}, key="a")
    assert (told.status_code, told.json()["status"], told.json()["why_not"]) == (200, "stopped", "Hen flyttade")
    with acting(standing.anna):
        assert AuditEvent.objects.filter(action="plan.measure_status", object_id=keys["measure"]).count() == 1


@pytest.mark.parametrize("key", ["", "å", "x" * 101, "a\x7f"])
def test_a_write_needs_a_key(standing, anna, keys, key):
    headers = {"Authorization": f"Bearer {anna.secret}", "Idempotency-Key": key}
    answer = anna.client.post(
        f"/api/{WRITES['status'].format(**keys)}", BODIES["status"], "application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["type"].split("/")[-1]) == (400, "idempotency-key-missing")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"status": "snart"}, "#/status"), ({}, "#/status"), ({"status": "done", "why": "x"}, "#/why"),
     ({"status": "done", "why_not": "x" * 4001}, "#/why_not"), ({"status": "done", "why_not": "\x00"}, "#/why_not"),
     ([], "#/"), ({"status": None}, "#/status")],
)  # fmt: skip
def test_bad_input_is_said_at_the_field(standing, anna, keys, body, pointer):
    answer = anna.post(WRITES["status"].format(**keys), body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(("sent", "kind", "status"), [
    (b"{", "application/json", 400), (b"\xff", "application/json", 400), (b"a=1", "text/plain", 415),
    (b"[" * 100_000, "application/json", 400), (b'"' + b"x" * 3_000_000 + b'"', "application/json", 413),
])  # fmt: skip
def test_what_is_no_json(standing, anna, keys, sent, kind, status):
    headers = {"Authorization": f"Bearer {anna.secret}", "Idempotency-Key": "a"}
    answer = anna.client.post(f"/api/{WRITES['status'].format(**keys)}", sent, kind, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_length_that_is_no_number(standing, anna, keys):
    headers = {"Authorization": f"Bearer {anna.secret}", "Idempotency-Key": "a"}
    path = f"/api/{WRITES['status'].format(**keys)}"
    answer = anna.client.post(path, b"{}", "application/json", headers=headers, CONTENT_LENGTH="x")
    assert (answer.status_code, answer.json()["type"].split("/")[-1]) == (400, "bad-request")


@pytest.mark.parametrize(
    ("wished", "title"),
    [("", "Finns inte"), ("en", "Not found"), ("sv, en;q=0.5", "Finns inte"), ("en-GB,en;q=0.9,sv;q=0.8", "Not found"),
     ("de", "Finns inte"), (";;q=x,,", "Finns inte")],
)  # fmt: skip
def test_problems_in_two_languages(standing, anna, wished, title):
    answer = anna.get(f"cases/{uuid.uuid4()}/", **{"Accept-Language": wished})
    assert (answer.status_code, answer.json()["title"], answer["Content-Type"]) == (
        404, title, "application/problem+json",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["", "cases", "cases/abc/", "nothing/", "versions/", "cases/%00/", "cases/%0d%0aX:1/"])
def test_everything_else_is_the_same_nowhere(standing, anna, path):
    answer = anna.get(path)
    assert (answer.status_code, answer.content) == (404, anna.get(f"cases/{uuid.uuid4()}/").content)


def test_a_method_that_is_not_there(standing, anna):
    for method in ("put", "patch", "delete", "options", "trace"):
        answer = getattr(anna.client, method)("/api/cases/", headers={"Authorization": f"Bearer {anna.secret}"})
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json"), method


def test_pages_follow_each_other(standing, anna):
    with patch("exitprogram.tokens.paging.Pages.page_size", 1):
        seen, path = [], "measures/"
        while path:
            page = anna.get(path).json()
            seen += [row["id"] for row in page["results"]]
            path = page["next"] and page["next"].split("/api/")[1]
    assert len(seen) == len(set(seen)) > 1


@pytest.mark.parametrize(
    "cursor", ["x", "cD1hYmM=", "bz0tMQ==", "cD0lMDA=", "w6Vzc3M=", "cj0xJnA9MjAyNi0xMS0yMlQwMDowMA=="]
)
def test_a_cursor_of_ones_own_making(standing, anna, cursor):
    answer = anna.get(f"cases/?cursor={cursor}")
    assert (answer.status_code, answer.json()["type"].split("/")[-1]) == (400, "bad-cursor")


def test_a_session_opens_nothing(standing, db, keys):
    visit = Visit(standing.anna)
    session = visit.client.session
    session[CHOSEN] = str(standing.anna.pk)
    session.save()
    assert visit.client.get(f"/api/cases/{keys['case']}/").status_code == 401


def test_a_fault_leaves_nothing_and_says_nothing(standing, anna, keys, monkeypatch):
    monkeypatch.setattr("plans.api.views.content_of", None)
    answer = anna.get(f"versions/{keys['version']}/")
    assert (answer.status_code, answer.json()["title"]) == (500, "Fel hos oss")
    assert logged(anna) == []


def test_headers_are_those_of_every_page(standing, anna):
    answer = anna.get("cases/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
