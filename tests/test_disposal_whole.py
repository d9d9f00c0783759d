"""A case with rows in every table is destroyed, sixty years later, in the furnished world: nothing of it is
left, and nothing of anybody else is touched. What hangs on a case is found by asking every table, so that a new one is
asked about too."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from cases import operations as cases
from cases import retention, vault
from cases.models import Case
from children import operations as children
from exitprogram.jobs import runner
from exitprogram.tenancy.acting import acting
from tests import archiving, childhood
from tests.chains import consultation
from tests.connections import connected
from tests.oracle import WALLED, all_rows
from tests.papers import paper, years_later
from tests.world import today

# These the furnished world has on other cases: one that is closed, that moves, that is protected, opened in a hurry.
NOT_ON_THIS_CASE = {
    "cases.Closure", "cases.EmergencyAccess", "cases.ProtectionMark", "cases.TransferRequest",
    # What is kept for ever, and who came of age today: that one may have been born on a day kept for research.
    "children.Placement", "children.PlacementPlan", "children.PlacementReview", "children.HealthOffer",
    "children.Bridge", "children.FileOpening",
}  # fmt: skip


@dataclass
class Aftermath:
    world: Any
    before: dict
    gone: set
    certificate: Any
    document: Any


@pytest.fixture(scope="module")
def after(standing, tmp_path_factory):
    folder, settings.FILES_DIR = settings.FILES_DIR, tmp_path_factory.mktemp("files")
    try:
        yield destroyed(standing)
    finally:
        settings.FILES_DIR = folder


def destroyed(world):
    childs_file(world)
    with acting(world.anna):
        document = cases.add_document(**paper(world.case, world.anna))
        # Closed by hand: that everything is done first is asked in the tests of closing.
        Case.objects.filter(pk__in=[case.pk for case in destroyed_of(world)]).update(closed_on=today())
        archiving.asked(world.anna, Case.objects.get(pk=world.case.pk))
    before = all_rows()
    gone = {row["id"] for label in before for row in before[label] if is_of_one(world, row)}
    with years_later(60):  # the child's is kept for long
        with acting(world.maud):
            ids = {case.pk for case in destroyed_of(world)}
            assert ids <= {v.facts.case_id for v in retention.verdicts(world.maud)}
            disposal = cases.prepare_disposal(by=world.maud, case_ids=ids)
        for who in (world.maud, world.adam):
            with acting(who):
                cases.sign_disposal(by=who, disposal=disposal)
        with acting(world.adam):
            certificate = cases.carry_out_disposal(by=world.adam, disposal=disposal)
        runner.forget_expired()  # every minute, all those years
    return Aftermath(world, before, gone, certificate, document)


def childs_file(world):
    childhood.reports(world.anna, world.guarded)
    with acting(world.anna):
        given = {"by": world.anna, "case": world.guarded}
        children.record_visit(**given, day=today(), who="alone", words="Kanarieord")
        children.begin_after_care(**given, after="investigation", since_on=today(), why="Kanarieskäl")
        children.link_cases(**given, other=world.child, relation="sibling", shown_there=True)
        children.name_next(**given, who="school", name="Kanarienamn")
        consultation(world.anna, world.guarded)
        cases.mark_retention(**given, kind="not_placed", reason="Kanarieskäl")


def destroyed_of(world):
    """An adult's file, and one of a child who has never been placed."""
    return world.case, world.guarded


def is_of_one(world, row):
    return any(is_of(case, row) for case in destroyed_of(world))


def is_of(case, row):
    mine = (row.get("case_id"), row.get("content_object_id"), row.get("target_id"), row["id"])
    return case.pk in mine or case.individual_id in (row.get("individual_id"), row["id"])


def mentions(row, ids):
    named = {one for value in row.values() for one in (value if isinstance(value, list) else [value]) if is_id(one)}
    return bool(named & ids) or any(str(key) in row.get("went_to", "") for key in ids)


def is_id(value):
    return isinstance(value, UUID)


def test_there_was_a_row_in_every_table(after):
    hanging = {label for label, rows in after.before.items() if any(is_of_one(after.world, row) for row in rows)}
    of_a_case = {
        label for label, model in WALLED.items()
        if any(field.name in ("case", "individual") for field in model._meta.concrete_fields)
    }  # fmt: skip
    assert of_a_case - hanging - NOT_ON_THIS_CASE == set()


def test_none_is_left(after):
    """Whatever column it could stand in. The log keeps its opaque ids: that is how it is still whole, and a reading
    that was reviewed says which row of the log it was; the board's list of what was decided says nothing of whom."""
    kept = ("audit.AuditEvent", "teams.BoardLine", "teams.LogSample")
    left = {
        label for label, rows in all_rows().items() if label not in kept
        for row in rows if mentions(row, after.gone)
    }  # fmt: skip
    assert left == set()


def test_nobody_else_lost_anything(after):
    """Söderhamn's rows, and Bollnäs's own of other people, all of them."""
    now = all_rows()
    for label in set(WALLED) - {"audit.AuditEvent", "tenancy.Submission", "jobs.Job"}:
        others = {row["id"] for row in after.before[label] if not mentions(row, after.gone)}
        assert others <= {row["id"] for row in now[label]}, label


def test_the_log_is_whole(after):
    with connected("owner") as owner:
        for authority in (after.world.bollnas, after.world.soderhamn):
            assert owner.execute("SELECT * FROM wall.audit_faults(%s)", [authority.pk]).fetchall() == []
    with connected("backup") as everything:
        kept = everything.execute(
            "SELECT count(*) FROM audit_auditevent WHERE case_id = %s", [after.world.case.pk]
        ).fetchone()[0]
    assert kept > 30


def test_the_files_are_gone(after):
    assert vault.on_disk(after.world.bollnas.pk) == {} and after.certificate.files >= 1
    with pytest.raises(vault.FileGone):
        vault.read(after.document.authority_id, after.document.stored_name)


def test_the_certificate_says_no_more_than_it_must(after):
    with connected("backup") as everything:
        (said,) = everything.execute(
            "SELECT c::text FROM cases_disposalcertificate c WHERE id = %s", [after.certificate.pk]
        ).fetchone()
    assert (after.certificate.cases, after.certificate.people) == (2, 2) and bytes(after.certificate.list_hash)
    assert after.world.case.number not in said and "Maria" not in said
    assert [key for key in after.gone if str(key) in said] == []
