"""A child's case by the API: to whoever may have children's cases and has this one; to others it is nowhere, and no
list, number or id of anything tells that it is there.

Anna has it. Leo may have children's cases and has not this one. Maud was let into it and may have no child's case any
more. Cilla may have them, at another board."""

import uuid

import pytest

from cases.models import AccessGrant, Case, Clock
from children import operations as children
from exitprogram.tenancy.acting import acting
from teams.models import Decision
from tests.callers import Caller
from tests.furniture import SECRETS
from tests.test_api import LISTS, logged
from tests.visits import Visit

READS = ("cases/{case}/", "cases/{case}/versions/", "clocks/{clock}/", "decisions/{decision}/",
         "decisions/?case={case}")  # fmt: skip


@pytest.fixture(scope="module")
def keys(standing):
    case = standing.child
    with acting(standing.anna):
        return {
            "case": str(case.pk), "clock": str(Clock.objects.filter(case=case).first().pk),
            "decision": str(Decision.objects.decided().filter(case=case).first().pk),
        }  # fmt: skip


@pytest.mark.parametrize("path", READS)
def test_who_reads(standing, db, keys, path):
    anna = Caller(standing.anna)
    assert anna.get(path.format(**keys)).status_code == 200
    assert {case for action, case in logged(anna) if action != "token.used"} == {standing.child.pk}
    for who in ("leo", "maud", "cilla"):
        caller = Caller(getattr(standing, who))
        unknown = caller.get(path.format(**dict.fromkeys(keys, uuid.uuid4())))
        found = caller.get(path.format(**keys))
        assert (found.status_code, found.content) == (404, unknown.content), who


@pytest.mark.parametrize("path", LISTS)
def test_no_list_tells(standing, db, keys, path):
    """Maud's lists hold the other cases that she has; nothing in them is the child's."""
    assert any(keys["case"] in row.values() for row in Caller(standing.anna).get(path).json()["results"]) or (
        path == "measures/"
    )
    for who in ("leo", "maud", "cilla"):
        text = Caller(getattr(standing, who)).get(path).content.decode()
        assert not [key for key in keys.values() if key in text], who
        assert who == "cilla" or standing.child.number not in text  # her own board has its own numbers


def test_maud_would_have_it_but_for_the_permission(standing, db, keys):
    with acting(standing.maud):
        grants = AccessGrant.objects.filter(membership=standing.maud, content_object=standing.child.pk)
        assert grants.exists()
        assert not Case.objects.visible_to(standing.maud).filter(pk=standing.child.pk).exists()
    caller = Caller(standing.maud)
    assert caller.get("cases/").json()["results"], "she has others"
    with acting(standing.adam):
        children.give_child_worker(by=standing.adam, membership=standing.maud, qualified=False)
    assert caller.get(f"cases/{keys['case']}/").json()["programme"] == "child"


def test_nothing_names_the_child_or_anybody_around(standing, db, keys):
    anna = Caller(standing.anna)
    rows = [row for path in LISTS for row in anna.get(path).json()["results"] if keys["case"] in row.values()]
    texts = {path: anna.get(path.format(**keys)).content.decode() for path in READS}
    for path, text in {**texts, "lists": str(rows)}.items():
        assert [secret for secret in SECRETS if secret in text] == [], path


def test_a_file_that_is_read_for_some_days_is_not_for_machines(standing, db):
    """Opened by oneself with a reason: somebody at a screen reads it, no system does in her name."""
    with acting(standing.tea):
        opened = Case.objects.visible_to(standing.tea).get(programme="child")
        shown = Clock.objects.visible_to(standing.tea).filter(case=opened).first()
    assert Visit(standing.tea).get("plans:person", opened).status_code == 200
    tea = Caller(standing.tea)
    for path in (f"cases/{opened.pk}/", f"cases/{opened.pk}/versions/", f"decisions/?case={opened.pk}",
                 f"clocks/{shown.pk}/"):  # fmt: skip
        assert tea.get(path).status_code == 404, path
    for path in LISTS:
        assert str(opened.pk) not in tea.get(path).content.decode()
