"""Team × (waiver or ground in law) × area × day. What a guest sees of a plan equals an oracle of its own, in each wall
alone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as cases
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Goal, Measure, Section
from teams import operations as teams
from tests.connections import connected, logged_in_as

AREAS = ["health", "housing", "network"]
SHOWN = [Goal, Measure, Section]
ALMOST_ALWAYS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def day(offset):
    return datetime.now(ZoneInfo("Europe/Stockholm")).date() + timedelta(days=offset)


# Before, on, and after today; and with no end.
starts = st.sampled_from([-40, -1, 0, 1, 30])
ends = st.sampled_from([-30, -1, 0, 1, 60, None])
periods = st.tuples(starts, ends).filter(lambda p: p[1] is None or p[1] >= p[0])
waivers = st.fixed_dictionaries({
    "recipient": st.sampled_from(["region", "region", "partner", "soderhamn"]),
    "areas": st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True),
    "period": periods,
    "withdrawn": st.booleans(),
})  # fmt: skip
grounds = st.fixed_dictionaries({
    "recipient": st.sampled_from(["region", "region", "partner"]),
    "areas": st.lists(st.sampled_from(AREAS), min_size=1, max_size=2, unique=True),
    "period": periods.filter(lambda period: period[1] is not None),
    "ended": st.booleans(),
})  # fmt: skip
situations = st.fixed_dictionaries({
    "state": st.sampled_from(["joined", "joined", "joined", "invited", "declined", "ended"]),
    "team": periods,
    "membership": st.one_of(st.just((-90, None)), st.just((-90, 0)), st.just((-90, -1)), periods),
    "waivers": st.lists(waivers, max_size=3),
    "grounds": st.lists(grounds, max_size=2),
})  # fmt: skip


def covers_today(period):
    start, end = period
    return start <= 0 and (end is None or end >= 0)


def areas_seen(situation):
    """The oracle: said from the drawn facts, without a row or a query."""
    if situation["state"] != "joined" or not covers_today(situation["team"]):
        return set()
    return {
        area
        for waiver in situation["waivers"]
        if waiver["recipient"] == "region" and not waiver["withdrawn"] and covers_today(waiver["period"])
        for area in waiver["areas"]
    } | {
        area
        for ground in situation["grounds"]
        if ground["recipient"] == "region" and not ground["ended"] and covers_today(ground["period"])
        for area in ground["areas"]
    }  # fmt: skip


@pytest.fixture(scope="module")
def shared(standing):
    """A case of Anna's with a goal, a measure and a section in every area, and Sara in its team. The case's rows are
    made once; each example moves the facts about it, as the owner, since no operation can go back in time."""
    case = standing.open_case(individual=standing.person(name="Delad Person"))
    guest = standing.nils
    with acting(standing.anna):
        member = teams.invite_member(by=standing.anna, case=case, membership=guest, function="vård", reason="behövs")
        version = plans.start_plan(by=standing.anna, case=case)
        for area in AREAS:
            goal = plans.add_goal(by=standing.anna, plan_version=version, area=area, own_words=area)
            plans.add_measure(
                by=standing.anna, goal=goal, title=area, principal_kind="social", principal=standing.bollnas,
            )  # fmt: skip
            waiver = cases.record_waiver(
                by=standing.anna, case=case, recipient=standing.region, areas=[area], form="oral", taken_on=day(0)
            )
            plans.request_section(by=standing.anna, plan_version=version, member=member, area=area, question="?")
            cases.withdraw_consent(by=standing.anna, case=case, consent=waiver)
    with connected("owner", autocommit=True) as owner:
        tables = ("teams_teammember", "cases_consent", "cases_secrecyexception", "tenancy_membership")
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield case, member, owner
        owner.execute("UPDATE tenancy_membership SET starts_on = %s, ends_on = NULL WHERE id = %s", [day(0), guest.pk])
        for table in tables:
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def period_of(pair):
    return day(pair[0]), None if pair[1] is None else day(pair[1])


def arrange(standing, shared, situation):
    case, member, owner = shared
    with owner.transaction():
        owner.execute(
            "UPDATE teams_teammember SET state = %s, starts_on = %s, ends_on = %s, end_reason = 'x' WHERE id = %s",
            [situation["state"], *period_of(situation["team"]), member.pk],
        )
        owner.execute("DELETE FROM cases_consent WHERE case_id = %s", [case.pk])
        owner.execute("DELETE FROM cases_secrecyexception WHERE case_id = %s", [case.pk])
        owner.execute(
            "UPDATE tenancy_membership SET starts_on = %s, ends_on = %s WHERE id = %s",
            [*period_of(situation["membership"]), standing.nils.pk],
        )
        for waiver in situation["waivers"]:
            owner.execute(
                "INSERT INTO cases_consent (id, created_at, authority_id, case_id, kind, recipient_id, areas,"
                " not_covering, starts_on, ends_on, form, taken_on, taken_by_id, withdrawn_at, withdrawn_by_id,"
                " given_by)"
                " VALUES (gen_random_uuid(), now(), %s, %s, 'waiver', %s, %s, '', %s, %s, 'oral', %s, %s, %s, NULL,"
                " 'self')",
                [case.authority_id, case.pk, getattr(standing, waiver["recipient"]).pk, waiver["areas"],
                 *period_of(waiver["period"]), day(-50), standing.anna.pk,
                 datetime.now(ZoneInfo("UTC")) if waiver["withdrawn"] else None],
            )  # fmt: skip

        for ground in situation["grounds"]:
            owner.execute(
                "INSERT INTO cases_secrecyexception (id, created_at, authority_id, case_id, recipient_id, areas,"
                " rule_id, reason, starts_on, ends_on, decided_by_id, ended_at, ended_by_id, replaced_by_id)"
                " VALUES (gen_random_uuid(), now(), %s, %s, %s, %s, 'secrecy.exception.social_young', 'x', %s, %s, %s,"
                " %s, NULL, NULL)",
                [case.authority_id, case.pk, getattr(standing, ground["recipient"]).pk, ground["areas"],
                 *period_of(ground["period"]), standing.anna.pk,
                 datetime.now(ZoneInfo("UTC")) if ground["ended"] else None],
            )  # fmt: skip


@ALMOST_ALWAYS
@given(situation=situations)
def test_the_database_alone(standing, shared, situation):
    arrange(standing, shared, situation)
    expected = areas_seen(situation) if covers_today(situation["membership"]) else set()
    with acting(standing.nils):
        for model in SHOWN:
            seen = model._base_manager.filter(case_id=shared[0].pk).values_list("area", flat=True)
            assert sorted(seen) == sorted(expected), model


@ALMOST_ALWAYS
@given(situation=situations)
def test_python_alone(standing, shared, situation):
    """As the role no row security binds. The membership's own period is asked at the door, by the middleware."""
    arrange(standing, shared, situation)
    with logged_in_as("backup"), acting(standing.nils):
        for model in SHOWN:
            seen = model.objects.visible_to(standing.nils).filter(case_id=shared[0].pk)
            assert sorted(seen.values_list("area", flat=True)) == sorted(areas_seen(situation)), model


COVERED = {"recipient": "region", "areas": ["health"], "period": (0, 0), "withdrawn": False}
LAWFUL = {"recipient": "region", "areas": ["health"], "period": (0, 0), "ended": False}
YES = {"state": "joined", "team": (0, 0), "membership": (-90, None), "waivers": [COVERED], "grounds": []}
YES_BY_LAW = {**YES, "waivers": [], "grounds": [LAWFUL]}
NO = [
    {**YES, "state": "invited"}, {**YES, "team": (1, None)}, {**YES, "team": (-9, -1)},
    *({**YES, "waivers": [{**COVERED, **wrong}]} for wrong in (
        {"recipient": "partner"}, {"period": (1, 5)}, {"period": (-9, -1)}, {"withdrawn": True})),
    *({**YES_BY_LAW, "grounds": [{**LAWFUL, **wrong}]} for wrong in (
        {"recipient": "partner"}, {"period": (1, 5)}, {"period": (-9, -1)}, {"ended": True})),
]  # fmt: skip


def test_the_oracle_knows_yes_from_no():
    assert areas_seen(YES) == areas_seen(YES_BY_LAW) == {"health"}
    assert [areas_seen(situation) for situation in NO] == [set()] * len(NO)


CLAUSES = [
    ("wall.joined_cases()", "t.state = 'joined'"), ("wall.joined_cases()", "t.starts_on <= wall.today()"),
    ("wall.joined_cases()", "(t.ends_on IS NULL OR t.ends_on >= wall.today())"),
    ("wall.shared()", "w.recipient_id = me.authority"), ("wall.covers(uuid[])", "w.withdrawn_at IS NULL"),
    ("wall.covers(uuid[])", "w.starts_on <= wall.today()"),
    ("wall.covers(uuid[])", "(w.ends_on IS NULL OR w.ends_on >= wall.today())"),
    ("wall.covers(uuid[])", "e.ended_at IS NULL"), ("wall.covers(uuid[])", "e.starts_on <= wall.today()"),
    ("wall.covers(uuid[])", "e.ends_on >= wall.today()"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "clause"), CLAUSES)
def test_no_condition_can_go_unnoticed(standing, shared, function, clause):
    """Each condition of the database's rule taken away in turn: some example above then shows too much."""
    owner = shared[2]
    whole = owner.execute("SELECT pg_get_functiondef(%s::regprocedure)", [function]).fetchone()[0]
    assert whole.count(clause) == 1
    owner.execute(whole.replace(clause, "true"))
    try:
        shown = set()
        for situation in NO:
            arrange(standing, shared, situation)
            with acting(standing.nils):
                shown |= set(Goal._base_manager.filter(case_id=shared[0].pk).values_list("area", flat=True))
        assert shown == {"health"}
    finally:
        owner.execute(whole)
