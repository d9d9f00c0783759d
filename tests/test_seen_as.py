"""*Se som*: only where everybody is invented, only to look, and each page on the watcher. With one real board in the
installation it is impossible in both walls."""

from contextlib import contextmanager
from unittest.mock import patch

import psycopg
import pytest
from django.apps import apps
from django.db import InternalError, connection

from cases.models import Case
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting, seeing_as
from exitprogram.tenancy.models import Authority
from tests.connections import connected
from tests.visits import Visit, sees
from tests.world import World


@contextmanager
def marked(sql="true"):
    """Authorities marked though somebody works there: by the owner, with the trigger that would refuse it put away."""
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE tenancy_authority DISABLE TRIGGER invented")
        owner.execute(f"UPDATE tenancy_authority SET demonstration = true WHERE {sql}")  # noqa: S608
        owner.execute("ALTER TABLE tenancy_authority ENABLE TRIGGER invented")
    try:
        yield
    finally:
        with connected("owner", autocommit=True) as owner:
            owner.execute("UPDATE tenancy_authority SET demonstration = false")


@pytest.fixture
def invented(transactional_db):
    with marked():
        world = as_marked()
        world.case  # noqa: B018  made now
        yield world


@pytest.fixture
def mixed(transactional_db):
    """Bollnäs is a demonstration; the next board is not."""
    with marked("name LIKE 'Socialnämnden, Bolln%'"):
        yield as_marked()


def as_marked():
    world = World()
    for who in (world.adam, world.siv):
        who.authority = Authority.objects.get(pk=who.authority_id)
    return world


def begin(world, who=None):
    adam = Visit(world.adam)
    answer = adam.post("tenancy:see_as_begin", who or world.anna)
    return adam, answer


def test_a_colleagues_page_is_seen_and_nothing_can_be_written(invented):
    adam, answer = begin(invented)
    assert answer.status_code == 302
    page = adam.get("plans:my_day")
    assert page.status_code == 200 and sees(page, "Du ser som Anna Berg, socialsekreterare", "Sluta se som")
    assert sees(adam.get("plans:person", invented.case), invented.case.number, "Maria K.")
    before = written(invented)
    stopped = adam.post("plans:plan", invented.case)
    assert stopped.status_code == 403 and sees(stopped, "Det går inte i Se som")
    assert written(invented) == before + 1, "the attempt, on the watcher; nothing else"
    assert adam.post("tenancy:see_as_end").status_code == 302
    assert adam.get("plans:my_day").status_code == 403
    with acting(invented.adam):
        mine = AuditEvent.objects.filter(membership_id=invented.adam.pk).values_list("action", flat=True)
        assert {"session.seen_as", "session.seen_page", "session.seen_as_ended"} <= set(mine)
        assert not AuditEvent.objects.filter(membership_id=invented.anna.pk, action="session.seen_page").exists()


def written(world):
    with connected("backup") as everything:
        return everything.execute("SELECT count(*) FROM audit_auditevent").fetchone()[0]


def test_with_a_real_board_the_database_knows_nobody(mixed):
    """Python would let it through: the board is marked and this is a test. The database sees that others are real."""
    adam, _answer = begin(mixed)
    assert adam.get("teams:unit").status_code == 403 and mixed.adam.authority.demonstration
    with acting(mixed.adam), seeing_as(mixed.adam, mixed.anna):
        assert rows_seen() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT wall.authority()")
            assert cursor.fetchone()[0] is None


def rows_seen():
    total = 0
    for model in apps.get_models():
        if getattr(model, "wall", None) is not None:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")  # noqa: S608
                total += cursor.fetchone()[0]
    return total


def test_with_a_real_board_python_refuses_alone(world):
    """The database would let it through, were its own answer yes."""
    with acting(world.adam), pytest.raises(NotAllowed, match="bara i en demonstration"):
        tenancy.see_as(by=world.adam, membership=world.anna)
    adam, answer = begin(world)
    assert sees(adam.client.get(answer.url), "Här arbetar ni med riktiga ärenden")
    session = adam.client.session
    session["seen_as"] = str(world.anna.pk)
    session.save()
    assert adam.get("plans:my_day").status_code == 403, "a planted session opens nothing"


def test_in_production_python_refuses_whatever_is_marked(invented, settings):
    settings.EXIT_ENV = "production"
    with acting(invented.adam), pytest.raises(NotAllowed):
        tenancy.see_as(by=invented.adam, membership=invented.anna)


def test_only_an_administrator_looks_as_another(invented):
    with acting(invented.anna), pytest.raises(NotAllowed, match="Din roll ger inte rätt"):
        tenancy.see_as(by=invented.anna, membership=invented.leo)


def test_the_web_marks_nothing(world):
    with connected("owner", autocommit=True) as owner, pytest.raises(psycopg.errors.Error):
        owner.execute("SELECT 1/0")
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied|nekas"):
        cursor.execute("UPDATE tenancy_authority SET demonstration = true")


def test_a_board_with_staff_is_not_marked(transactional_db):
    world = World()
    with connected("owner", autocommit=True) as owner, pytest.raises(psycopg.Error, match="arbetar redan någon"):
        owner.execute("UPDATE tenancy_authority SET demonstration = true WHERE id = %s", [world.bollnas.pk])


@pytest.mark.parametrize(("who", "sentence"), [("adam", "Välj en annan roll"), ("cilla", "egna nämndens personal")])
def test_who_can_be_chosen(invented, who, sentence):
    with acting(invented.adam), pytest.raises(Refused, match=sentence):
        tenancy.see_as(by=invented.adam, membership=getattr(invented, who))


def test_the_database_alone_lets_nothing_be_written_or_seen_outside(invented):
    with acting(invented.adam), seeing_as(invented.adam, invented.anna):
        assert Case.objects.visible_to(invented.anna).count() == 1
        with pytest.raises(InternalError), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET version = 9")
        connection.needs_rollback = True
    for watcher, seen in ((invented.anna, invented.leo), (invented.siv, invented.anna), (invented.adam, invented.adam)):
        with acting(watcher), seeing_as(watcher, seen):
            assert rows_seen() == 0
    writable = patch("exitprogram.tenancy.acting.READ_ONLY", "SELECT 1")
    with acting(invented.adam), writable, seeing_as(invented.adam, invented.anna):
        assert rows_seen() == 0, "known in no transaction that can write"
    assert Authority.objects.filter(demonstration=True).exists()
