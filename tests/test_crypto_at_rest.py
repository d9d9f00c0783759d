"""Sealed in the tables: nothing stands in the clear, and a new key seals all of it anew. On the furnished world, which
has text in every encrypted column that the product writes."""

import os

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from cases.models import CaseNote
from exitprogram.crypto import keys
from exitprogram.crypto.fields import EncryptedText, Sealed
from exitprogram.crypto.management.commands import rotate_keys
from exitprogram.crypto.management.commands.rotate_keys import encrypted_columns
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.models import Authority
from tests.connections import connected
from tests.furniture import SECRETS
from tests.oracle import WALLED


@pytest.fixture
def two_keys(settings):
    settings.DATA_KEYS = {**settings.DATA_KEYS, 2: os.urandom(32)}
    keys.derived.cache_clear()
    yield settings.DATA_KEYS
    keys.derived.cache_clear()


def sealed_values():
    """{(model, column): [bytes]} of every encrypted column, past every wall."""
    found = {}
    with connected("backup") as everything:
        for model, fields in encrypted_columns():
            for field in fields:
                rows = everything.execute(f"SELECT {field.column} FROM {model._meta.db_table}").fetchall()
                found[model._meta.label, field.column] = [bytes(row[0]) for row in rows if row[0]]
    return found


def test_nothing_is_readable_in_the_tables(standing):
    """A dump by somebody without keys: of what these people said and are, only plain names of unprotected people."""
    plain_names = ("Maria Karlsson", "Elsa Annanstans", "Kanariebarnet")
    with connected("backup") as everything:
        dump = "".join(
            str(everything.execute(f"SELECT * FROM {model._meta.db_table}").fetchall())
            + str(everything.execute(f"SELECT t::text FROM {model._meta.db_table} t").fetchall())
            for model in WALLED.values()
        )
    assert [secret for secret in SECRETS if secret in dump and secret not in plain_names] == []
    assert all(name in dump for name in plain_names)  # the dump is a dump


def test_no_code_tells_what_somebody_lives_with(standing):
    """Needs, answers and the question that raised an alarm: the bare code would tell as much as a sentence."""
    with connected("backup") as everything:
        for model in WALLED.values():
            dump = str(everything.execute(f"SELECT t::text FROM {model._meta.db_table} t").fetchall())
            assert [code for code in ("hbtqi", "safe_now", "deadly") if code in dump] == [], model


def test_every_written_column_is_sealed(standing):
    values = sealed_values()
    written = [place for place, found in values.items() if found]
    assert len(written) >= 15
    for place in written:
        for value in values[place]:
            assert value[0] == 1 and Sealed(value).key_version == 1 and len(value) > 31, place


@pytest.fixture
def few_authorities(standing, monkeypatch):
    """Those that have rows; the other three hundred are asked just as well and only take time."""
    own = Authority.objects.filter(pk__in=[standing.bollnas.pk, standing.soderhamn.pk, standing.region.pk])
    monkeypatch.setattr(rotate_keys.Authority.objects, "all", lambda: own)


def test_rotation_seals_everything_anew(standing, two_keys, few_authorities, capsys):
    """Also what is signed, agreed and released: the text stays the same and only the seal is new."""
    before = sealed_values()
    call_command("rotate_keys")
    after = sealed_values()
    for place, values in after.items():
        assert len(values) == len(before[place])
        assert {Sealed(value).key_version for value in values} <= {2}, place
    assert capsys.readouterr().out.strip() != "0 rader förseglade med nyckel 2."
    call_command("rotate_keys")
    assert capsys.readouterr().out.strip() == "0 rader förseglade med nyckel 2."
    assert sealed_values() == after
    with acting(standing.anna):
        assert {note.fact for note in CaseNote.objects.visible_to(standing.anna)} == {"Kanariefakta"}
    _old_key_is_not_needed(standing, two_keys)


def _old_key_is_not_needed(standing, two_keys):
    gone = two_keys.pop(1)
    keys.derived.cache_clear()
    try:
        with acting(standing.anna):
            for model, fields in encrypted_columns():
                for row in model.objects.visible_to(standing.anna):
                    assert all(isinstance(getattr(row, field.attname), str) for field in fields)
    finally:
        two_keys[1] = gone
        keys.derived.cache_clear()


def test_encrypted_columns_are_found():
    models = {model for model, _fields in encrypted_columns()}
    assert models == {m for m in WALLED.values() if any(isinstance(f, EncryptedText) for f in m._meta.fields)}
    assert len(models) >= 12


def test_upkeep_renews_seals_and_nothing_else(standing):
    """The opening made for rotation: the system may not touch another column of a locked row."""
    for statement in (
        "UPDATE cases_casenote SET kind = 'visit' WHERE signed_at IS NOT NULL",
        "UPDATE cases_casenote SET signed_at = NULL WHERE signed_at IS NOT NULL",
        "UPDATE teams_decision SET reasons = '', outcome = 'refused' WHERE state = 'decided'",
    ):
        with pytest.raises(IntegrityError, match="låst"), acting_as_system(standing.bollnas):
            connection.cursor().execute(statement)
