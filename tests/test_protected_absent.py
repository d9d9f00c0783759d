"""A protected person is nowhere for whoever is not named: every page, as everybody, with one in the same authority.

Anna has her case, with a plan, a meeting, a decision, reminders and an address. Maud (the manager) and Leo do not, and
beside them stand all the others in the world."""

import logging
import re

import pytest
from django.core import mail
from django.urls import reverse

from cases import operations as cases
from cases.models import Clock
from cases.notices import delivery, due
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from tests.connections import logged_in_as
from tests.doors import DOORS, PEOPLE
from tests.keys import keys_of
from tests.visits import Visit, text_of
from tests.world import today

NAME, ALIAS, NUMBER, ADDRESS = "Kunigunda Hemligsson", "Kunis", "196411182394", "Hemliggatan 12"
SECRETS = ("kunigunda", "hemligsson", "kunis", NUMBER, f"{NUMBER[:8]}-{NUMBER[8:]}", NUMBER[2:], "hemliggatan")
GETS = [name for name, door in DOORS.items() if "GET" in door.methods]
STRANGERS = [name for name in PEOPLE if name != "anna"]


@pytest.fixture(scope="module")
def town(standing, django_db_blocker):
    """A furnished world, and in it a case of Anna's about somebody protected: found by nobody else."""
    world = standing
    with django_db_blocker.unblock():
        world.hidden = world.open_case(
            individual=world.person(name=NAME, alias=ALIAS, number=NUMBER, local_threat=True)
        )
        with acting(world.anna):
            cases.add_place(by=world.anna, case=world.hidden, kind="address", text=ADDRESS)
            cases.save_note(
                by=world.anna, case=world.hidden, kind="call", event_on=today(), source="hon", fact="Kunigunda ringde"
            )
            teams.propose_decision(by=world.anna, case=world.hidden, kind="travel", what="Resa för Kunigunda")
            clock = Clock.objects.get(case=world.hidden, kind="protection_review")
            cases.notify(by=world.anna, case=world.hidden, about="clock", subject_id=clock.pk, membership=world.anna)
        world.consent(world.hidden)
        world.coordinator(case=world.hidden)
        world.draft(world.hidden)
    yield world


def secrets_of(world):
    return *SECRETS, world.hidden.number, str(world.hidden.pk), str(world.hidden.individual_id)


def told(world, text):
    return [secret for secret in secrets_of(world) if secret.lower() in text.lower()]


def pages(world, visit, keys):
    """(url's name, answer) of every page that can be asked for, with the ids of another case in hand."""
    for name in GETS:
        ids = [keys[kind] for kind in DOORS[name].ids.split()]
        yield name, visit.get(name, *ids)


@pytest.mark.parametrize("who", STRANGERS)
def test_no_page_of_a_stranger_knows_of_her(town, db, who, caplog, capfd):
    keys = keys_of(town, town.anna, town.sara)
    visit = Visit(getattr(town, who))
    with caplog.at_level(logging.DEBUG):
        for name, response in pages(town, visit, keys):
            assert told(town, text_of(response) + str(dict(response.headers))) == [], name
        for name in ("plans:person", "cases:places", "cases:protection", "plans:copies", "cases:person_edit"):
            by_guess = visit.get(name, town.hidden)
            assert by_guess.status_code in (403, 404), name
            assert told(town, text_of(by_guess)) == [], name
    assert told(town, caplog.text + "".join(capfd.readouterr())) in ([], [str(town.hidden.pk)])


@pytest.mark.parametrize("who", ["maud", "leo", "cilla"])
@pytest.mark.parametrize("query", [NAME, "kunigunda", "Kunis", NUMBER, NUMBER[2:], "number"])
def test_no_search_finds_her(town, db, who, query):
    query = town.hidden.number if query == "number" else query
    page = text_of(Visit(getattr(town, who)).post("cases:search", q=query))
    nothing = text_of(Visit(getattr(town, who)).post("cases:search", q="Qwertzuiop Asdfgh"))
    assert [secret for secret in secrets_of(town) if secret in page and secret.lower() != query.lower()] == []
    shown = re.sub(r'value="[^"]*"', "", page.replace(query, "?"))
    if not any(c.isdigit() for c in query):
        assert len(shown) == pytest.approx(len(re.sub(r'value="[^"]*"', "", nothing)), abs=120), "the same answer"


def test_who_has_her_sees_her_in_no_list_and_no_title(town, db):
    anna = Visit(town.anna)
    assert NAME.split()[0] in text_of(anna.get("plans:person", town.hidden)), "she could show"
    for name in GETS:
        if not DOORS[name].ids:
            page = text_of(anna.get(name))
            assert "Kunigunda" not in page and "Kunis" not in page and ADDRESS not in page, name
    for name in [name for name in GETS if DOORS[name].ids == "case"]:
        response = anna.get(name, town.hidden)
        page = text_of(response)
        assert ADDRESS not in page, name
        for title in re.findall(r"<title>(.*?)</title>", page, re.S):
            assert told(town, title) == [], name
        assert told(town, str({k: v for k, v in response.headers.items() if k != "Location"})) == [], name
        assert told(town, reverse(name, args=[town.hidden.pk]).replace(str(town.hidden.pk), "")) == [], name


def test_mail_says_nothing_of_her(town, django_db_blocker):
    with django_db_blocker.unblock(), logged_in_as("worker"):
        due.make_due()
        while delivery.send_some():
            pass
    said = "".join(f"{m.subject}{m.body}{m.extra_headers}{m.message().as_string()}" for m in mail.outbox)
    assert said
    assert told(town, said) == []
