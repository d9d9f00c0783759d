"""Keys are exchanged while people work: one killed in the middle and run again, both readable meanwhile, none left."""

import os
import threading
from itertools import islice

import pytest
from django.core.management import call_command
from django.db import connection

from cases.models import SafeContact
from exitprogram.crypto import keys
from exitprogram.crypto.fields import EncryptedText, Sealed
from exitprogram.crypto.management.commands import rotate_keys
from exitprogram.crypto.management.commands.rotate_keys import encrypted_columns
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.wall import _store_key
from teams.models import Decision
from tests.connections import connected, logged_in_as
from tests.kept import edits
from tests.visits import Visit

NEXT = os.urandom(32)


class Killed(BaseException):
    """As if by the kernel: nothing catches it, and what was not committed is not there."""


@pytest.fixture
def free(standing, django_db_blocker, settings, monkeypatch):
    settings.DATA_KEYS = {**settings.DATA_KEYS, 2: NEXT}
    keys.derived.cache_clear()
    own = [standing.bollnas.pk, standing.soderhamn.pk, standing.region.pk]
    with django_db_blocker.unblock():
        monkeypatch.setattr(rotate_keys.Authority.objects, "all", lambda: Authority.objects.filter(pk__in=own))
        yield standing
    keys.derived.cache_clear()


def versions():
    """{version: how many values} past every wall."""
    found = {}
    with connected("backup") as everything:
        for model, fields in encrypted_columns():
            for field in fields:
                for (value,) in everything.execute(f"SELECT {field.column} FROM {model._meta.db_table}"):
                    if value:
                        version = Sealed(value).key_version
                        found[version] = found.get(version, 0) + 1
    return found


def unreadable(world, models=None):
    """Rows that the ring does not open, asked one by one."""
    wrong = 0
    for authority in Authority.objects.filter(pk__in=[world.bollnas.pk, world.soderhamn.pk, world.region.pk]):
        with acting_as_system(authority):
            for model, fields in islice(encrypted_columns(), models):
                for row in model._base_manager.filter(authority=authority):
                    try:
                        wrong += sum(not isinstance(getattr(row, field.attname), str) for field in fields)
                    except Exception:  # noqa: BLE001  whatever it is, she cannot read it
                        wrong += 1
    return wrong


def test_a_row_read_before_and_saved_after_gets_no_old_seal(free):
    """Somebody has the form's row in hand while it is sealed anew, and saves all of it."""
    with acting(free.anna):
        row = SafeContact.objects.get(individual_id=free.case.individual_id)
        old = {field.attname: getattr(row, field.attname) for field in _sealed(row)}
    with acting(free.anna):
        again = SafeContact.objects.get(pk=row.pk)
        again.save()
    with acting(free.anna):
        waiting = Decision.objects.waiting().filter(case=free.case).get()
        waiting.save()  # what was proposed is fixed: a decision may be made before its row has been sealed anew
        row = SafeContact.objects.get(pk=row.pk)
        values = [row.__dict__[field.attname] for field in _sealed(row)]
        assert {value.key_version for value in values if value} == {2}
        assert {field.attname: getattr(row, field.attname) for field in _sealed(row)} == old


def _sealed(row):
    return [field for field in row._meta.concrete_fields if isinstance(field, EncryptedText)]


def test_rotated_while_people_write_and_killed_on_the_way(free, settings, monkeypatch):
    crossing, stop = edits.Crossing(free, 7), threading.Event()
    writing = threading.Thread(target=_work, args=[crossing, stop])
    writing.start()
    done, whole = [], rotate_keys.reseal

    def dying(model, fields, authority):
        if len(done) == 40:
            raise Killed
        done.append(model)
        return whole(model, fields, authority)

    try:
        monkeypatch.setattr(rotate_keys, "reseal", dying)
        with pytest.raises(Killed):
            call_command("rotate_keys")
        halfway = versions()
        assert set(halfway) == {1, 2}, "killed in the middle"
        assert Visit(free.anna).get("plans:person", free.case).status_code == 200
        monkeypatch.setattr(rotate_keys, "reseal", whole)
        call_command("rotate_keys")
    finally:
        stop.set()
        writing.join(60)
        crossing.close()
    assert crossing.found.lost == [] and crossing.found.accepted > 3
    assert set(versions()) == {2}, "written after it too"
    gone = settings.DATA_KEYS.pop(1)
    keys.derived.cache_clear()
    try:
        assert unreadable(free) == 0
        settings.DATA_KEYS[2], kept = os.urandom(32), settings.DATA_KEYS[2]
        keys.derived.cache_clear()
        assert unreadable(free, models=5) > 5, "this would have seen it"
        settings.DATA_KEYS[2] = kept
    finally:
        settings.DATA_KEYS[1] = gone
        keys.derived.cache_clear()


def _work(crossing, stop):
    try:
        while not stop.wait(0.2):
            crossing.cross()
    finally:
        connection.close()


# Who acts


def store(settings, *ring):
    settings.CONTEXT_KEYS, settings.CONTEXT_KEY = list(ring), ring[0]
    with logged_in_as("owner"), connection.cursor() as cursor:
        _store_key(cursor)


def test_the_context_key_is_exchanged_with_both_accepted(free, settings):
    """The database is told of the new one first; web after web starts with it; then the old one goes."""
    old, new = settings.CONTEXT_KEY, os.urandom(32)

    def is_let_in(key):
        settings.CONTEXT_KEY = key
        with acting(free.anna):
            return SafeContact.objects.filter(individual_id=free.case.individual_id).exists()

    try:
        assert is_let_in(old) and not is_let_in(new)
        store(settings, new, old)
        assert is_let_in(old) and is_let_in(new)
        store(settings, new)
        assert is_let_in(new) and not is_let_in(old)
    finally:
        store(settings, old)
    assert is_let_in(old)
