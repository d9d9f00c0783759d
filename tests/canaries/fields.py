"""Every column that could hold words about somebody, and which of them hold a planted one."""

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from exitprogram.crypto.fields import EncryptedText, Sealed
from tests.connections import connected
from tests.oracle import WALLED, all_rows

# Sealed, and yet no words that somebody writes: codes, lists of codes, days, keys.
SEALED_CODES = {
    "cases.Individual.sealed_birth_date", "cases.Individual.gender", "cases.SafeContact.channels",
    "cases.PersonKey.sealed_key", "cases.Case.target_group", "cases.Intake.sealed_needs", "cases.UrgentStep.question",
    "cases.Identification.signs", "cases.ComingOfAge.ground", "plans.FollowUp.sealed_experience",
    "teams.CaseloadImport.sealed_outcomes", "teams.KeptReport.paper", "jobs.Job.why",
}  # fmt: skip
# Readable columns that say nothing about a person whom a case is about: codes, law, staff, offices, keys of files.
PLAIN_CODES = {
    "number", "sound_key", "stored_name", "rule_id", "ground_rule", "record_class", "law", "minute", "row", "why",
    "what", "recipient_kind", "ground", "instrument", "instrument_version", "language", "content_type", "part", "kind",
    "legal_anchor", "catalogue_id", "ref", "decided_by", "reference", "conditions", "action", "object_type",
    "request_id", "purpose", "does", "postal", "visiting", "telephone", "email", "hours", "appeal", "title",
    "went_to", "state",
}  # fmt: skip
ABOUT_NOBODY = {
    "tenancy.Letterhead.name", "tenancy.Unit.name", "tokens.ApiToken.name",
    "reporting.CostEstimate.name",
}  # fmt: skip
NOT_WALLED = {"tenancy", "pulse", "auth", "contenttypes", "sessions", "guardian", "audit"}  # sinks of their own


def text_fields(label, model):
    """(name, field) of each column of words: sealed, or readable without a list of choices."""
    for each in model._meta.local_fields:
        name = f"{label}.{each.name}"
        if each.choices or each.is_relation:
            continue
        if isinstance(each, EncryptedText):
            if name not in SEALED_CODES | ABOUT_NOBODY:
                yield name, each
        elif isinstance(each, models.CharField | models.TextField):
            if each.name not in PLAIN_CODES and name not in ABOUT_NOBODY:
                yield name, each


def rooms_without_a_wall():
    """Models with words in them that are no walled table: each must be one we know."""
    return {
        model._meta.label
        for model in apps.get_models()
        if model._meta.label not in WALLED and model._meta.app_label not in NOT_WALLED and any(text_fields("", model))
    }


def opened(label, field, row):
    """As a reader with the keys would have it."""
    value = row[field.column]
    if not isinstance(field, EncryptedText):
        return value or ""
    holder = WALLED[label](pk=row["id"], authority_id=row["authority_id"])
    return field.opened(holder, Sealed(value or b""))


def where_each_is(register):
    """{canary: {(label, row id)}} and {column: {canary}}, past every wall and with every key."""
    rows, where, columns = all_rows(), {}, {}
    for label, model in WALLED.items():
        for field in model._meta.local_fields:
            if not isinstance(field, EncryptedText | models.CharField | models.TextField):
                continue
            for row in rows[label]:
                for canary in register.found(opened(label, field, row)):
                    where.setdefault(canary, set()).add((label, row["id"]))
                    columns.setdefault(f"{label}.{field.name}", set()).add(canary)
    return rows, where, columns


def fill_the_rest(register):
    """A word in every column that no operation of the furniture wrote to, in one row of each authority, as if somebody
    had written it there long ago. Gives the columns where the database itself refuses that."""
    rows, _where, columns = where_each_is(register)
    refused = {}
    with connected("owner", autocommit=True) as owner:
        for label, model in WALLED.items():
            missing = [field for name, field in text_fields(label, model) if name not in columns]
            table = sql.Identifier(model._meta.db_table)
            if not missing:
                continue
            owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER").format(table))
            for field in missing:
                for row in {row["authority_id"]: row for row in rows[label]}.values():
                    word = register.new(f"{label}.{field.name}")
                    try:
                        _write(owner, word, label, field, row)
                    except psycopg.errors.IntegrityError as why:
                        register.forget(word)
                        refused[f"{label}.{field.name}"] = type(why).__name__
            owner.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER").format(table))
    return refused


def _write(owner, word, label, field, row):
    model = WALLED[label]
    word = f"{opened(label, field, row)} {word}".strip()
    if isinstance(field, EncryptedText):
        word = field.sealed(model(pk=row["id"], authority_id=row["authority_id"]), word)
    statement = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(
        sql.Identifier(model._meta.db_table), sql.Identifier(field.column)
    )
    owner.execute(statement, [word, row["id"]])
