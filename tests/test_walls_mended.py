"""Attacks that once went through, in raw SQL as the web's own role; beside each, what an honest hand still may do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.wall import walled_models
from tests.connections import connected
from tests.oracle import WALLED, all_rows
from tests.test_walls_writing import copy_of, tried
from tests.world import today

LATER = today() + timedelta(days=90)


@pytest.fixture(scope="module")
def rows(standing):
    return all_rows()


def one(rows, label, **wanted):
    """A row that answers to every name given."""
    return next(row for row in rows[label] if all(row[name] == value for name, value in wanted.items()))


def changed(label, row, **values):
    """UPDATE of one row, and nothing but the row's own id to find it by."""
    sets = ", ".join(f"{name} = %s" for name in values)
    return f"UPDATE {WALLED[label]._meta.db_table} SET {sets} WHERE id = %s", [*values.values(), row["id"]]


# A row keeps its name and its house.


@pytest.mark.parametrize("model", walled_models(), ids=lambda model: model._meta.label)
def test_no_row_changes_its_name_or_its_house(django_db_setup, model):
    table = model._meta.db_table
    with connected("owner") as owner:
        found = owner.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'fixed'", [table]
        ).fetchone()
        assert "old.id IS DISTINCT FROM new.id" in found[0]
        assert "old.authority_id IS DISTINCT FROM new.authority_id" in found[0]


def test_an_id_is_for_ever(standing, rows):
    mine = one(rows, "cases.SafeContact", authority_id=standing.bollnas.pk)
    assert tried(standing.anna, changed("cases.SafeContact", mine, id=uuid4())) is RestrictViolation
    assert tried(standing.anna, changed("cases.SafeContact", mine, may_leave_message=True)) == 1


# A case cannot be the way in to its person.


def case_of(standing, rows, person, worker, by=None):
    case = one(rows, "cases.Case", id=standing.case.pk)
    return copy_of(
        case, "cases.Case", individual_id=person, programme="child", number="2099-0001", worker_id=worker.pk,
        created_by_id=(by or worker).pk,
    )  # fmt: skip


def test_a_case_about_anothers_person_is_refused(standing, rows):
    """Leo knows the id from his search; with a case he would have read her numbers and how to reach her."""
    hers = standing.case.individual_id
    assert tried(standing.leo, case_of(standing, rows, hers, standing.leo)) is InsufficientPrivilege
    assert tried(standing.anna, case_of(standing, rows, hers, standing.anna)) == 1
    assert tried(standing.anna, case_of(standing, rows, standing.just_added.pk, standing.anna)) == 1
    assert tried(standing.leo, case_of(standing, rows, standing.just_added.pk, standing.leo)) is InsufficientPrivilege


def test_a_case_is_opened_in_ones_own_name_only(standing, rows):
    hers, anna, leo = standing.case.individual_id, standing.anna, standing.leo
    assert tried(anna, case_of(standing, rows, hers, leo, by=anna)) is InsufficientPrivilege
    assert tried(anna, case_of(standing, rows, hers, leo, by=leo)) is InsufficientPrivilege


@pytest.mark.parametrize("column", ["individual_id", "programme", "number", "created_by_id", "opened_on"])
def test_what_a_case_is_stays(standing, rows, column):
    case = one(rows, "cases.Case", id=standing.case.pk)
    other = {
        "individual_id": standing.protected.individual_id, "programme": "child", "number": "2099-0002",
        "created_by_id": standing.leo.pk, "opened_on": LATER,
    }  # fmt: skip
    assert tried(standing.anna, changed("cases.Case", case, **{column: other[column]})) is RestrictViolation
    assert tried(standing.anna, changed("cases.Case", case, contact_way="police")) == 1


@pytest.mark.parametrize("label", ["cases.PersonIdentifier", "cases.SafeContact"])
def test_what_belongs_to_a_person_stays_hers(standing, rows, label):
    row = one(rows, label, individual_id=standing.case.individual_id)
    other = standing.protected.individual_id
    assert tried(standing.anna, changed(label, row, individual_id=other)) is RestrictViolation
    assert tried(standing.anna, changed(label, row, individual_id=row["individual_id"])) == 1


# Agreed is agreed.


@pytest.mark.parametrize("state", ["draft", "out"])
def test_an_agreed_version_never_opens_again(standing, rows, state):
    agreed = one(rows, "plans.PlanVersion", case_id=standing.case.pk, state="agreed")
    draft = one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)
    away = "UPDATE plans_planversion SET state = 'superseded' WHERE id = %s", [agreed["id"]]
    back = changed("plans.PlanVersion", agreed, state=state)
    assert tried(standing.anna, back) is RestrictViolation
    assert tried(standing.anna, away, back) is RestrictViolation
    assert tried(standing.anna, away, changed("plans.PlanVersion", agreed, state="agreed")) is RestrictViolation
    assert tried(standing.anna, away) == 1
    assert tried(standing.anna, changed("plans.PlanVersion", draft, state="out")) == 1


PARTS = ["plans.Goal", "plans.Measure", "plans.Section"]


@pytest.mark.parametrize("label", PARTS)
def test_nothing_is_added_to_an_agreed_version(standing, rows, label):
    agreed = one(rows, "plans.PlanVersion", case_id=standing.case.pk, state="agreed")
    draft = one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)
    row = one(rows, label, case_id=standing.case.pk)
    plain = {"area": "safety", "state": "requested", "signed_at": None, "text": ""} if label == "plans.Section" else {}
    plain |= {"thread": uuid4()}  # what goes on from version to version is once in each
    late = copy_of(row, label, **plain, version_id=agreed["id"])
    assert tried(standing.anna, late) is InsufficientPrivilege
    assert tried(standing.anna, copy_of(row, label, **plain, version_id=draft["id"])) == 1


def test_a_version_begins_as_a_draft(standing, rows):
    draft = one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)
    older = ("UPDATE plans_planversion SET state = 'out' WHERE id = %s", [draft["id"]])
    ready = {"number": 9, "agreed_at": today(), "agreed_by_id": standing.anna.pk, "follow_up_on": LATER}
    forged = copy_of(draft, "plans.PlanVersion", **ready, state="superseded")
    assert tried(standing.anna, older, forged) is InsufficientPrivilege


def agreeing(rows, standing, by):
    draft = one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)
    return (
        "UPDATE plans_planversion SET state = 'superseded' WHERE case_id = %s AND state = 'agreed'",
        [standing.case.pk],
    ), changed(
        "plans.PlanVersion", draft, state="agreed", agreed_at=today(), agreed_by_id=by.pk, follow_up_on=LATER,
    )  # fmt: skip


def test_a_version_is_agreed_in_ones_own_name(standing, rows):
    assert tried(standing.anna, *agreeing(rows, standing, standing.maud)) is RestrictViolation
    assert tried(standing.anna, *agreeing(rows, standing, standing.anna)) == 1
    # Nor with a name that its bearer put there before, for somebody else to use.
    draft = one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)
    with acting(standing.anna), connection.cursor() as cursor:
        cursor.execute(*changed("plans.PlanVersion", draft, agreed_by_id=standing.anna.pk))
    try:
        assert tried(standing.maud, *agreeing(rows, standing, standing.anna)) is RestrictViolation
    finally:
        with acting(standing.anna), connection.cursor() as cursor:
            cursor.execute(*changed("plans.PlanVersion", draft, agreed_by_id=None))


# Access is given in one's own name, and only becomes shorter.


def annas_grant(standing, rows):
    return one(
        rows, "cases.AccessGrant", content_object_id=standing.case.pk, membership_id=standing.anna.pk, kind="worker"
    )


def given(standing, rows, case, to, by, **more):
    grant = annas_grant(standing, rows)
    more = {"content_object_id": case.pk, "membership_id": to.pk, "user_id": to.user_id, "kind": "named", **more}
    return copy_of(grant, "cases.AccessGrant", granted_by_id=by.pk, **more)


def test_access_is_given_in_ones_own_name(standing, rows):
    assert tried(standing.anna, given(standing, rows, standing.case, standing.leo, standing.maud)) is (
        InsufficientPrivilege
    )
    assert tried(standing.anna, given(standing, rows, standing.case, standing.leo, standing.anna)) == 1


def test_a_manager_does_not_open_a_protected_persons_case(standing, rows):
    maud = standing.maud
    assert tried(maud, given(standing, rows, standing.protected, maud, maud)) is InsufficientPrivilege
    closed = standing.open_case(individual=standing.person(name="Öppen Person"))
    assert tried(maud, given(standing, rows, closed, maud, maud)) == 1
    assert tried(standing.leo, given(standing, rows, closed, standing.leo, standing.leo)) is InsufficientPrivilege


@pytest.mark.parametrize(
    "column", ["content_object_id", "membership_id", "user_id", "kind", "starts_on", "granted_by_id", "reason"]
)
def test_what_a_grant_says_stays(standing, rows, column):
    leo = standing.leo
    other = {
        "content_object_id": standing.protected.pk, "membership_id": leo.pk, "user_id": leo.user_id, "kind": "named",
        "starts_on": today() - timedelta(days=900), "granted_by_id": standing.maud.pk, "reason": b"x",
    }  # fmt: skip
    grant = changed("cases.AccessGrant", annas_grant(standing, rows), **{column: other[column]})
    assert tried(standing.anna, grant) is RestrictViolation


def test_access_only_becomes_shorter(standing, rows):
    anna, grant = standing.anna, annas_grant(standing, rows)
    until = [changed("cases.AccessGrant", grant, ends_on=today() + timedelta(days=days)) for days in (5, 6, 4)]
    endless = changed("cases.AccessGrant", grant, ends_on=None)
    assert tried(anna, until[0]) == 1
    assert tried(anna, until[0], until[2]) == 1
    assert tried(anna, until[0], until[1]) is RestrictViolation
    assert tried(anna, until[0], endless) is RestrictViolation


def test_ended_access_stays_ended(standing, rows):
    """By Maud, who keeps her own."""
    grant = annas_grant(standing, rows)
    ended = changed("cases.AccessGrant", grant, ended_at=today())
    assert tried(standing.maud, ended) == 1
    assert tried(standing.maud, ended, changed("cases.AccessGrant", grant, ended_at=None)) is RestrictViolation


@pytest.mark.parametrize("label", ["teams.TeamMember", "teams.CoordinatorAppointment"])
def test_a_last_day_only_comes_nearer(standing, rows, label):
    """Of a cover: a coordinator's last day is somebody's first."""
    kind = {"kind": "cover"} if label == "teams.CoordinatorAppointment" else {}
    row = one(rows, label, case_id=standing.case.pk, **kind)
    first = max(row["starts_on"], today())
    until = [changed(label, row, ends_on=first + timedelta(days=days)) for days in (4, 5, 3)]
    assert tried(standing.anna, until[0], until[2]) == 1
    assert tried(standing.anna, until[0], until[1]) is RestrictViolation
    assert tried(standing.anna, until[0], changed(label, row, ends_on=None)) is RestrictViolation


def test_one_who_leaves_late_leaves_all_the_same(standing, rows):
    row = one(rows, "teams.TeamMember", case_id=standing.case.pk, membership_id=standing.sara.pk)
    ended = changed("teams.TeamMember", row, state="ended", end_reason=b"x", ends_on=today() + timedelta(days=9))
    assert tried(standing.anna, changed("teams.TeamMember", row, ends_on=today()), ended) == 1


# Nobody acts in another's name.

NAMED = {
    "cases.Consent": ("taken_by_id", {}),
    "cases.Disclosure": ("disclosed_by_id", {"copy_number": 99}),
    "cases.SecrecyException": ("decided_by_id", {}),
    "cases.NoteAddition": ("author_id", {}),
    "cases.CaseNote": ("author_id", {}),
    "teams.CoordinatorAppointment": ("appointed_by_id", {"kind": "deputy"}),
    "teams.TeamMember": ("invited_by_id", {"state": "invited"}),
    "teams.Decision": ("proposed_by_id", {
        "state": "proposed", "decided_by_id": None, "row_id": None, "decided_on": None, "number": ""}),
    "plans.Section": ("requested_by_id", {"area": "safety", "state": "requested", "signed_at": None, "text": ""}),
    "plans.Meeting": ("called_by_id", {}),
}  # fmt: skip


@pytest.mark.parametrize("label", sorted(NAMED))
def test_in_ones_own_name(standing, rows, label):
    """Maud has the case too, and writes; Anna's name on it is refused, her own is not."""
    column, more = NAMED[label]
    row = one(rows, label, case_id=standing.case.pk)
    if label == "teams.TeamMember":
        more = {**more, "membership_id": standing.nils.pk, "member_authority_id": standing.region.pk}
    if "version_id" in row:
        more = {**more, "version_id": one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)["id"]}
    assert tried(standing.maud, copy_of(row, label, **more, **{column: standing.anna.pk})) is InsufficientPrivilege
    assert tried(standing.maud, copy_of(row, label, **more, **{column: standing.maud.pk})) == 1


def test_withdrawn_and_done_in_ones_own_name(standing, rows):
    for label, at, by, more in (
        ("cases.Consent", "withdrawn_at", "withdrawn_by_id", {}),
        ("cases.SecrecyException", "ended_at", "ended_by_id", {}),
        ("cases.Clock", "done_at", "done_by_id", {"kind": "follow_up", "done_at": None}),
    ):
        row = one(rows, label, case_id=standing.case.pk, **more)
        name = {"anna": standing.anna.pk, "maud": standing.maud.pk}
        assert tried(standing.maud, changed(label, row, **{at: today(), by: name["anna"]})) is RestrictViolation
        assert tried(standing.maud, changed(label, row, **{at: today(), by: name["maud"]})) == 1


def test_a_decision_is_proposed_and_then_decided_by_oneself(standing, rows):
    """That the right one can is in ``tests/test_decisions_machine.py``."""
    decided = one(rows, "teams.Decision", case_id=standing.case.pk, state="decided")
    proposed = one(rows, "teams.Decision", case_id=standing.case.pk, state="proposed")
    assert tried(standing.anna, copy_of(decided, "teams.Decision", number="B2099-1")) is InsufficientPrivilege
    whole = {
        "state": "decided", "outcome": "granted", "no_conflict": True, "number": "B2099-2", "decided_on": today(),
        "row_id": decided["row_id"],
    }  # fmt: skip
    as_maud = changed("teams.Decision", proposed, **whole, decided_by_id=standing.maud.pk)
    assert tried(standing.anna, as_maud) is RestrictViolation


@pytest.mark.parametrize("forged", [{"text": "\\x41"}, {"state": "signed", "signed_at": today()}])
def test_a_section_is_asked_for_empty(standing, rows, forged):
    """Neither words nor a signature in Sara's name."""
    draft = one(rows, "plans.PlanVersion", case_id=standing.case.pk, number=2)
    row = one(rows, "plans.Section", case_id=standing.case.pk)
    plain = {"version_id": draft["id"], "area": "safety", "state": "requested", "signed_at": None, "text": ""}
    assert tried(standing.anna, copy_of(row, "plans.Section", **{**plain, **forged})) is InsufficientPrivilege
    assert tried(standing.anna, copy_of(row, "plans.Section", **plain)) == 1


def test_whoever_is_called_answers_for_herself(standing, rows):
    sara = one(rows, "teams.TeamMember", case_id=standing.case.pk, membership_id=standing.sara.pk)
    nils = {"id": uuid4(), "membership_id": standing.nils.pk, "invited_by_id": standing.anna.pk}
    asked = copy_of(sara, "teams.TeamMember", **nils, state="invited", answered_at=None)
    joins = changed("teams.TeamMember", nils, state="joined")
    assert tried(standing.anna, copy_of(sara, "teams.TeamMember", **nils, state="joined")) is InsufficientPrivilege
    assert tried(standing.anna, asked) == 1
    assert tried(standing.anna, asked, joins) is RestrictViolation
    member = standing.join(standing.mika)
    assert (member.state, member.membership_id) == ("joined", standing.mika.pk)  # by her own answer
