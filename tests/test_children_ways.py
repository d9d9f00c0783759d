"""Every way by which something leaves the house, and why none of them leads to a guardian without a release for that
very one. A new way turns this red until somebody has said how it asks; what each lets through:
test_children_releases.py, test_children_copies.py, test_disclosures.py."""

import ast

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import EmailField

from cases.models import Case, Disclosure
from children.models import Guardian
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority, Membership
from tests.guardianship import a_child, beside
from tests.source import files, tree

ASKS, NAMED, NEVER = "asks for the release", "refuses a guardian's name written by hand", "only to somebody else"
# Where a copy, a letter, a paper or a register is written down as given out: without such a row nothing is.
GIVEN = {
    "cases/operations/disclosures.py": ASKS, "children/operations/releases.py": ASKS,
    "teams/operations/letters.py": ASKS, "plans/operations/release.py": ASKS, "cases/operations/returning.py": NAMED,
    "plans/operations/exchange.py": NEVER, "plans/operations/readings.py": NEVER,
}  # fmt: skip
# What is about a guardian. An invitation, a notice, a place in a team or a calendar would be one more.
ABOUT = {"Custody", "GuardianMark", "PartyLimit", "GuardianAnswer", "GuardianRelease"}


def makes_disclosures(path):
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) in ("Disclosure", "Disclosure.objects.create")
        for node in ast.walk(tree(path))
    )


def test_what_is_given_out_asks():
    assert {str(path) for path in files() if makes_disclosures(path)} == set(GIVEN)


def test_nothing_else_points_at_a_guardian():
    pointing = {model.__name__ for model in apps.get_models() for field in model._meta.fields
                if field.related_model is Guardian}  # fmt: skip
    assert pointing == ABOUT


def test_a_guardian_has_no_account_and_no_address_of_ours():
    """Mail, notices, the calendar, meetings and teams know accounts alone: a guardian is none and has none."""
    points_at = {field.related_model for field in Guardian._meta.fields if field.related_model}
    assert points_at == {Authority, Case, Membership}  # the membership: who wrote the guardian down
    addresses = {model.__name__ for model in apps.get_models() for field in model._meta.fields
                 if isinstance(field, EmailField)}  # fmt: skip
    assert addresses == {"User", "Letterhead"}


@pytest.mark.parametrize("given", [
    {"recipient_kind": "guardian"},  # without saying which
    {"recipient_kind": "individual", "beside": True}, {"recipient_kind": "other", "beside": True},
    {"recipient_kind": "guardian", "beside": True, "what": "case.copy"},
    {"recipient_kind": "guardian", "beside": True, "what": "plan.part"},
    {"recipient_kind": "guardian", "beside": True, "what": "plan.bundle"},
    {"recipient_kind": "guardian", "beside": True, "what": "readings"},
])  # fmt: skip
def test_the_table_takes_no_other_way(world, given):
    kim = a_child(world)
    mona = beside(world.anna, kim)
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        Disclosure(
            authority_id=kim.authority_id, case=kim, what=given.get("what", "case.copy"), object_id=kim.pk,
            recipient_kind=given["recipient_kind"], beside_id=mona.pk if given.get("beside") else None,
            recipient_text="x", ground="x", copy_number=77, sha256=b"x", disclosed_by=world.anna,
        ).save(force_insert=True)  # fmt: skip
