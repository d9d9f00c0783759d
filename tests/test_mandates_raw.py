"""KL 9:37 past Python's own answer: raw SQL, as the web, in the name of one who has a mandate."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Mandate
from exitprogram.tenancy.roles import Role
from teams.models import DelegationRow
from tests import agreements
from tests.test_mandates import between, decide, propose
from tests.world import today

__all__ = ["between"]
DAY = timedelta(days=1)
RAW = """UPDATE teams_decision SET state = 'decided', outcome = 'granted', no_conflict = true, decided_on = %(on)s,
    decided_by_id = %(who)s, row_id = %(row)s, number = %(number)s, law = 'SoL', role = %(role)s,
    appointed_on = %(since)s, employer_id = %(employer)s, mandate = %(mandate)s, given_mandate_id = %(given)s,
    scheme_version = %(version)s {more} WHERE id = %(id)s"""
FAULTS = [
    {}, {"employer": "bollnas"}, {"mandate": "own"}, {"given": None}, {"given": "theirs"}, {"given": "later"},
    {"given": "other"}, {"mandate": "own", "employer": "bollnas", "given": None}, {"number": "B{year}-0002"},
    {"number": "B1"}, {"role": "social_worker"}, {"who": "cilla"}, {"who": "maud"}, {"since": today() - DAY},
    {"on": today() - DAY}, {"on": today() + DAY}, {"row": "travel"}, {"version": 2}, {"more": ", days = 1"},
    {"more": ", sent_to_id = NULL"}, {"more": ", what = ''"},
]  # fmt: skip


def tried(who, statement, given=None):
    """How many rows it touched; None when PostgreSQL said no."""
    try:
        with acting(who), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, given)
            return cursor.rowcount
    except DatabaseError:
        return None


def mandates(world):
    role, house = {"role": Role.UNIT_MANAGER}, ["protected_housing"]
    later = agreements.given(world.adam, world.together, world.soderhamn, house, starts_on=today() + DAY, **role)
    theirs = agreements.given(world.siv, world.together, world.bollnas, house, **role)
    other = agreements.given(world.adam, world.together, world.soderhamn, ["contact_person"], **role)
    with acting(world.adam):
        mine = Mandate.objects.get(authority_id=world.bollnas.pk, given_by=None)
    return {"mine": mine.pk, "later": later.pk, "theirs": theirs.pk, "other": other.pk, None: None}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_one_forged_word_stops_it(world, fault):
    given_by, decision = mandates(world), propose(world)
    with acting(world.adam):
        rows = {row.kind: row.pk for row in DelegationRow.objects.filter(scheme__version=1)}
    said = {"on": today(), "who": "stina", "row": "protected_housing", "number": "B{year}-0001", "role": "unit_manager",
            "since": world.stina.starts_on, "employer": "soderhamn", "mandate": "kl_9_37", "given": "mine",
            "version": 1, "id": decision.pk, "more": "", **fault}  # fmt: skip
    statement = RAW.format(more=said.pop("more"))
    said |= {
        "who": getattr(world, said["who"]).pk, "row": rows[said["row"]], "given": given_by[said["given"]],
        "employer": getattr(world, said["employer"]).pk, "number": said["number"].format(year=today().year),
    }  # fmt: skip
    assert tried(world.stina, statement, said) == (None if fault else 1)


OTHER_WAYS = {
    "the case": "UPDATE cases_case SET version = version WHERE id = %(case)s",
    "a copy of it": "INSERT INTO teams_decision SELECT (jsonb_populate_record(d, jsonb_build_object('id',"
                    " gen_random_uuid()))).* FROM teams_decision d WHERE id = %(id)s",
    "taking it back": "UPDATE teams_decision SET state = 'withdrawn' WHERE id = %(id)s",
    "to a friend": "UPDATE teams_decision SET sent_to_id = %(friend)s WHERE id = %(id)s",
    "to herself": "UPDATE teams_decision SET sent_to_id = %(me)s, sent_to_authority_id = %(house)s"
                  " WHERE id = %(other)s",
    "its case": "UPDATE teams_decision SET case_id = %(another)s WHERE id = %(id)s",
    "more days": "UPDATE teams_decision SET days = 9 WHERE id = %(id)s",
    "a step": "INSERT INTO teams_decisionstep (id, created_at, authority_id, case_id, decision_id, kind, day, way,"
              " result, excuse, words, by_id) VALUES (gen_random_uuid(), now(), %(board)s, %(case)s, %(id)s, 'silent',"
              " wall.today(), '', '', '', '', %(anna)s)",
    "a row": "UPDATE teams_delegationrow SET role = 'social_worker' WHERE authority_id = %(board)s",
    "a version": "UPDATE teams_delegationscheme SET valid_to = valid_from WHERE authority_id = %(board)s",
    "a watch": "INSERT INTO cases_clock (id, created_at, authority_id, case_id, kind, rule_id, subject_id, owner_id,"
               " due_on, warn_days, escalate_days, extension_ground, version) VALUES (gen_random_uuid(), now(),"
               " %(board)s, %(case)s, 'unexecuted', 'decision.unexecuted', %(id)s, %(anna)s, wall.today(), ARRAY[1], 1,"
               " '', 1)",
    "a notice": "INSERT INTO cases_notice (id, created_at, authority_id, about, subject_id, recipient_id,"
                " recipient_authority_id, about_on, tries) VALUES (gen_random_uuid(), now(), %(board)s, 'decision',"
                " %(id)s, %(leo)s, %(board)s, wall.today(), 0)",
    "another's log": "INSERT INTO audit_auditevent (id, created_at, authority_id, user_id, membership_id,"
                     " membership_authority_id, action, object_type, case_id, ground, details, request_id) VALUES"
                     " (gen_random_uuid(), now(), %(board)s, wall.usr(), %(me)s, %(house)s, 'x', '', %(another)s, '',"
                     " '[]', '')",
}  # fmt: skip


def everything(world):
    another = world.open_case(individual=world.person(name="En Annan"))
    decision, other = propose(world), propose(world, sent_to=world.maud)
    return decision, {
        "case": world.case.pk, "id": decision.pk, "other": other.pk, "friend": world.cilla.pk, "me": world.stina.pk,
        "house": world.soderhamn.pk, "board": world.bollnas.pk, "anna": world.anna.pk, "leo": world.leo.pk,
        "another": another.pk,
    }  # fmt: skip


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_nothing_else_moves_through_it(world, way):
    _decision, given = everything(world)
    assert not tried(world.stina, OTHER_WAYS[way], given)


@pytest.mark.parametrize("way, right", [("a notice", {"leo": "anna"}), ("another's log", {"another": "case"})])
def test_the_same_where_it_is_her_own(world, way, right):
    """It is the wall that refused, not a broken sentence."""
    _decision, given = everything(world)
    given |= {name: given[instead] for name, instead in right.items()}
    assert tried(world.stina, OTHER_WAYS[way], given) == 1


def test_the_number_is_told_to_those_who_decide_and_costs_nothing(world):
    decision, other = propose(world), propose(world, sent_to=world.maud)
    first, ask = f"B{today().year}-0001", "SELECT wall.next_decision_number(%s, %s)"
    asked = [(world.stina, decision, first)] * 2 + [(world.stina, other, None), (world.cilla, decision, None)]
    for who, row, wanted in asked:
        with acting(who), connection.cursor() as cursor:
            cursor.execute(ask, [row.pk, today().year])
            assert cursor.fetchone()[0] == wanted
    assert decide(world, decision).number == first
