"""Two walls, each proven alone on every table: what every actor sees is exactly what the oracle says."""

import pytest
from django.db import connection, models, transaction
from django.db.models.query import QuerySet

from exitprogram.tenancy.acting import NoActing, acting, acting_as_system, acting_as_user
from exitprogram.tenancy.rows import TenantManager, TenantModel
from tests.connections import connected, logged_in_as
from tests.oracle import OF_THE_BOARD, WALLED, Oracle, all_rows

ACTORS = [
    "nora",
    "anna",
    "maud",
    "leo",
    "adam",
    "cilla",
    "per",
    "siv",
    "rut",
    "sara",
    "nils",
    "ragnar",
    "mika",
    "pia",
    "lova",
]
LABELS = sorted(WALLED)
# Where Python says less than the database, with why.
NARROWER = {
    # A guest reads the papers ticked for her through ``plans.papers``, with what covers them asked there.
    **{
        f"cases.{name}": lambda row, who: row["authority_id"] == who.authority_id
        for name in ("Document", "DocumentReader", "PersonKey")
    },
    # A guest reads what covers her through ``towards``, never in a list of consents.
    "cases.Consent": lambda row, who: row["authority_id"] == who.authority_id,
    "cases.SecrecyException": lambda row, who: row["authority_id"] == who.authority_id,
    # The log of a case is read with ``about_case``, by somebody already let into the case.
    "audit.AuditEvent": lambda row, who: row["membership_id"] == who.pk or row["case_id"] is None,
}
# Seen by the whole board by design, and by nobody outside but the other side.
OF_ONES_OWN_BOARD = {
    "tenancy.AgreementParty", "tenancy.CooperationAgreement", "tenancy.Mandate", "tenancy.Membership",
}  # fmt: skip
FOREIGN = ["cilla", "leo", "adam", "nils"]  # none of them has anything to do with Maria's case


@pytest.fixture(scope="module")
def rows(standing):
    return all_rows()


@pytest.fixture
def backup(standing):
    """Every Django query of these tests as the role that no row security binds: Python's wall stands alone."""
    with logged_in_as("backup"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (True,)
        yield


def unfiltered(label):
    """The rows PostgreSQL itself lets through: no manager, no default filter."""
    return set(QuerySet(WALLED[label]).values_list("pk", flat=True))


def widest(label):
    """The manager that reaches the furthest: ``across`` where rows are lent to another board."""
    return getattr(WALLED[label], "across", WALLED[label].objects)


def test_every_tenant_model_has_a_wall():
    declared = {model for model in TenantModel.__subclasses__() if not model._meta.abstract}
    assert declared == set(WALLED.values())
    assert len(declared) >= 24


@pytest.mark.parametrize("label", LABELS)
def test_there_is_something_to_leak(standing, rows, label):
    """A table that is empty on one side proves nothing."""
    owners = {row["authority_id"] for row in rows[label]}
    assert {standing.bollnas.pk, standing.soderhamn.pk} <= owners


def test_the_suite_is_the_applications_own_role(standing):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("exit_app", False, False)


@pytest.mark.parametrize("name", ACTORS)
def test_the_database_alone(standing, rows, name):
    who = getattr(standing, name)
    oracle = Oracle(rows, who)
    with acting(who):
        seen = {label: unfiltered(label) for label in LABELS}
    expected = {label: oracle.ids(label) for label in LABELS}
    expected["tenancy.Membership"] |= oracle.colleagues()
    assert seen == expected


@pytest.mark.parametrize("name", ACTORS)
def test_python_alone(standing, rows, backup, name):
    who = getattr(standing, name)
    oracle = Oracle(rows, who)
    with acting(who):
        seen = {label: set(widest(label).visible_to(who).values_list("pk", flat=True)) for label in LABELS}
    expected = {label: oracle.ids(label) for label in LABELS}
    for label, wanted in NARROWER.items():
        expected[label] = {row["id"] for row in rows[label] if row["id"] in expected[label] and wanted(row, who)}
    assert seen == expected


def test_python_alone_without_visible_to(standing, backup):
    """The net under a forgotten filter: own authority, or for the shared models everything but never by silence."""
    for model in WALLED.values():
        with pytest.raises(NoActing):
            model.objects.count()
        if isinstance(model.objects, TenantManager):
            with acting(standing.cilla):
                assert set(model.objects.values_list("authority_id", flat=True)) <= {standing.soderhamn.pk}
            with acting_as_user(standing.cilla.user):
                assert model.objects.count() == 0


@pytest.mark.parametrize("name", FOREIGN)
def test_nothing_of_the_case_reaches_a_stranger(standing, rows, name):
    """The oracle itself, checked by hand: not one row that hangs on Maria or her case."""
    who, case = getattr(standing, name), standing.case
    with acting(who):
        for label in LABELS:
            mine = {
                row["id"] for row in rows[label]
                if case.pk in (row.get("case_id"), row.get("content_object_id"), row["id"])
                or case.individual_id in (row.get("individual_id"), row["id"])
            }  # fmt: skip
            assert not mine & unfiltered(label), label


def test_nobody_sees_nothing(standing):
    for label in LABELS:
        assert unfiltered(label) == set(), label


def test_signed_in_without_acting_sees_only_own_memberships(standing, rows):
    """And that her own sign-in is being made anew."""
    anna = standing.anna
    resets = {row["id"] for row in rows["tenancy.FactorReset"] if row["user_id"] == anna.user_id}
    with acting_as_user(anna.user):
        seen = {label: unfiltered(label) for label in LABELS if unfiltered(label)}
    assert seen == {"tenancy.Membership": {anna.pk}, "tenancy.FactorReset": resets}


def test_system_sees_one_authority(standing, rows):
    with acting_as_system(standing.soderhamn):
        for label in LABELS:
            shared = label in OF_ONES_OWN_BOARD
            seen = {row["authority_id"] for row in rows[label] if row["id"] in unfiltered(label)}
            assert seen == {standing.soderhamn.pk} or (shared and standing.bollnas.pk not in seen), label


def test_a_guest_sees_what_is_shared(standing, rows):
    """The positive control: both walls let through what they should."""
    with acting(standing.sara):
        for label in ("plans.Goal", "plans.Measure", "plans.Section"):
            assert {row["area"] for row in rows[label] if row["id"] in unfiltered(label)} == {"health"}, label


def test_a_hole_in_one_declaration_would_show(standing, rows):
    """The proof itself, broken on purpose: a policy that opens everything is seen by the comparison."""
    oracle = Oracle(rows, standing.cilla)
    with connected("owner", autocommit=True) as owner:
        owner.execute("CREATE POLICY hole ON cases_casenote FOR SELECT TO exit_app USING (true)")
        try:
            with acting(standing.cilla):
                assert unfiltered("cases.CaseNote") > oracle.ids("cases.CaseNote")
        finally:
            owner.execute("DROP POLICY hole ON cases_casenote")


@pytest.mark.parametrize("label", sorted(set(LABELS) - OF_THE_BOARD - OF_ONES_OWN_BOARD))
def test_need_to_know_cannot_go_unnoticed(standing, rows, label):
    """Each table's rule for reading made as wide as the board, in turn: some colleague then sees too much."""
    table = WALLED[label]._meta.db_table
    with connected("owner", autocommit=True) as owner:
        rule = owner.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'r' AND polrelid = %s::regclass",
            [table],
        ).fetchone()[0]
        owner.execute(f"ALTER POLICY r ON {table} USING (authority_id = (SELECT wall.authority()))")
        try:
            too_much = set()
            for who in (standing.leo, standing.per, standing.adam):
                with acting(who):
                    too_much |= unfiltered(label) - Oracle(rows, who).ids(label)
            assert too_much
        finally:
            owner.execute(f"ALTER POLICY r ON {table} USING ({rule})")


def test_a_plain_manager_would_show(standing, rows, backup):
    with acting(standing.cilla):
        plain = models.Manager()
        plain.model = WALLED["cases.CaseNote"]
        assert {row["authority_id"] for row in plain.values("authority_id")} > {standing.soderhamn.pk}


def test_both_walls_hold_within_one_transaction_of_many_actors(standing, rows):
    """One connection, one transaction, every actor in turn: nothing of the one before stays."""
    with transaction.atomic():
        for name in ACTORS * 2:
            who = getattr(standing, name)
            with acting(who):
                assert unfiltered("cases.Case") == Oracle(rows, who).ids("cases.Case"), name
        assert unfiltered("cases.Case") == set()
