"""What a page asks of the database: how many statements, whatever the number of rows; that what is prepared once says
what the ORM says; and that a list shown in part loses nothing."""

import inspect
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import access, assessments, door, finding, intake, open_list
from cases import operations as cases
from cases.models import Case, CaseNote, merge
from exitprogram.page.paging import STEP
from exitprogram.tenancy import middleware
from exitprogram.tenancy.acting import NoActing, acting, acting_as_user, going_on_as
from exitprogram.tenancy.prepared import looking
from plans import day, due, follow_ups, from_team, one_case, one_version
from plans import operations as plans
from tests.test_queries import a_days_work, more_cases, workers_decide
from tests.visits import Visit, sees, text_of
from tests.world import today

# Session, user, who asks, memberships and role are five of each; what is read is written down by one or two. A row here
# is changed by hand, downwards if at all.
STATEMENTS = {
    ("anna", "cases:list"): 10,
    ("anna", "plans:my_day"): 32,
    ("anna", "plans:person"): 35,
    ("anna", "plans:version"): 28,
    ("anna", "cases:notes"): 14,
    ("anna", "plans:meetings"): 12,
    ("anna", "teams:decisions"): 16,
    ("maud", "teams:unit"): 29,
    ("maud", "plans:my_day"): 33,
    ("sara", "plans:contributions"): 22,
}
ABOUT_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture
def busy(world):
    """Two cases with a day's work in each, and how to make many more."""
    workers_decide(world)
    a_days_work(world, world.case)
    with acting(world.anna):
        cases.sign_note(by=world.anna, case=world.case, note=CaseNote.objects.visible_to(world.anna).get())
        version = world.case.plans.get().versions.get()
        goal = plans.add_goal(by=world.anna, plan_version=version, area="health", own_words="Sova")
        for place, who in enumerate([None, None, world.case.team.get(membership=world.sara)]):
            plans.add_measure(
                by=world.anna, goal=goal, title=f"Insats {place}", principal_kind="social", principal=world.bollnas,
                responsible=who, starts_on=today(), ends_on=today() + timedelta(days=2 + place),
            )  # fmt: skip
    [a_days_work(world, case) for case in more_cases(world, 1)]
    return lambda: [a_days_work(world, case) for case in more_cases(world, 38)]


def statements(world):
    """{(who, page): how many}, each page asked a second time."""
    with acting(world.anna):
        version = world.case.plans.get().versions.get()
    of = {"plans:version": [version], "plans:person": [world.case], "cases:notes": [world.case]}
    found = {}
    for who, name in STATEMENTS:
        visit = Visit(getattr(world, who))
        assert visit.get(name, *of.get(name, [])).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            visit.get(name, *of.get(name, []))
        found[who, name] = sum(not q["sql"].startswith(ABOUT_TRANSACTIONS) for q in asked.captured_queries)
    return found


def test_the_table(world, busy):
    few = statements(world)
    busy()
    assert statements(world) == few == STATEMENTS


ROOMS = (
    day, due, from_team, one_case, one_version, follow_ups, open_list,
    door, finding, access, intake, assessments, merge,
)  # fmt: skip
PREPARED = [
    f for room in ROOMS for f in vars(room).values() if getattr(f, "build", None) and f.__module__ == room.__name__
]
PREPARED = list(dict.fromkeys(PREPARED))


def both_ways(function, by, *given):
    """The rows by the prepared statement, where a page looks and where it does not, and by the ORM."""
    orm = [row.pk for row in function.build(by, *given)]
    with looking():
        looked = [row.pk for row in function(by, *given)]
    return looked, [row.pk for row in function(by, *given)], orm


def test_what_is_prepared_says_what_the_orm_says(world, busy, monkeypatch):
    with acting(world.anna):
        version = world.case.plans.get().versions.get()
    ids = {"most": 3, "version": version.pk, "plan": version.plan_id, "person_id": world.case.individual_id}
    seen, people = {}, [world.anna, world.leo, world.maud, world.sara, world.cilla, world.mika]
    for ahead in (0, 3, 40):
        at = timezone.now() + timedelta(days=ahead)
        with monkeypatch.context() as later:
            later.setattr(timezone, "localdate", lambda value=None, at=at: timezone.localtime(value or at).date())
            later.setattr(timezone, "now", lambda at=at: at)
            for function in PREPARED:
                wanted = list(inspect.signature(function.build).parameters)[1:]
                given = [ids.get(name, world.case.pk) for name in wanted]
                for by in people:
                    with acting(by):
                        looked, asked, orm = both_ways(function, by, *given)
                    assert looked == asked == orm, (function.__name__, by.user.name, ahead)
                    seen[function.__name__] = seen.get(function.__name__, 0) + len(orm)
    assert {name for name, rows in seen.items() if not rows} <= ASKED_THERE


# Nothing in a day's work gives these a row: they are asked in the furnished world, by tests/test_prepared.py.
ASKED_THERE = {
    "known", "handed", "stuck", "declined", "left", "_proposed", "to_decide", "grounds",
    "_guarded", "_of_children", "_intake", "_last", "_urgent", "_about", "_with_threats",
}  # fmt: skip


def test_a_page_that_looks_asks_its_wall_once(world):
    with acting(world.anna), looking():
        list(Case.objects.visible_to(world.anna))
        with CaptureQueriesContext(connection) as asked:
            list(CaseNote.objects.visible_to(world.anna))
            list(Case.objects.visible_to(world.anna))
    assert len(asked) == 2 and "accessgrant" not in str([q["sql"] for q in asked.captured_queries])


def test_one_answer_is_nobody_elses(world):
    assert world.case
    with acting(world.anna), looking():
        assert Case.objects.visible_to(world.anna).exists()
        with acting(world.maud):
            assert not Case.objects.visible_to(world.maud).exists()
        assert not Case.objects.visible_to(world.maud).exists()


def test_what_is_ended_while_a_page_is_made_is_closed_by_the_database(world):
    opened = {"case": world.case, "membership": world.leo, "kind": "named"}
    with acting(world.anna):
        cases.grant_access(by=world.anna, reason="hjälp", **opened)
    with acting(world.leo), looking():
        assert Case.objects.visible_to(world.leo).filter(pk=world.case.pk).exists()
        with acting(world.anna):
            cases.end_access(by=world.anna, **opened)
        assert not Case.objects.visible_to(world.leo).filter(pk=world.case.pk).exists()


def test_only_what_looks_keeps_an_answer(world, monkeypatch):
    def told():
        raise AssertionError("looks")

    visit = Visit(world.anna)
    monkeypatch.setattr(middleware, "looking", told)
    assert visit.post("cases:search", q="Efternamn").status_code < 500
    with pytest.raises(AssertionError, match="looks"):
        visit.client.raise_request_exception = True
        visit.get("cases:list")


def test_nobody_goes_on_as_somebody_else(world):
    assert world.case
    with acting_as_user(world.anna.user), going_on_as(world.anna):
        assert Case.objects.visible_to(world.anna).exists()
    with acting_as_user(world.anna.user), pytest.raises(NoActing), going_on_as(world.leo):
        pass


def test_the_role_ends_with_the_block_around_it(world):
    with acting_as_user(world.anna.user), going_on_as(world.anna):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT (wall.me()).membership_id")
        assert cursor.fetchone() == (None,)


def clocks(world, number, *, first):
    with acting(world.anna):
        for place in range(number):
            case = world.open_case(individual=world.person(name=f"Person {place} Efternamn"))
            cases.start_clock(
                by=world.anna, case=case, kind="follow_up", rule_id="plan.follow_up", subject_id=case.pk,
                owner=world.anna, due_on=today() + timedelta(days=first + place % 9),
            )  # fmt: skip


def test_nothing_vanishes_from_my_day(world):
    clocks(world, STEP + 12, first=1)
    visit = Visit(world.anna)
    page = visit.get("plans:my_day")
    ahead = page.context["ahead"]
    assert (len(ahead), len(ahead.rows), ahead.left) == (STEP + 12, STEP, 12)
    days = [row.day for row in ahead]
    assert days == sorted(days) and max(days) < today() + timedelta(days=9), "what is soonest is shown"
    assert sees(page, f'<span class="count">{STEP + 12}</span>', "Visa fler", "12 till")
    more = re.search(r'class="button small" href="(\?kommande=\d+)#kommande"', text_of(page))[1]
    all_of_them = visit.client.get("/min-dag/" + more)
    assert len(all_of_them.context["ahead"].rows) == STEP + 12 and not sees(all_of_them, "Visa fler")


@pytest.mark.parametrize("asked", ["-1", "0", "abc", "1e9", "9" * 30, "²", "٣", ""])
def test_any_number_in_the_address(world, asked):
    assert len(Visit(world.anna).client.get("/min-dag/", {"forsenat": asked}).content) > 1000


def test_the_list_goes_on_where_it_left_off(world):
    more_cases(world, STEP + 7)
    visit, found, url = Visit(world.anna), [], "/personer/"
    for _ in range(2):
        page = visit.client.get(url)
        found.append([case.pk for case in page.context["cases"]])
        following = re.search(r'href="(\?efter=[0-9a-f-]{36})"', text_of(page))
        url = "/personer/" + following[1] if following else ""
    with acting(world.anna):
        everything = list(Case.objects.visible_to(world.anna).active().order_by("number").values_list("pk", flat=True))
    assert found[0] + found[1] == everything and [len(piece) for piece in found] == [STEP, len(everything) - STEP]
    assert url == "" and "Från början" in text_of(page)


def test_a_place_that_is_not_hers_begins_the_list(world):
    visit = Visit(world.anna)
    first = visit.get("cases:list").context["cases"]
    with acting(world.cilla):
        elsewhere = world.open_case(by=world.cilla)
    for after in (elsewhere.pk, "x", ""):
        assert [c.pk for c in visit.client.get("/personer/", {"efter": after}).context["cases"]] == [
            c.pk for c in first
        ]


MANY = ("open_cases", "held_cases", "working_cases", "open_individuals", "held_individuals", "joined_cases")


def test_no_policy_walks_an_array_of_cases(world):
    """``id = ANY (array)`` compares each row with each case of hers: for a coordinator with thousands that was most of
    every statement. ``IN (SELECT unnest(…))`` looks each row up."""
    assert world.case
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies")
        policies = cursor.fetchall()
    walked = re.compile(rf"ANY \(\( SELECT wall\.({'|'.join(MANY)})\(")
    assert [(table, name) for table, name, text in policies if walked.search(text)] == []
    assert any("unnest(( SELECT wall.open_cases()" in text for _table, _name, text in policies)


def test_what_is_planned_once_is_not_planned_anew(world):
    assert world.case
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
