"""What is sealed opens only in its own place."""

import os
from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from cases import operations as cases
from cases.models import CaseNote, Individual, PersonIdentifier
from exitprogram.crypto import keys
from exitprogram.crypto.fields import Sealed
from exitprogram.crypto.fingerprint import fingerprint
from exitprogram.tenancy.acting import acting

TEXT = "Åsa Öberg är på väg – ring inte efter 18 ☎"


@pytest.fixture
def note(world):
    with acting(world.anna):
        return cases.save_note(
            by=world.anna, case=world.case, kind="call", event_on=date(2026, 1, 2), source="egen", fact=TEXT
        )


def raw(note, column="fact"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM cases_casenote WHERE id = %s", [note.pk])
        return bytes(cursor.fetchone()[0])


def put(note, value, column="fact"):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_casenote SET {column} = %s WHERE id = %s", [value, note.pk])


def test_round_trip(world, note):
    with acting(world.anna):
        assert CaseNote.objects.get(pk=note.pk).fact == TEXT
        assert CaseNote.objects.get(pk=note.pk).assessment == ""
        assert TEXT.encode() not in raw(note)
        assert raw(note, "assessment") == b""


def test_two_seals_of_one_text_differ(world, note):
    field = CaseNote._meta.get_field("fact")
    assert field.sealed(note, TEXT) != field.sealed(note, TEXT)


def test_a_value_moved_does_not_open(world, note):
    """To another row, another column, another model, another authority; or with one bit changed."""
    field = CaseNote._meta.get_field("fact")
    with acting(world.anna):
        sealed = Sealed(raw(note))
        elsewhere = CaseNote(pk=note.pk, authority_id=world.soderhamn.pk)
        other_model = Individual(pk=note.pk, authority_id=note.authority_id)
        wrong = [
            (field, CaseNote(authority_id=note.authority_id), sealed),
            (CaseNote._meta.get_field("assessment"), note, sealed),
            (field, elsewhere, sealed),
            (Individual._meta.get_field("sealed_name"), other_model, sealed),
            (field, note, Sealed(sealed[:-1] + bytes([sealed[-1] ^ 1]))),
            (field, note, Sealed(sealed[:3] + bytes([sealed[3] ^ 1]) + sealed[4:])),
        ]
        for column, instance, value in wrong:
            with pytest.raises(InvalidTag):
                column.opened(instance, value)
        assert field.opened(note, sealed) == TEXT


def test_a_value_moved_in_the_table_does_not_open(world, note):
    with acting(world.anna):
        put(note, raw(note), "assessment")
        found = CaseNote.objects.get(pk=note.pk)
        assert found.fact == TEXT
        with pytest.raises(InvalidTag):
            str(found.assessment)


def test_a_missing_key_is_a_stop_and_not_an_empty_text(world, note, settings):
    settings.DATA_KEYS = {2: os.urandom(32)}
    keys.derived.cache_clear()
    with acting(world.anna), pytest.raises(KeyError):
        str(CaseNote.objects.get(pk=note.pk).fact)


def test_text_cannot_take_the_back_door(world, note):
    with acting(world.anna):
        with pytest.raises(TypeError, match="Krypterad text"):
            CaseNote.objects.filter(pk=note.pk).update(fact="öppet")
        with pytest.raises(TypeError, match="Krypterad text"):
            CaseNote.objects.filter(fact=TEXT).count()
        with pytest.raises(TypeError, match="Krypterad text"):
            CaseNote.objects.filter(fact__in=[TEXT]).count()


def test_a_sealed_value_prints_nothing(world, note):
    with acting(world.anna):
        assert repr(CaseNote.objects.get(pk=note.pk).__dict__["fact"]) == "<förseglat>"


def test_fingerprints(world):
    here = fingerprint(world.bollnas.pk, "196610232842")
    assert here == fingerprint(world.bollnas.pk, "196610232842")
    assert len({here, fingerprint(world.soderhamn.pk, "196610232842"), fingerprint(world.bollnas.pk, "1")}) == 3
    assert len(here) == 32 and b"1966" not in here


def test_the_number_is_found_by_its_fingerprint_only(world):
    person = world.person(number="19661023-2842")
    with acting(world.anna):
        found = PersonIdentifier.objects.get(individual=person)
        assert (found.value, found.kind) == ("196610232842", "personal")
        hits, _search = cases.search_people(by=world.anna, query="661023-2842")
        assert [hit.name for hit in hits] == ["Maria Karlsson"]
