"""The long run itself: pytest gives it its servers and its world. Collected by ``python -m tests.probe`` only."""

import random

import pytest
from django.conf import settings

from tests.probe import runs, walls
from tests.probe.fields import doors
from tests.probe.probing import groups, share
from tests.probe.scene import made_ready

AT_A_TIME = 60  # addresses with a method and somebody; then a new transaction


@pytest.fixture(scope="module")
def asked(request):
    return request.config.probe


@pytest.fixture(scope="module")
def scene(standing, django_db_blocker, tmp_path_factory):
    folder, settings.FILES_DIR = settings.FILES_DIR, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock():
        yield made_ready(standing)
    settings.FILES_DIR = folder


def chosen(asked, every):
    """This process's part, and of that as large a share as was wanted of the whole."""
    every = list(every)
    random.Random(asked.seed).shuffle(every)  # noqa: S311
    kept = every if asked.probes is None else every[: max(1, len(every) * asked.probes // asked.whole)]
    return kept[asked.part :: asked.parts]


def slices(some):
    return [some[start : start + AT_A_TIME] for start in range(0, len(some), AT_A_TIME)]


def test_every_address_has_its_line(asked):
    asked.unclassified = runs.without_a_line()


def test_the_matrix(scene, asked):
    every = groups() if asked.probes is None else share(asked.probes, asked.seed)
    for some in slices(every[asked.part :: asked.parts]):
        asked.told("matrix", runs.matrix(scene, some))


def test_ids_in_fields(scene, asked):
    for some in slices(chosen(asked, doors())):
        asked.told("fields", runs.fields(scene, some))


def test_the_database_alone(scene, asked):
    with walls.python_down():
        for some in slices(chosen(asked, runs.used())):
            asked.told("the database alone", runs.one_wall(scene, some))


def test_python_alone(scene, asked):
    with walls.database_down():
        for some in slices(chosen(asked, runs.used())):
            asked.told("Python alone", runs.one_wall(scene, some))


def test_what_is_destroyed(scene, asked):
    runs.destroy(scene)
    for some in slices(chosen(asked, runs.of_rows())):
        asked.told("destroyed", runs.after_destruction(scene, some))
