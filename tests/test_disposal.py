"""Destruction: two people sign, one function deletes, nothing of the person is left, and nothing else can."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from cases import operations as cases
from cases import retention
from cases.models import (
    Case,
    CaseNote,
    DisposalCertificate,
    DisposalItem,
    DisposalList,
    Document,
    Individual,
    PersonKey,
)
from exitprogram.audit.models import AuditEvent
from exitprogram.demo.clock import at
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from tests.connections import connected
from tests.oracle import WALLED
from tests.papers import closed, old_case, paper
from tests.world import today


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def prepared(world, *found, by=None):
    by = by or world.maud
    with acting(by):
        return cases.prepare_disposal(by=by, case_ids=[case.pk for case in found])


def signed(row, *people):
    for who in people:
        with acting(who):
            row = cases.sign_disposal(by=who, disposal=row)
    return row


def carried_out(row, by):
    with acting(by):
        return cases.carry_out_disposal(by=by, disposal=row)


# The list


def test_only_what_is_due_comes_on_a_list(world):
    young = old_case(world, years=3)
    with pytest.raises(Refused, match="ska gallras i dag"):
        prepared(world, young)
    with pytest.raises(Refused, match="Välj minst ett"), acting(world.maud):
        cases.prepare_disposal(by=world.maud, case_ids=[])
    with pytest.raises(Refused), acting(world.maud):
        cases.prepare_disposal(by=world.maud, case_ids=[world.case.pk])


def test_another_boards_case_comes_on_no_list(world):
    due = old_case(world)
    with pytest.raises(Refused):
        prepared(world, due, by=world.siv)


def test_one_open_list_at_a_time(world):
    due, other = old_case(world), old_case(world, name="Annan Gammal")
    row = prepared(world, due)
    with pytest.raises(Refused, match="redan en lista"):
        prepared(world, other)
    with acting(world.adam):
        cases.drop_disposal(by=world.adam, disposal=row)
    assert prepared(world, other).cases == 1


def test_all_of_a_person_or_nothing(world):
    due = old_case(world)
    with acting(world.anna):
        person = due.individual
    with at(timezone.now() - timedelta(days=366 * 6)):
        second = closed(world.anna, world.open_case(individual=person))
    with pytest.raises(Refused, match=second.number):
        prepared(world, due)
    assert prepared(world, due, second).cases == 2


def test_two_people_sign(world):
    row = signed(prepared(world, old_case(world)), world.maud)
    with pytest.raises(Refused, match="redan signerat"):
        signed(row, world.maud)
    with pytest.raises(NotAllowed, match="två olika"):
        carried_out(row, world.maud)
    row = signed(row, world.adam)
    with pytest.raises(Refused, match="redan signerad"):
        signed(row, world.adam)


def test_one_person_in_two_roles_is_one_person(world):
    """Maud is made an administrator too: another membership, the same hand."""
    with acting(world.adam):
        second = add_member(by=world.adam, email=world.maud.user.email, name="Maud Chef", role=Role.ADMINISTRATOR)
    row = signed(prepared(world, old_case(world)), world.maud)
    with pytest.raises(Refused, match="redan signerat"):
        signed(row, second)
    with acting(second):  # past Python: the database asks for two people, not for two memberships
        DisposalList.objects.filter(pk=row.pk).update(signed_second_by=second, signed_second_at=timezone.now())
    with pytest.raises(IntegrityError, match="två olika personer"), acting(second), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.dispose(%s)", [row.pk])


def test_a_change_after_the_signatures_stops_it(world):
    due = old_case(world)
    row = signed(prepared(world, due), world.maud, world.adam)
    with acting(world.anna):
        cases.add_document(**paper(due, world.anna))
    with pytest.raises(Refused, match="har ändrats"):
        carried_out(row, world.maud)
    with acting(world.anna):
        assert Case.objects.filter(pk=due.pk).exists()


# What the database itself asks, with Python's questions taken away


@contextmanager
def only_the_database():
    with patch("cases.operations.retention._require_unchanged"):
        yield


def late_hold(world, case):
    with acting(world.anna):
        cases.mark_retention(by=world.anna, case=case, kind="hold", reason="tvist")


def late_answer(world, case):
    with acting(world.anna):
        cases.mark_retention(by=world.anna, case=case, kind="placed", reason="2019")


def late_note(world, case):
    with acting(world.anna):
        note = cases.save_note(by=world.anna, case=case, kind="call", event_on=today(), source="x", fact="x")
        cases.sign_note(by=world.anna, case=case, note=note)


def late_case(world, case):
    with acting(world.anna):
        person = case.individual
    world.open_case(individual=person)


def taken_up(world, case):
    with acting(world.anna):
        Case.objects.filter(pk=case.pk).update(closed_on=None)


@pytest.mark.parametrize("late", [late_hold, late_answer, late_note, late_case, taken_up], ids=lambda f: f.__name__)
def test_the_database_asks_by_itself(world, late):
    due = old_case(world)
    row = signed(prepared(world, due), world.maud, world.adam)
    late(world, due)
    with only_the_database(), pytest.raises(Refused):
        carried_out(row, world.maud)
    with acting(world.anna):
        assert Case.objects.filter(pk=due.pk).exists()


def test_the_database_wants_both_signatures(world):
    row = signed(prepared(world, old_case(world)), world.maud)
    with pytest.raises(IntegrityError, match="två olika"), acting(world.maud), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.dispose(%s)", [row.pk])


def test_a_list_made_by_hand_destroys_nothing_too_young(world):
    """Rows of a list written past Python: days that are not true are found out."""
    case = old_case(world, years=3)
    with acting(world.maud):
        (verdict,) = retention.verdicts(world.maud)
        row = DisposalList.objects.create(
            authority_id=world.bollnas.pk, prepared_by=world.maud, cases=1, list_hash=b"x", signed_first_by=world.maud
        )
    for last_on, from_ in ((verdict.facts.last_on, today()), (today() - timedelta(days=4000), today())):
        with pytest.raises((IntegrityError, ProgrammingError)), acting(world.maud):
            DisposalItem.objects.create(
                authority_id=world.bollnas.pk, list=row, target_id=case.pk, rule_id="retention.base", last_on=last_on,
                destroy_from=from_,
            )  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM wall.dispose(%s)", [row.pk])


@pytest.mark.parametrize("who", ["anna", "leo", "cilla", "siv", "sara", "mika"])
def test_nobody_else_carries_it_out(world, who):
    row = signed(prepared(world, old_case(world)), world.maud, world.adam)
    other = getattr(world, who)
    with pytest.raises(IntegrityError, match="finns inte"), acting(other), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.dispose(%s)", [row.pk])


def test_a_key_from_somebody_elses_row_stops_it(world):
    """A row of another person's that leads to this one is no rubbish, and no cascade takes it: everything stays."""
    due, other = old_case(world), world.open_case(individual=world.person(name="Annan Person"))
    row = signed(prepared(world, due), world.maud, world.adam)
    with connected("owner") as owner:
        columns = owner.execute("SELECT tab::text FROM wall.hanging()").fetchall()
    assert ("cases_case",) in columns and ("audit_auditevent",) not in columns
    assert carried_out(row, world.maud).cases == 1
    with acting(world.anna):
        assert Case.objects.filter(pk=other.pk).exists()


# Nothing else deletes


DELETES = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace IN ('wall'::regnamespace, 'public'::regnamespace)
      AND p.prosrc ~* '\\m(delete|truncate)\\M'
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def test_one_function_destroys(django_db_setup):
    with connected("owner") as owner:
        found = {row[0] for row in owner.execute(DELETES)}
    # The trigger's function names the word; the other two are steps that run with their caller's rights.
    steps = {"wall.destroy_whole(uuid,uuid[],uuid[])", "wall.destroy_rows(uuid[],uuid,uuid[],uuid[])"}
    assert found == {"wall.refuse()", *steps}


CALLERS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'wall'::regnamespace AND p.prosrc ~ 'wall.destroy_whole' AND p.prosecdef
"""


def test_who_may_call_what_destroys(django_db_setup):
    """By two signatures; and after a restore, by the owner alone, while nobody is let in."""
    with connected("owner") as owner:
        found = {row[0] for row in owner.execute(CALLERS)}
        may = "SELECT has_function_privilege('exit_app', %s::regprocedure, 'EXECUTE')"
        open_to_app = {name for name in found if owner.execute(may, [name]).fetchone()[0]}
    assert found == {"wall.dispose(uuid)", "wall.restored_dispose(uuid,uuid[])"}
    assert open_to_app == {"wall.dispose(uuid)"}


RIGHTS = """
    SELECT c.relname, g FROM pg_class c
    CROSS JOIN unnest(ARRAY['exit_app', 'exit_worker', 'exit_backup', 'exit_wall']) g
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      AND has_table_privilege(g, c.oid, 'DELETE')
"""


def test_the_right_to_delete(django_db_setup):
    """The web: what its declarations say and drafts mean nothing yet. exit_wall: what hangs on a case or a person."""
    with connected("owner") as owner:
        found = set(owner.execute(RIGHTS).fetchall())
        hanging = {str(row[0]) for row in owner.execute("SELECT tab::text FROM wall.hanging()")}
    app = {table for table, role in found if role == "exit_app"} - set(settings.PLAIN_TABLES)
    assert app == {model._meta.db_table for model in WALLED.values() if model.wall.delete}
    assert {table for table, role in found if role in ("exit_worker", "exit_backup")} == set()
    wall = {table for table, role in found if role == "exit_wall"}
    assert wall == {table.removeprefix("public.") for table in hanging} | {"cases_notice", "tenancy_submission"}
    assert not {table for table in wall if table.startswith("audit_")}
    assert {"cases_case", "cases_individual", "plans_goal", "teams_decision", "cases_document"} <= wall


@pytest.mark.parametrize("statement", [
    "DELETE FROM cases_case", "DELETE FROM cases_personkey", "DELETE FROM cases_document",
    "DELETE FROM cases_individual", "DELETE FROM cases_disposalcertificate", "DELETE FROM cases_retentionmark",
    "SELECT wall.destroy_rows(ARRAY[gen_random_uuid()], gen_random_uuid(), '{}', '{}')", "SET ROLE exit_wall",
    "SELECT wall.hangs_on('{}', '{}', '{}')",
])  # fmt: skip
def test_the_web_deletes_nothing(world, statement):
    with pytest.raises(ProgrammingError) as error, acting(world.anna), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(error.value.__cause__, InsufficientPrivilege)


def test_a_signed_list_takes_no_more(world):
    due, other = old_case(world), old_case(world, name="Annan Gammal")
    row = signed(prepared(world, due), world.maud)
    with pytest.raises(ProgrammingError), acting(world.maud):
        DisposalItem.objects.create(
            authority_id=world.bollnas.pk, list=row, target_id=other.pk, rule_id="retention.base", last_on=today(),
            destroy_from=today(),
        )  # fmt: skip


def test_nobody_signs_for_another(world):
    row = prepared(world, old_case(world))
    with pytest.raises(IntegrityError) as error, acting(world.maud):
        DisposalList.objects.filter(pk=row.pk).update(signed_first_by=world.adam)
    assert isinstance(error.value.__cause__, RestrictViolation)


def test_a_certificate_is_never_changed(world):
    certificate = carried_out(signed(prepared(world, old_case(world)), world.maud, world.adam), world.maud)
    with pytest.raises((IntegrityError, ProgrammingError)), acting(world.maud):
        DisposalCertificate.objects.filter(pk=certificate.pk).update(cases=0)


# The whole way, small


def test_the_way(world, django_capture_on_commit_callbacks):
    due = old_case(world)
    with acting(world.anna):
        person = due.individual_id
    row = signed(prepared(world, due), world.adam, world.maud)
    with django_capture_on_commit_callbacks(execute=True):
        certificate = carried_out(row, world.maud)
    assert (certificate.cases, certificate.people, certificate.files) == (1, 1, 0)
    assert certificate.rule_ids == ["retention.base"]
    with acting(world.anna):
        assert not Case.objects.filter(pk=due.pk).exists() and not Individual.objects.filter(pk=person).exists()
        assert not Document.objects.exists() and not PersonKey.objects.exists() and not CaseNote.objects.exists()
        hits, _search = cases.search_people(by=world.anna, query="Gammal Person")
        assert hits == []
    with acting(world.maud):
        assert not DisposalItem.objects.exists()
        assert AuditEvent.objects.filter(action="disposal.carried_out").count() == 1
    with pytest.raises(Refused, match="avslutad"):
        carried_out(row, world.maud)


def test_all_of_it_or_nothing(world):
    due = old_case(world)
    row = signed(prepared(world, due), world.adam, world.maud)
    with patch("cases.operations.retention.record_many", side_effect=RuntimeError), pytest.raises(RuntimeError):
        carried_out(row, world.maud)
    with acting(world.anna):
        assert Case.objects.filter(pk=due.pk).exists()
