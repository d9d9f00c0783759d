"""Grants × emergencies × blocks × time: what opens equals an oracle of its own, in each wall alone; and no sequence of
the product's own operations opens a case to somebody who is blocked, or for longer than an hour."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases import operations as cases
from cases.models import AccessBlock, Case
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import TeamMember
from tests.connections import connected, logged_in_as
from tests.test_sharing import ALMOST_ALWAYS, covers_today, day, periods

KINDS = ["worker", "coordinator", "deputy", "team", "named"]
grants = st.fixed_dictionaries({
    "kind": st.sampled_from(KINDS), "period": periods, "ended": st.booleans(), "until": st.none(),
})  # fmt: skip
hours = st.fixed_dictionaries({
    "kind": st.just("emergency"), "period": st.just((-1, 1)), "ended": st.booleans(),
    "until": st.sampled_from([-3600, -60, 60, 3599]),  # seconds from now
})  # fmt: skip
blocks = st.fixed_dictionaries({"who": st.sampled_from(["leo", "leo", "per"]), "lifted": st.booleans(),
                                "case": st.sampled_from(["this", "other"])})  # fmt: skip
situations = st.fixed_dictionaries({
    "answered": st.booleans(),  # that she does not know the person
    "grants": st.lists(st.one_of(grants, hours), max_size=3),
    "blocks": st.lists(blocks, max_size=2, unique_by=lambda b: (b["who"], b["case"])),
})  # fmt: skip


def opens(grant):
    return covers_today(grant["period"]) and not grant["ended"] and (grant["until"] is None or grant["until"] > 0)


def expected(situation):
    """(open, held), said from the drawn facts without a row or a query."""
    if any(b["who"] == "leo" and not b["lifted"] for b in situation["blocks"]):
        return False, False
    live = [g for g in situation["grants"] if opens(g)]
    live = [g for g in live if situation["answered"] or g["kind"] in ("named", "emergency")]
    return bool(live), any(g["kind"] != "emergency" for g in live)


@pytest.fixture(scope="module")
def facts(standing):
    """Two cases of one person; the rows about the first are moved by the owner: no operation goes back in time."""
    person = standing.person(name="Två Program")
    this = standing.open_case(individual=person)
    other = standing.open_case(individual=person, programme="child")
    with acting(standing.anna):
        permission = cases.grant_access(
            by=standing.anna, case=this, membership=standing.maud, kind="named", reason="mall"
        ).permission_id
    with connected("owner", autocommit=True) as owner:
        tables = ("cases_accessgrant", "cases_accessblock", "cases_conflictanswer")
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield this, other, permission, owner
        owner.execute("DELETE FROM cases_accessblock")
        owner.execute("DELETE FROM cases_conflictanswer WHERE case_id = %s", [this.pk])
        for table in tables:
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY; ALTER TABLE {table} ENABLE TRIGGER USER")


def arrange(standing, facts, situation):
    this, other, permission, owner = facts
    leo = standing.leo
    with owner.transaction():
        owner.execute("DELETE FROM cases_accessgrant WHERE membership_id = %s", [leo.pk])
        owner.execute("DELETE FROM cases_accessblock")
        owner.execute("DELETE FROM cases_conflictanswer WHERE case_id = %s", [this.pk])
        if situation["answered"]:
            owner.execute(
                "INSERT INTO cases_conflictanswer (id, created_at, authority_id, case_id, membership_id, knows, day)"
                " VALUES (gen_random_uuid(), now(), %s, %s, %s, false, current_date)",
                [this.authority_id, this.pk, leo.pk],
            )
        for place, grant in enumerate(situation["grants"]):
            start, end = grant["period"]
            timed = grant["until"] is not None
            owner.execute(
                "INSERT INTO cases_accessgrant (id, created_at, authority_id, content_object_id, membership_id,"
                " user_id, permission_id, kind, reason, starts_on, ends_on, until, ended_at, granted_by_id)"
                " VALUES (gen_random_uuid(), now(), %s, %s, %s, %s, %s, %s, '', %s, %s,"
                " CASE WHEN %s THEN now() + make_interval(secs => %s) END, CASE WHEN %s THEN now() END, %s)",
                [this.authority_id, this.pk, leo.pk, leo.user_id, permission, grant["kind"], day(start),
                 day(end if end is not None else 900 + place), timed, grant["until"] or 0, grant["ended"],
                 standing.anna.pk],
            )  # fmt: skip
        for row in situation["blocks"]:
            owner.execute(
                "INSERT INTO cases_accessblock (id, created_at, authority_id, case_id, user_id, kind, reason,"
                " set_by_id, ended_at, ended_by_id, end_reason)"
                " VALUES (gen_random_uuid(), now(), %s, %s, %s, 'kin', 'x', %s,"
                " CASE WHEN %s THEN now() END, CASE WHEN %s THEN %s::uuid END, '')",
                [this.authority_id, (this if row["case"] == "this" else other).pk,
                 getattr(standing, row["who"]).user_id, standing.anna.pk, row["lifted"], row["lifted"],
                 standing.anna.pk],
            )  # fmt: skip


@ALMOST_ALWAYS
@given(situation=situations)
def test_the_database_alone(standing, facts, situation):
    arrange(standing, facts, situation)
    with acting(standing.leo):
        seen = Case._base_manager.filter(pk=facts[0].pk).exists()
        with transaction.atomic():
            written = Case._base_manager.filter(pk=facts[0].pk).update(version=1) == 1
    assert (seen, written) == expected(situation)


@ALMOST_ALWAYS
@given(situation=situations)
def test_python_alone(standing, facts, situation):
    arrange(standing, facts, situation)
    with logged_in_as("backup"), acting(standing.leo):
        case = Case.objects.filter(pk=facts[0].pk)
        seen = case.visible_to(standing.leo).exists(), case.held_by(standing.leo).exists()
    assert seen == expected(situation)


# Sequences of the product's own acts

STEPS = [
    "grant",
    "team",
    "leave",
    "coordinate",
    "emergency",
    "end emergency",
    "end grant",
    "block",
    "lift",
    "no",
    "yes",
]


def step(world, case, name, leo):
    anna = world.anna
    acts = {
        "grant": lambda: cases.grant_access(by=anna, case=case, membership=leo, kind="named", reason="x"),
        "team": lambda: teams.invite_member(by=anna, case=case, membership=leo, function="stöd", reason="x"),
        "leave": lambda: teams.leave_team(
            by=anna, case=case, reason="x", member=TeamMember.objects.get(case=case, membership=leo, state="joined")
        ),
        "coordinate": lambda: teams.appoint_coordinator(by=anna, case=case, membership=leo, kind="deputy"),
        "emergency": lambda: cases.open_in_emergency(by=leo, number=case.number, reason="life", reason_text="x"),
        "end emergency": lambda: cases.end_emergency(by=leo, emergency=leo.last) if leo.last else None,
        "end grant": lambda: cases.end_access(by=anna, case=case, membership=leo, kind="named"),
        "block": lambda: cases.block_access(by=anna, case=case, user=leo.user, kind="kin", reason="x"),
        "no": lambda: teams.answer_conflict(by=leo, case_id=case.pk, knows=False),
        "yes": lambda: teams.answer_conflict(by=leo, case_id=case.pk, knows=True),
        "lift": lambda: cases.lift_block(
            by=anna, case=case, reason="x", block=AccessBlock.objects.standing().get(case=case)
        ),
    }
    by = leo if "emergency" in name or name in ("no", "yes") else anna
    try:
        with transaction.atomic(), acting(by):
            return acts[name]()
    except (Refused, ObjectDoesNotExist, DatabaseError):
        return None


@ALMOST_ALWAYS
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=8))
def test_no_sequence_opens_what_is_blocked(world, steps):
    with transaction.atomic():
        _follow(world, steps)
        transaction.set_rollback(True)


def _follow(world, steps):
    case = world.open_case(individual=world.person(name="Följd Person"))
    world.leo.last, blocked, named, team, deputy, until = None, False, False, False, False, None
    answered = False
    for name in steps:
        made = step(world, case, name, world.leo)
        if name == "emergency" and made is not None and made.emergency:
            world.leo.last, until = made.emergency, made.emergency.until
        named = (named or (name == "grant" and made is not None)) and name != "end grant"
        team = (team or (name == "team" and made is not None)) and not (name == "leave" and made is not None)
        deputy = deputy or (name == "coordinate" and made is not None)
        until = None if name == "end emergency" else until
        answered = answered or (name in ("no", "yes") and made is not None)
        if name in ("block", "yes") and made is not None:
            blocked, named, team, deputy, until = True, False, False, False, None
        blocked = blocked and not (name == "lift" and made is not None)
        with acting(world.leo):
            python = Case.objects.visible_to(world.leo).filter(pk=case.pk).exists()
            database = Case._base_manager.filter(pk=case.pk).exists()
            held = Case.objects.held_by(world.leo).filter(pk=case.pk).exists()
        lasting = named or (answered and (team or deputy))
        in_time = until is not None and until > timezone.now() and until <= timezone.now() + timedelta(minutes=60)
        assert python == database == (not blocked and (lasting or in_time)), (steps, name)
        assert held == (not blocked and lasting), (steps, name)
