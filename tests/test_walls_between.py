"""Attacks between the rows of two cases, and through what the planner remembers of names, in raw SQL as the web."""

from uuid import uuid4

import pytest
from django.db import connection
from psycopg.errors import ForeignKeyViolation

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.wall import statements
from tests.connections import connected
from tests.oracle import WALLED, all_rows
from tests.test_walls_mended import one
from tests.test_walls_writing import copy_of, tried


@pytest.fixture(scope="module")
def rows(standing):
    return all_rows()


# No row points into another case, not even for a moment.


def parents(standing, rows):
    """(label, column, the parent's label) where both are of a case."""
    for label, model in WALLED.items():
        for field in model._meta.concrete_fields:
            parent = field.related_model._meta.label if field.is_relation else None
            if parent in WALLED and "case_id" in rows[parent][0] and "case_id" in rows[label][0]:
                yield label, field.column, parent


def test_every_key_between_rows_of_a_case_holds_the_case(standing, rows):
    found = set(parents(standing, rows))
    assert {
        ("plans.MeetingCall", "meeting_id", "plans.Meeting"), ("plans.MeetingCall", "member_id", "teams.TeamMember"),
        ("plans.Goal", "version_id", "plans.PlanVersion"), ("plans.Measure", "goal_id", "plans.Goal"),
        ("plans.Measure", "version_id", "plans.PlanVersion"), ("plans.Measure", "responsible_id", "teams.TeamMember"),
        ("plans.Section", "version_id", "plans.PlanVersion"), ("cases.NoteAddition", "note_id", "cases.CaseNote"),
        ("plans.PlanVersion", "plan_id", "plans.CoordinatedPlan"),
    } <= found, "the walk over the models finds what is known to be there"  # fmt: skip
    with connected("owner") as owner:
        for label, column, _parent in found:
            keys = owner.execute(
                "SELECT pg_get_constraintdef(oid), condeferrable FROM pg_constraint"
                " WHERE contype = 'f' AND conrelid = %s::regclass",
                [WALLED[label]._meta.db_table],
            ).fetchall()
            assert any(text.startswith(f"FOREIGN KEY (authority_id, case_id, {column})") for text, _ in keys)


@pytest.fixture(scope="module")
def leos(standing):
    """A case of Leo's own, to step out of."""
    return standing.open_case(standing.leo, standing.person(standing.leo, "Leos Person"))


MEMBER, MEETING = uuid4(), uuid4()


def leos_part(standing, rows, case):
    leo, part = standing.leo, one(rows, "teams.TeamMember", case_id=standing.case.pk)
    return copy_of(
        part, "teams.TeamMember", id=MEMBER, case_id=case.pk, membership_id=leo.pk,
        member_authority_id=standing.bollnas.pk, state="joined", invited_by_id=leo.pk,
    )  # fmt: skip


def leos_meeting(standing, rows, case):
    meeting = one(rows, "plans.Meeting", case_id=standing.case.pk)
    return copy_of(meeting, "plans.Meeting", id=MEETING, case_id=case.pk, called_by_id=standing.leo.pk)


def call_to(standing, rows, case, meeting):
    call = one(rows, "plans.MeetingCall", case_id=standing.case.pk)
    return copy_of(
        call, "plans.MeetingCall", case_id=case.pk, meeting_id=meeting, member_id=MEMBER,
        membership_id=standing.leo.pk, member_authority_id=standing.bollnas.pk,
    )  # fmt: skip


@pytest.mark.parametrize("whose", ["case", "elsewhere"])
def test_nobody_calls_himself_to_another_cases_meeting(standing, rows, leos, whose):
    part, own = leos_part(standing, rows, leos), leos_meeting(standing, rows, leos)
    theirs = one(rows, "plans.Meeting", case_id=getattr(standing, whose).pk)
    assert tried(standing.leo, part, call_to(standing, rows, leos, theirs["id"])) is ForeignKeyViolation
    assert tried(standing.leo, part, own, call_to(standing, rows, leos, MEETING)) == 1


PEEK = """DO $$ DECLARE loot text; BEGIN
    BEGIN
        {attack};
        SELECT starts_at INTO loot FROM plans_meeting WHERE id = '{meeting}';
        RAISE EXCEPTION 'undone';
    EXCEPTION WHEN OTHERS THEN NULL; END;
    PERFORM set_config('app.loot', coalesce(loot, 'nothing'), true);
END $$"""


@pytest.mark.parametrize("whose", ["case", "elsewhere"])
def test_nothing_is_seen_before_it_is_undone(standing, rows, leos, whose):
    """A block that points a row elsewhere, looks and takes it back: the key is asked at once."""
    theirs = one(rows, "plans.Meeting", case_id=getattr(standing, whose).pk)["id"]
    loot = {}
    for name, meeting in (("theirs", theirs), ("own", MEETING)):
        steps = [leos_part(standing, rows, leos), leos_meeting(standing, rows, leos)]
        steps.append(call_to(standing, rows, leos, meeting))
        with acting(standing.leo), connection.cursor() as cursor:
            attack = ";".join(cursor.mogrify(*step) for step in steps)
            cursor.execute(PEEK.format(attack=attack, meeting=meeting))
            cursor.execute("SELECT current_setting('app.loot')")
            loot[name] = cursor.fetchone()[0]
    assert loot["theirs"] == "nothing"
    assert loot["own"].startswith("20")  # the peek itself works


# The planner keeps no record of names.


def test_no_statistics_of_names(standing):
    secret = {"name", "alias", "search_key", "sound_key", "protection", "local_threat", "guarded", "language"}
    with connected("owner", autocommit=True) as owner:
        owner.execute("ANALYZE cases_individual")
    with connected("backup") as everything:
        kept = {row[0] for row in everything.execute(
            "SELECT attname FROM pg_stats WHERE tablename = 'cases_individual'")}  # fmt: skip
    assert "version" in kept
    assert not secret & kept


def test_statistics_gathered_before_are_thrown_away(standing):
    """An installation from before the wall said so: the next ``migrate`` takes them away, and may run again."""
    kept = "SELECT count(*) FROM pg_stats WHERE tablename = 'cases_individual' AND attname = 'name'"
    with connected("owner", autocommit=True) as owner, connected("backup", autocommit=True) as everything:
        owner.execute("ALTER TABLE cases_individual ALTER COLUMN name SET STATISTICS 100")
        owner.execute("ANALYZE cases_individual")
        assert everything.execute(kept).fetchone() == (1,)
        for _time in range(2):
            for statement in statements(WALLED["cases.Individual"]):
                owner.execute(statement)
        assert everything.execute(kept).fetchone() == (0,)


def test_a_key_of_before_is_replaced(standing):
    """The deferred keys of an older installation go when the wall is raised; one key is left, asked at once."""
    with connected("owner") as owner:
        owner.execute(
            "ALTER TABLE plans_goal ADD CONSTRAINT plans_goal_version_id_own FOREIGN KEY (authority_id, version_id)"
            " REFERENCES plans_planversion (authority_id, id) DEFERRABLE INITIALLY DEFERRED"
        )
        for statement in statements(WALLED["plans.Goal"]):
            owner.execute(statement)
        keys = owner.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'plans_goal'::regclass"
            " AND confrelid = 'plans_planversion'::regclass"
        ).fetchall()
        assert keys == [("plans_goal_version_id_case_now",)]
        owner.rollback()
