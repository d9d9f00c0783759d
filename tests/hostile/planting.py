"""Puts hostile texts into every column that holds somebody's words, as though every form had let them in. The owner's
hand writes, with triggers and walls away, because signed rows are to be hostile too."""

import json
import re

from django.apps import apps
from django.db import models
from psycopg import sql

from exitprogram.crypto.fields import EncryptedText, Sealed
from tests.connections import connected
from tests.hostile.texts import together

OURS = ("tenancy", "tokens", "jobs", "cases", "teams", "children", "plans", "reporting")
REFERENCE = {"PoliceRegion", "Region", "Municipality"}
CODE = re.compile(r"[a-z0-9_.:/@-]*|[0-9A-Fa-f]{16,}|\S*/\S*|[A-Z]{1,5}-?[0-9-]*")  # a word of ours, a number, a digest
# Columns whose texts are words of ours, a rule's name, a number, an address of mail, a name of a file or a digest.
KEYS = {"sealed_key", "search_key", "sound_key", "certificate"}
CODES = (
    "acting applied_by both_countries catalogue_id category channels children content content_type done_at_once email"
    " extension_ground frozen gender ground_rule group home instrument instrument_version kind made_by number outcome"
    " paper part password paying present question recipient_kind ref row rule_id sealed_birth_date sealed_outcomes"
    " source standing status step stored_name target_group told value voice way what wished_by"
)


def _sealed_json(model):
    """Columns in which JSON is sealed (crypto.fields.sealed_json)."""
    made = [value.fget for value in vars(model).values() if isinstance(value, property)]
    return {one.__closure__[0].cell_contents for one in made if one.__qualname__.startswith("sealed_json")}


def columns():
    """(model, field, "sealed", "sealed json", "json" or "text") of every column that could hold words."""
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model.__name__ in REFERENCE or model._meta.proxy:
            continue
        packed = _sealed_json(model)
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedText):
                yield model, field, "sealed json" if field.attname in packed else "sealed"
            elif isinstance(field, models.JSONField):
                yield model, field, "json"
            elif isinstance(field, models.CharField | models.TextField) and not field.choices and not field.primary_key:
                yield model, field, "text"


class Planted:
    """What was found where, and how much of it could be planted."""

    def __init__(self, pieces):
        self.pieces, self.count, self.columns, self.refused = pieces, 0, {}, {}

    def text(self, room):
        self.count += 3
        return together(self.pieces, room, self.count)

    def inside(self, value):
        """The same JSON, with hostile words where there were words."""
        if isinstance(value, dict):
            return {key: self.inside(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.inside(one) for one in value]
        return self.text(200) if isinstance(value, str) and not CODE.fullmatch(value) else value


def plant(pieces):
    planted = Planted(pieces)
    with connected("owner", autocommit=True) as owner:
        for model, field, kind in columns():
            _plant_column(owner, planted, model, field, kind)
    return planted


def _plant_column(owner, planted, model, field, kind):
    table, key = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    column = sql.Identifier(field.column)
    owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(table))
    owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
    try:
        whose = sql.SQL("authority_id") if kind.startswith("sealed") else sql.SQL("NULL")
        asked = sql.SQL("SELECT {}, {}, {} FROM {}").format(key, whose, column, table)
        for pk, authority_id, value in owner.execute(asked).fetchall():
            hostile = _hostile(planted, model, field, kind, pk, authority_id, value)
            if hostile is None:
                continue
            name = f"{model._meta.label}.{field.attname}"
            try:
                written = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(table, column, key)
                owner.execute(written, [hostile, pk])
                planted.columns[name] = planted.columns.get(name, 0) + 1
            except Exception as why:  # a constraint that says what the column may hold
                planted.refused[name] = type(why).__name__
    finally:
        owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
        owner.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table))


def _hostile(planted, model, field, kind, pk, authority_id, value):
    """The new value, or None where there are no words to replace."""
    if kind.startswith("sealed"):
        row = model(pk=pk, authority_id=authority_id)
        before = field.opened(row, Sealed(value)) if value else ""
        if (packed := _unpacked(before)) is not None:
            return field.sealed(row, json.dumps(planted.inside(packed)))
        if kind == "sealed":
            return None if _is_code(field, before) else field.sealed(row, planted.text(None))
        return None
    if kind == "json":
        return None if value is None else json.dumps(planted.inside(value))
    return None if value is None or _is_code(field, value) else planted.text(field.max_length)


def _unpacked(text):
    """What lies in a JSON text; None for any other."""
    try:
        return json.loads(text) if text.startswith(("{", "[")) else None
    except ValueError:  # words, planted before
        return None


def _is_code(field, value):
    """Columns of words are filled, empty or not; of the others what looks like words."""
    if value.startswith("-----BEGIN") or field.attname in KEYS:
        return True
    return field.attname in CODES.split() and (not value or CODE.fullmatch(value) is not None)
