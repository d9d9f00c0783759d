"""Named × period × ended × case × emergency: who can read a place equals an oracle of its own, in each wall alone."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db.models.query import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as cases
from cases.models import PlaceText
from exitprogram.tenancy.acting import acting
from tests.connections import connected, logged_in_as

ALMOST_ALWAYS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def day(offset):
    return datetime.now(ZoneInfo("Europe/Stockholm")).date() + timedelta(days=offset)


starts = st.sampled_from([-40, -1, 0, 1, 30])
ends = st.sampled_from([-30, -1, 0, 1, 60, None])
periods = st.tuples(starts, ends).filter(lambda p: p[1] is None or p[1] >= p[0])
rows = st.fixed_dictionaries({"period": periods, "ended": st.booleans()})
grants = st.fixed_dictionaries({
    "period": periods, "ended": st.booleans(), "kind": st.sampled_from(["team", "named", "deputy", "emergency"]),
})  # fmt: skip


def once_without_end(drawn):
    """Two that stand without an end are one, says a constraint."""
    return sum(row["period"][1] is None and not row["ended"] for row in drawn) <= 1


situations = st.fixed_dictionaries({
    "readers": st.lists(rows, max_size=2).filter(once_without_end),
    "grants": st.lists(grants, max_size=2).filter(once_without_end),
    "who": st.sampled_from(["leo", "maud"]),
})  # fmt: skip


def today_in(row):
    start, end = row["period"]
    return not row["ended"] and start <= 0 and (end is None or end >= 0)


def may_read(situation):
    """The oracle: readers in force ∩ the case one's own today."""
    named = any(today_in(row) for row in situation["readers"])
    return named and any(today_in(row) and row["kind"] != "emergency" for row in situation["grants"])


@pytest.fixture(scope="module")
def place(standing):
    """A place in a case of Anna's. Leo and Maud are moved in and out by the owner: no operation can go back in time."""
    case = standing.open_case(individual=standing.person(name="Flyttad Person"))
    with acting(standing.anna):
        made = cases.add_place(by=standing.anna, case=case, kind="address", text="Kanariegatan 9")
        for who in (standing.leo, standing.maud):
            cases.grant_access(by=standing.anna, case=case, membership=who, kind="team", reason="Kanarieskäl")
    standing.answers(standing.leo, case), standing.answers(standing.maud, case)
    tables = ("cases_placereader", "cases_accessgrant")
    with connected("owner", autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield made, owner
        for table in tables:
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def period_of(row):
    start, end = row["period"]
    end = end if end is not None or row.get("kind") != "emergency" else 60
    return day(start), None if end is None else day(end), datetime.now(UTC) if row["ended"] else None


def arrange(standing, place, situation):
    made, owner = place
    who, anna = getattr(standing, situation["who"]), standing.anna.pk
    with owner.transaction():
        owner.execute("DELETE FROM cases_placereader WHERE place_id = %s AND membership_id <> %s", [made.pk, anna])
        owner.execute(
            "DELETE FROM cases_accessgrant WHERE content_object_id = %s AND membership_id <> %s", [made.case_id, anna]
        )
        for row in situation["readers"]:
            owner.execute(
                "INSERT INTO cases_placereader (id, created_at, authority_id, case_id, place_id, membership_id, reason,"
                " given_by_id, starts_on, ends_on, ended_at)"
                " VALUES (%s, now(), %s, %s, %s, %s, '', %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [uuid4(), made.authority_id, made.case_id, made.pk, who.pk, anna, *period_of(row)],
            )
        for row in situation["grants"]:
            until = datetime.now(UTC) + timedelta(minutes=30) if row["kind"] == "emergency" else None
            owner.execute(
                "INSERT INTO cases_accessgrant (id, created_at, authority_id, content_object_id, membership_id,"
                " user_id, permission_id, kind, reason, granted_by_id, until, starts_on, ends_on, ended_at)"
                " SELECT %s, now(), %s, %s, %s, %s, permission_id, %s, '', %s, %s, %s, %s, %s"
                " FROM cases_accessgrant LIMIT 1 ON CONFLICT DO NOTHING",
                [uuid4(), made.authority_id, made.case_id, who.pk, who.user_id, row["kind"], anna, until,
                 *period_of(row)],
            )  # fmt: skip
    return who


@ALMOST_ALWAYS
@given(situation=situations)
def test_the_database_alone(standing, place, situation):
    who = arrange(standing, place, situation)
    with acting(who):
        assert QuerySet(PlaceText).filter(place_id=place[0].pk).exists() == may_read(situation)


@ALMOST_ALWAYS
@given(situation=situations)
def test_python_alone(standing, place, situation):
    """As the role that no row security binds."""
    who = arrange(standing, place, situation)
    with logged_in_as("backup"), acting(who):
        assert PlaceText.objects.visible_to(who).filter(place_id=place[0].pk).exists() == may_read(situation)


NOW = {"period": (0, 0), "ended": False}
YES = {"who": "leo", "readers": [NOW], "grants": [{**NOW, "kind": "team"}]}
NO = [
    {**YES, "readers": []}, {**YES, "grants": []}, {**YES, "grants": [{**NOW, "kind": "emergency"}]},
    *({**YES, "readers": [{**NOW, **wrong}]} for wrong in ({"period": (1, 5)}, {"period": (-9, -1)}, {"ended": True})),
]  # fmt: skip


def test_the_oracle_knows_yes_from_no(standing, place):
    assert may_read(YES)
    assert [may_read(situation) for situation in NO] == [False] * len(NO)
    who = arrange(standing, place, YES)
    with acting(who):
        assert QuerySet(PlaceText).filter(place_id=place[0].pk).exists()


CLAUSES = [
    ("r.ended_at IS NULL", "true"), ("r.starts_on <= wall.today()", "true"),
    ("(r.ends_on IS NULL OR r.ends_on >= wall.today())", "true"), ("r.membership_id = me.id", "true"),
    ("r.case_id = ANY (me.cases)", "true"), ("wall.held_cases()", "wall.open_cases()"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "instead"), CLAUSES)
def test_no_condition_can_go_unnoticed(standing, place, clause, instead):
    """Each condition of the database's rule taken away in turn: some example above is then shown the address."""
    owner = place[1]
    whole = owner.execute("SELECT pg_get_functiondef('wall.read_places()'::regprocedure)").fetchone()[0]
    assert whole.count(clause) == 1
    owner.execute(whole.replace(clause, instead))
    try:
        shown = []
        for situation in NO:
            who = arrange(standing, place, situation)
            with acting(who):
                shown.append(QuerySet(PlaceText).filter(place_id=place[0].pk).exists())
        assert any(shown)
    finally:
        owner.execute(whole)
