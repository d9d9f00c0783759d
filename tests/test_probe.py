"""A share of the access matrix: everybody at every address, with both walls and with each alone. All of it:
``make probe``. Which the right answers are: ``tests/probe/policy.py``."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases.models import Case
from exitprogram.audit.operations import record
from exitprogram.tenancy.acting import acting_as_system
from tests.mutants.doors import Knocks, layers, take_away
from tests.mutants.run import asked
from tests.probe import policy, runs, walls
from tests.probe.fields import doors
from tests.probe.probing import Visitors, share, shares
from tests.probe.scene import made_ready

PROBES, SEED, PARTS = 24_000, 1, 40  # 21,000 when those are left out for which there is no such object
FEW = 4
FORMS, ONE_WALL, GONE = 6, 40, 60  # every so many of them


@pytest.fixture(scope="module")
def scene(standing, django_db_blocker, tmp_path_factory):
    folder, settings.FILES_DIR = settings.FILES_DIR, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock():
        yield made_ready(standing)
    settings.FILES_DIR = folder


@pytest.fixture(scope="module")
def destroyed(scene):
    runs.destroy(scene)
    return scene


def shared(every, each, part):
    """One in ``each`` of them, in ``FEW`` parts."""
    return list(every)[SEED::each][part::FEW]


def test_every_address_has_its_line(monkeypatch):
    assert runs.without_a_line() == []
    monkeypatch.delitem(policy.POLICY, "cases:notes")
    assert runs.without_a_line() == ["cases:notes"]


def test_the_shares_are_the_whole():
    together = [set(share(PROBES, seed)) for seed in range(shares(PROBES))]
    assert len(together) > 2 and together[0] != together[1]
    assert set().union(*together) == set(runs.groups())


@pytest.mark.parametrize("part", range(PARTS))
def test_the_matrix(scene, part):
    tally = runs.matrix(scene, share(PROBES, SEED)[part::PARTS])
    assert tally.wrong == []
    assert tally.probes > PROBES // PARTS // 3


@pytest.mark.parametrize("part", range(FEW))
def test_ids_in_fields(scene, part):
    assert runs.fields(scene, shared(doors(), FORMS, part)).wrong == []


@pytest.mark.parametrize("part", range(FEW))
def test_the_database_alone(scene, part):
    with walls.python_down():
        assert runs.one_wall(scene, shared(runs.used(), ONE_WALL, part)).wrong == []


@pytest.mark.parametrize("part", range(FEW))
def test_python_alone(scene, part):
    with walls.database_down():
        assert runs.one_wall(scene, shared(runs.used(), ONE_WALL, part)).wrong == []


# That each of them can fail.

NOTES = [("cases:notes", "GET", who) for who in ("anna", "leo")]


def test_without_walls_it_leaks(scene):
    with walls.python_down(), walls.database_down():
        wrong = runs.one_wall(scene, NOTES).wrong
    assert [line for line in wrong if "leo own: 200, tells of cases.CaseNote" in line]


def told_apart(request, case_id):
    """Forbidden when it is there, and unknown when it is not."""
    with acting_as_system(request.acting.authority):
        there = Case.objects.filter(pk=case_id).exists()
    raise PermissionDenied if there else Http404


def written(request, case_id):
    record(by=request.acting, action="case.missed", obj=request.acting)
    raise Http404


@pytest.mark.parametrize(
    ("name", "broken", "said"),
    [
        ("cases.views.notes.case_or_404", told_apart, "leo own: 403 , expected 404"),
        ("cases.views.notes.case_or_404", written, "leo own: 404, wrote ['audit_auditevent']"),
        ("cases.door.view_case", lambda **_given: None, "anna own: shows somebody without a trace"),
    ],
)
def test_what_is_wrong_is_said(scene, monkeypatch, name, broken, said):
    assert runs.matrix(scene, NOTES).wrong == []
    monkeypatch.setattr(name, broken)
    assert [line for line in runs.matrix(scene, NOTES).wrong if said in line]


@pytest.mark.parametrize("kind", ["allow", "any role", "methods", "once", "fresh"])
def test_what_stands_around_a_view_is_missed(scene, kind):
    """Of the decorators a few, each taken away in a child; all of them: ``make mutants``."""
    every = [one for one in layers() if one.kind == kind]
    knocks = Knocks(scene, Visitors(scene))
    assert len(every) > 40 or kind == "fresh"
    for one in every[SEED :: len(every) // 2]:
        assert asked(lambda one=one: knocks.red(one), take_away, one), one


@pytest.mark.parametrize("part", range(FEW))
def test_what_is_destroyed(destroyed, part):
    tally = runs.after_destruction(destroyed, shared(runs.of_rows(), GONE, part))
    assert tally.probes and tally.wrong == []
