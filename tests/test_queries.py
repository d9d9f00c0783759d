"""Thirty rows cost as many questions to the database as one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import operations as cases
from cases.areas import Area
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from teams import operations as teams
from teams.models import DELEGABLE
from tests.visits import Visit
from tests.world import today

MANY = 30


def in_days(number):
    return today() + timedelta(days=number)


def cost(visit, name, *ids):
    """(number of questions, size of the page), asked a second time so that the session and caches are warm."""
    assert visit.get(name, *ids).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = visit.get(name, *ids)
    return len(asked), len(page.content)


def assert_constant(visit, name, *ids, grow):
    few, small = cost(visit, name, *ids)
    grow()
    many, large = cost(visit, name, *ids)
    assert large > small + MANY * 20, "the rows are on the page"
    assert many == few, name


def more_cases(world, number=MANY - 1, **more):
    found = []
    for place in range(number):
        found.append(world.open_case(individual=world.person(name=f"Person {place} Efternamn", **more)))
    return found


def test_the_list(world):
    more_cases(world, 1)
    assert_constant(Visit(world.anna), "cases:list", grow=lambda: more_cases(world))


def test_the_list_with_sealed_names(world):
    more_cases(world, 1, protection="secrecy_mark")
    assert_constant(Visit(world.anna), "cases:list", grow=lambda: more_cases(world, protection="secrecy_mark"))


def test_the_search(world):
    def search():
        with CaptureQueriesContext(connection) as asked:
            page = visit.search("Efternamn")
        return len(asked), len(page.context["hits"])

    more_cases(world, 2)
    visit = Visit(world.leo)
    visit.search("Efternamn")
    few = search()
    more_cases(world)
    assert search() == (few[0], few[1] + MANY - 1)


def a_days_work(world, case):
    """One of everything that My day and the unit show."""
    with acting(world.anna):
        cases.save_note(by=world.anna, case=case, kind="call", event_on=today(), source="hon", fact="Ringde")
        cases.record_consent(by=world.anna, case=case, form="oral", taken_on=today(), ends_on=in_days(5))
        teams.appoint_coordinator(by=world.anna, case=case, membership=world.anna)
        teams.propose_decision(by=world.anna, case=case, kind="travel", what="Resa")
        cases.start_clock(
            by=world.anna, case=case, kind="follow_up", rule_id="plan.follow_up", subject_id=case.pk, owner=world.anna,
            due_on=in_days(3),
        )  # fmt: skip
        teams.invite_member(by=world.anna, case=case, membership=world.mika, function="mentor", reason="stöd")
    world.waiver(world.region, "health", case=case)
    member = world.join(world.sara, case=case)
    version = world.draft(case)
    with acting(world.anna):
        plans.request_section(by=world.anna, plan_version=version, member=member, area="health", question="Vad?")
    meeting(world, case, 3, member)


def meeting(world, case, days, member):
    with acting(world.anna):
        plans.call_meeting(
            by=world.anna, case=case, starts_at=timezone.now() + timedelta(days=days), place=f"Rum {days}", purpose="",
            members=[member],
        )  # fmt: skip


def workers_decide(world):
    rows = [
        {"number": str(place), "kind": kind, "law": "SoL", "role": Role.SOCIAL_WORKER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today(), rows=rows)


@pytest.fixture
def busy(world):
    """One case with a day's work in it, and how to make many more."""
    workers_decide(world)
    a_days_work(world, world.case)
    return lambda: [a_days_work(world, case) for case in more_cases(world)]


def test_what_lists_many_cases(world, busy):
    """My day, meetings, decisions, the contributor's page and the unit: all grow with the same thirty cases."""
    names = ["plans:my_day", "plans:meetings", "teams:decisions"]
    rooms = [(Visit(world.anna), name) for name in names] + [(Visit(world.maud), "teams:unit")]
    rooms += [(Visit(who), "plans:contributions") for who in (world.sara, world.mika)]
    few = [cost(visit, name) for visit, name in rooms]
    busy()
    many = [cost(visit, name) for visit, name in rooms]
    assert [after[0] for after in many] == [before[0] for before in few]
    assert all(after[1] > before[1] + MANY * 20 for before, after in zip(few, many, strict=True))


def staff(world):
    for place in range(MANY - 1):
        with acting(world.ragnar):
            who = add_member(
                by=world.ragnar, email=f"ny{place}@exempel.invalid", name=f"Ny Nummer {place}", role=Role.HEALTHCARE
            )
        yield who


def more_in_the_case(world, version):
    """A big team around one plan: members, goals with measures, sections, notes, consents, meetings, copies."""
    areas = list(Area)
    for place, who in enumerate(staff(world)):
        area, member = areas[place % len(areas)], world.join(who)
        in_the_plan(world, version, area, member, place)
        meeting(world, world.case, place + 1, member)
        world.waiver(world.region, area)


def in_the_plan(world, version, area, member, place):
    with acting(world.anna):
        goal = plans.add_goal(by=world.anna, plan_version=version, area=area, own_words=f"Mål {place}")
        plans.add_measure(
            by=world.anna, goal=goal, title=f"Insats {place}", principal_kind="social", principal=world.bollnas,
            responsible=member,
        )  # fmt: skip
        if not version.sections.filter(area=area, writer=member.membership).exists():
            plans.request_section(by=world.anna, plan_version=version, member=member, area=area, question="Vad?")
        note = cases.save_note(
            by=world.anna, case=world.case, kind="call", event_on=today(), source="hon", fact=f"Samtal {place}"
        )
        cases.sign_note(by=world.anna, case=world.case, note=note)
        cases.add_to_note(by=world.anna, case=world.case, note=note, kind="correction", text=f"Rättelse {place}")


def test_the_pages_of_one_case(world, busy):
    world.waiver(world.region, *Area.values)
    with acting(world.anna):
        version = world.case.plans.get().versions.get()
        member = world.case.team.get(membership=world.sara)
    in_the_plan(world, version, "health", member, 99)
    anna = Visit(world.anna)
    of_case = ["plans:person", "teams:team", "cases:notes", "cases:consents", "plans:meeting_new", "plans:copies"]
    of_case.append("plans:insight")
    of_plan = ["plans:version", "plans:section_request", "plans:measure_add"]
    rooms = [(name, world.case) for name in of_case] + [(name, version) for name in of_plan]
    few = {room[0]: cost(anna, *room) for room in rooms}
    more_in_the_case(world, version)
    many = {room[0]: cost(anna, *room) for room in rooms}
    assert {name: many[name][0] for name in many} == {name: few[name][0] for name in few}
    assert [name for name in few if many[name][1] < few[name][1] + MANY * 20] == []
